#include "sql/catalogue.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir::sql {

Acl built_in_acl(ObjectClass object_class, RoleId owner, ServerVersion version) {
  Acl acl;
  const PrivilegeSet of_public = public_privileges_of(object_class);
  if (!of_public.is_empty()) acl.push_back({owner, kPublic, of_public, {}});
  // Columns have none of their own: their table's privileges cover them.
  if (object_class != ObjectClass::kColumn) {
    acl.push_back({owner, owner, privileges_of(object_class, version), {}});
  }
  return acl;
}

const Role* Catalogue::role(RoleId id) const {
  const auto found = std::lower_bound(roles.begin(), roles.end(), id,
                                      [](const Role& role, RoleId key) { return role.id < key; });
  return found != roles.end() && found->id == id ? &*found : nullptr;
}

const Role* Catalogue::role_named(std::string_view name) const {
  const auto found =
      std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.name == name; });
  return found == roles.end() ? nullptr : &*found;
}

std::string Catalogue::name_of(RoleId id) const {
  if (id == kPublic) return "PUBLIC";
  const Role* found = role(id);
  return found == nullptr ? fmt::format("role {}", id) : found->name;
}

const ObjectGroup* Catalogue::group_of(ObjectClass object_class, std::string_view schema,
                                       std::string_view table, std::string_view name) const {
  for (const ObjectGroup& group : groups) {
    const bool is_there =
        group.object_class == object_class && group.schema == schema && group.table == table &&
        std::binary_search(group.names.begin(), group.names.end(), name, std::less<>());
    if (is_there) return &group;
  }
  return nullptr;
}

RoleId Catalogue::database_owner() const {
  for (const ObjectGroup& group : groups) {
    if (group.object_class == ObjectClass::kDatabase) return group.owner;
  }
  return 0;
}

}  // namespace weir::sql
