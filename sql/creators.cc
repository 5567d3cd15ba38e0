#include "sql/creators.h"

#include <algorithm>
#include <set>

#include "sql/membership.h"

namespace weir::sql {
namespace {

/// Roles of PostgreSQL itself, which nobody logs in as.
bool is_predefined(const Role& role) {
  return role.name.starts_with("pg_");
}

}  // namespace

std::vector<RoleId> creators_in(const Catalogue& catalogue, std::string_view schema,
                                const Acl& acl) {
  std::set<RoleId> direct;
  std::set<RoleId> makers;
  std::set<RoleId> creators;
  const ObjectGroup* place = catalogue.group_of(ObjectClass::kSchema, "", "", schema);
  if (place == nullptr) return {};
  direct.insert(place->owner);
  for (const AclEntry& entry : acl) {
    if (entry.privileges.has(Privilege::kCreate)) direct.insert(entry.grantee);
  }
  for (const ObjectGroup& group : catalogue.groups) {
    if (group.schema == schema && !group.is_of_extension) makers.insert(group.owner);
  }
  const bool is_open = direct.contains(kPublic);
  for (const Role& role : catalogue.roles) {
    if (!role.can_login || direct.contains(role.id)) continue;
    if (is_open) creators.insert(role.id);
    const auto reached = reachable_roles(catalogue, role.id, Reach::kInherited);
    const bool inherits =
        std::any_of(reached.begin(), reached.end(), [&](RoleId id) { return direct.contains(id); });
    if (inherits) creators.insert(role.id);
  }
  makers.insert(direct.begin(), direct.end());
  creators.insert(makers.begin(), makers.end());
  std::vector<RoleId> result;
  for (const RoleId id : creators) {
    const Role* role = catalogue.role(id);
    const bool is_everywhere = role != nullptr && role->is_superuser && !makers.contains(id);
    if (role != nullptr && !is_everywhere && !is_predefined(*role)) result.push_back(id);
  }
  return result;
}

}  // namespace weir::sql
