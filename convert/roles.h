// Roles inside a server, as tools that know only SQL have them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "convert/manifest_tree.h"
#include "convert/notes.h"

namespace weir::convert {

struct Membership {
  std::string in = {};  ///< the name of the other role inside Postgres
  bool is_admin = false;
  std::optional<bool> inherits = {};
};

struct RoleFacts {
  Spot spot = {};
  std::string name = {};   ///< inside Postgres
  std::string label = {};  ///< what its author calls it; empty: like its name
  bool logs_in = false;
  bool has_password = false;
  std::string password_from = {};  ///< the environment variable that has it, when that is known
  std::vector<std::string> attributes = {};
};

class Roles {
 public:
  /// Knows the roles that `manifest` has at `server` already.
  Roles(Document& manifest, Path server, Notes& notes);

  void declare(const RoleFacts& role);
  /// The key for a name inside Postgres; of users and service principals that nobody declares, a
  /// role is made.
  std::string key_of(const std::string& name, const Spot& spot);
  void add_membership(const std::string& member_name, const Membership& membership,
                      const Spot& spot);

 private:
  Document& fields_of(const std::string& key);
  std::string free_key(const std::string& wanted) const;
  void allow_passwords(const Spot& spot);
  void write_login(const RoleFacts& role, const std::string& key);

  Document& manifest_;
  Path server_;
  Notes& notes_;
  std::map<std::string, std::string> keys_;  // by name inside Postgres
  std::set<std::string> declared_;           // keys
};

/// Whether a name inside Postgres is that of a user, or of a service principal.
bool is_user_name(std::string_view name);
bool is_application_id(std::string_view name);

}  // namespace weir::convert
