// Which workspace, and as whom: what was given explicitly, then the environment, then a profile.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/secret.h"
#include "providers/http/profiles.h"

namespace weir::http {

/// The value of an environment variable, "" when it is not set.
using Environment = std::function<std::string(const std::string& name)>;
Environment process_environment();

/// What a manifest or a plan asks for. Such a file may come from strangers: it chooses among the
/// caller's own profiles and says which workspace it is for, but never where credentials go.
struct Suggestion {
  std::string origin = {};  ///< "the manifest", for messages
  std::string host = {};
  std::string profile = {};
};

/// The caller is connected to another workspace than a file is for.
class WrongWorkspace : public ConfigurationError {
 public:
  using ConfigurationError::ConfigurationError;
};

/// Every setting with the place it came from. Values are secrets until somebody asks by name.
class Configuration {
 public:
  bool has(std::string_view attribute) const;
  /// The value of an attribute that is no secret; "" when it is not set.
  std::string text(std::string_view attribute) const;
  Secret secret(std::string_view attribute) const;
  /// "DATABRICKS_TOKEN", "profile prod of /home/jane/.databrickscfg", "-profile"; "" when not set.
  std::string origin(std::string_view attribute) const;
  /// A whole or decimal number. Throws ConfigurationError when it is none.
  double number(std::string_view attribute, double when_absent) const;

  /// "https://example.cloud.databricks.com".
  const std::string& host() const { return host_; }
  /// Empty when nobody said it.
  std::string workspace_id() const { return text("workspace_id"); }
  /// The file of trusted certificates that the environment names; "" for the system's.
  const std::string& authorities() const { return authorities_; }
  const Environment& environment() const { return environment_; }

  /// Fills an attribute that is still empty.
  void fill(std::string_view attribute, const Secret& value, const std::string& origin);

 private:
  friend Configuration resolve_configuration(const std::map<std::string, std::string>& given,
                                             Environment environment, const Suggestion& suggestion);
  struct Setting {
    Secret value;
    std::string origin;
  };

  void fill_from_environment();
  bool needs_profile() const;
  std::string known_credential() const;
  Profiles read_profiles();
  void fill_from_profile();
  std::string choose_profile(const Profiles& profiles) const;
  std::string profile_for_host(const Profiles& profiles) const;
  void check_profile(const std::map<std::string, Secret>& profile, const std::string& origin) const;
  void check_suggestion() const;
  void resolve_host();
  void check_methods() const;

  std::map<std::string, Setting, std::less<>> settings_;
  std::string host_;
  std::string authorities_;
  std::string profiles_file_;
  std::string missing_file_;  ///< of profiles, when it was looked for in vain
  Suggestion suggestion_;
  Environment environment_;
};

/// `given` is by attribute name ("host", "profile"), from flags. Throws ConfigurationError.
Configuration resolve_configuration(const std::map<std::string, std::string>& given,
                                    Environment environment, const Suggestion& suggestion = {});

}  // namespace weir::http
