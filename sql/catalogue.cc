#include "sql/catalogue.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir::sql {
namespace {

void add_all(Acl& acl, const Acl& more) {
  for (const AclEntry& entry : more) {
    const auto twin = std::ranges::find_if(acl, [&](const AclEntry& other) {
      return other.grantor == entry.grantor && other.grantee == entry.grantee;
    });
    if (twin == acl.end()) {
      acl.push_back(entry);
    } else {
      twin->privileges |= entry.privileges;
      twin->grantable |= entry.grantable;
    }
  }
}

}  // namespace

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

void remove_table(Catalogue& catalogue, std::string_view schema, std::string_view name) {
  for (ObjectGroup& group : catalogue.groups) {
    const bool is_table = group.object_class == ObjectClass::kTable && group.schema == schema;
    if (is_table) std::erase(group.names, name);
  }
  std::erase_if(catalogue.groups, [&](const ObjectGroup& group) {
    const bool is_column =
        group.object_class == ObjectClass::kColumn && group.schema == schema && group.table == name;
    return is_column || group.names.empty();
  });
  const auto is_of_it = [&](const auto& each) {
    return each.schema == schema && each.table == name;
  };
  std::erase_if(catalogue.own_indexes, is_of_it);
  std::erase_if(catalogue.comments, is_of_it);
}

Acl acl_of_new(const Catalogue& catalogue, ObjectClass object_class, std::string_view schema,
               RoleId owner) {
  Acl acl = built_in_acl(object_class, owner, catalogue.version);
  const auto each = [&](auto call) {
    for (const DefaultAcl& entry : catalogue.default_acls) {
      if (entry.creator == owner && entry.object_class == object_class) call(entry);
    }
  };
  each([&](const DefaultAcl& entry) {
    if (!entry.schema) acl = entry.acl;
  });
  each([&](const DefaultAcl& entry) {
    if (entry.schema == schema) add_all(acl, entry.acl);
  });
  std::ranges::sort(acl);
  return acl;
}

void add_table(Catalogue& catalogue, std::string_view schema, std::string_view name, RoleId owner) {
  const auto is_about = [&](const DefaultAcl& entry) {
    return entry.creator == owner && entry.object_class == ObjectClass::kTable;
  };
  catalogue.groups.push_back(
      {.object_class = ObjectClass::kTable,
       .schema = std::string(schema),
       .owner = owner,
       .acl = acl_of_new(catalogue, ObjectClass::kTable, schema, owner),
       .is_built_in_acl = std::ranges::none_of(catalogue.default_acls, is_about),
       .names = {std::string(name)}});
}

}  // namespace weir::sql
