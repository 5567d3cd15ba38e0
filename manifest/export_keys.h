// Under which keys an export writes what exists.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/kind.h"
#include "core/observations.h"
#include "manifest/export_insides.h"

namespace weir {

class ExportedKeys {
 public:
  /// What gets no key goes to `left_out`, each with the reason. All of them must live as long.
  ExportedKeys(const Observations& observations, const Catalogue& catalogue,
               const ExportedInsides& insides, std::vector<std::string>& left_out);

  /// Gives every member of `kind` in `parent` its key: ids and names as they are, roles an alias
  /// made from their name.
  void name_members(const Kind& kind, const std::string& parent);
  /// By remote name; "" when it cannot be declared.
  const std::string& of(const std::string& name) const;
  inside::KeysOfRoles of_roles(const std::string& branch);
  /// The name of the app that the role is of; "" when it is of none.
  std::string app_of(const Observed& role) const;
  /// How a plain role logs in: what the API does not say, its database may have shown.
  std::string method_of(const Observed& role) const;

 private:
  static bool is_plain(const Observed& role);
  std::string alias_of(const Observed& role, const std::set<std::string>& taken) const;
  bool can_be_declared(const Observed& role) const;
  bool can_be_written(const Observed& member, const std::string& key) const;
  void leave_out(const Observed& member, const std::string& why) const;

  const Observations& observations_;
  const Catalogue& catalogue_;
  const ExportedInsides& insides_;
  std::vector<std::string>& left_out_;
  std::set<std::pair<const Kind*, std::string>> named_ = {};  // members of these have their keys
  std::map<std::string, std::string> keys_ = {};
  std::map<std::string, std::string> apps_ = {};  // by their service principals
};

}  // namespace weir
