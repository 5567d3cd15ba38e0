// Which roles may be named inside the databases of a branch, by their keys in the manifest.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "manifest/manifest.h"

namespace weir::inside {

/// The roles of all branches. A branch has those that it declares and those of the branch that it
/// comes from, which a copy brings along.
class Aliases {
 public:
  explicit Aliases(const std::vector<Declaration>& declarations);

  /// Null when no role has the alias.
  const Declaration* find(const Address& branch, std::string_view alias) const;
  /// "did you mean …", or where roles are declared.
  std::string hint(const Address& branch, std::string_view alias) const;

 private:
  struct Branch {
    std::unordered_map<std::string, const Declaration*> roles = {};
    Address source = {};  ///< the root when it comes from nothing that is declared
  };

  /// Calls `visit` with the branch and those that it comes from, until it says true.
  template <typename Visit>
  void visit_line(const Address& branch, const Visit& visit) const;

  std::unordered_map<Address, Branch> branches_;
  mutable std::size_t comparisons_ = 0;
};

/// The role by which the service lets its users do nearly everything.
inline constexpr std::string_view kSuperusers = "databricks_superuser";
/// Whether PostgreSQL or the service has a role of this name for itself, which stands for itself.
bool is_own_role(std::string_view name);
/// Whether a key means somebody else than the role of this name: everybody, or one of those.
bool hides_another(std::string_view key, std::string_view name);

}  // namespace weir::inside
