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

/// The owner of a schema, and whom it gives CREATE.
std::set<RoleId> allowed(const ObjectGroup& schema, const Acl& acl) {
  std::set<RoleId> roles = {schema.owner};
  for (const AclEntry& entry : acl) {
    if (entry.privileges.has(Privilege::kCreate)) roles.insert(entry.grantee);
  }
  return roles;
}

bool inherits_from(const Catalogue& catalogue, RoleId member, const std::set<RoleId>& roles) {
  return std::ranges::any_of(reachable_roles(catalogue, member, Reach::kInherited),
                             [&](RoleId id) { return roles.contains(id); });
}

}  // namespace

std::vector<RoleId> creators_in(const Catalogue& catalogue, std::string_view schema,
                                const Acl& acl) {
  const ObjectGroup* place = catalogue.group_of(ObjectClass::kSchema, "", "", schema);
  if (place == nullptr) return {};
  const std::set<RoleId> direct = allowed(*place, acl);
  std::set<RoleId> makers = direct;
  for (const ObjectGroup& group : catalogue.groups) {
    if (group.schema == schema && !group.is_of_extension) makers.insert(group.owner);
  }
  std::vector<RoleId> creators;
  for (const Role& role : catalogue.roles) {
    const auto may = [&] {
      return role.can_login && !role.is_superuser &&
             (direct.contains(kPublic) || inherits_from(catalogue, role.id, direct));
    };
    if (!is_predefined(role) && (makers.contains(role.id) || may())) creators.push_back(role.id);
  }
  return creators;
}

}  // namespace weir::sql
