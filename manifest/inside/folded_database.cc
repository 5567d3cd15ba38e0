#include "manifest/inside/folded_database.h"

#include <algorithm>
#include <set>

#include "manifest/inside/aliases.h"
#include "sql/creators.h"
#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

constexpr std::string_view kOfService = "databricks_";
constexpr std::string_view kOfPostgres = "pg_";

/// As the draft of a plan does it: whose default privileges weir can set.
std::set<sql::RoleId> inferred_creators(const sql::Draft& draft, const std::string& schema,
                                        const sql::Acl& acl) {
  std::set<sql::RoleId> creators;
  for (const sql::RoleId role : sql::creators_in(draft.world, schema, acl)) {
    if (draft.can_obtain(sql::Right::kSetDefaults, role)) creators.insert(role);
  }
  return creators;
}

}  // namespace

bool is_name_of_service(std::string_view name) {
  return name.starts_with(kOfService);
}

bool is_exported_schema(const sql::ObjectGroup& group, const std::string& name) {
  return group.object_class == sql::ObjectClass::kSchema && !group.is_of_extension &&
         !is_name_of_service(name);
}

bool is_of_service(const sql::Role& role) {
  return role.is_superuser || is_name_of_service(role.name) || role.name.starts_with(kOfPostgres);
}

RoleNames names_of_roles(const sql::Catalogue& catalogue, const KeysOfRoles& keys) {
  RoleNames names = {{sql::kPublic, "public"}};
  for (const sql::Role& role : catalogue.roles) {
    const auto key = keys.find(role.name);
    if (key != keys.end() && !hides_another(key->second, role.name)) {
      names.emplace(role.id, key->second);
    } else if (is_own_role(role.name)) {
      names.emplace(role.id, role.name);
    }
  }
  return names;
}

FoldedDatabase fold_database(const sql::Catalogue& catalogue, const KeysOfRoles& keys) {
  FoldedDatabase database = {.catalogue = &catalogue, .names = names_of_roles(catalogue, keys)};
  const sql::Draft draft(catalogue);
  for (const sql::ObjectGroup& group : catalogue.groups) {
    for (const std::string& name : group.names) {
      if (!is_exported_schema(group, name)) continue;
      if (!sql::problem_with_name(name).empty()) {
        database.unwritten_schemas.push_back(name);
        continue;
      }
      database.schemas.push_back(fold_schema(catalogue, group, name, database.names,
                                             inferred_creators(draft, name, group.acl)));
    }
  }
  std::ranges::sort(database.schemas, {}, &FoldedSchema::name);
  return database;
}

}  // namespace weir::inside
