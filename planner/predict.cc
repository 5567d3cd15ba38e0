#include "planner/predict.h"

#include <algorithm>
#include <limits>

namespace weir {
namespace {

/// What Lakebase runs today; a statement that depends on the version is worked out anew later.
constexpr sql::ServerVersion kLikelyVersion{170000};
/// Far from the numbers of real roles, and from those that a difference gives out.
constexpr sql::RoleId kFirstExpected = std::numeric_limits<sql::RoleId>::max() / 2;
constexpr sql::RoleId kCaller = 10;

sql::ObjectGroup group_of(const sql::Catalogue& catalogue, sql::ObjectClass object_class,
                          const std::string& name) {
  sql::Acl acl = sql::built_in_acl(object_class, catalogue.current_user, catalogue.version);
  std::sort(acl.begin(), acl.end());
  return {.object_class = object_class,
          .owner = catalogue.current_user,
          .acl = std::move(acl),
          .is_built_in_acl = true,
          .names = {name}};
}

}  // namespace

sql::Catalogue new_database(const std::string& name) {
  sql::Catalogue catalogue = {.version = kLikelyVersion, .current_user = kCaller};
  catalogue.roles.push_back({.id = kCaller, .name = "whoever applies this", .can_login = true});
  empty(catalogue, name);
  return catalogue;
}

void empty(sql::Catalogue& catalogue, const std::string& name) {
  catalogue.database = name;
  catalogue.groups.clear();
  catalogue.default_acls.clear();
  catalogue.extensions.clear();
  catalogue.linked_sequences.clear();
  catalogue.routines.clear();
  std::erase_if(catalogue.settings,
                [](const sql::Setting& setting) { return setting.is_of_database; });
  catalogue.groups.push_back(group_of(catalogue, sql::ObjectClass::kDatabase, name));
  sql::ObjectGroup schema = group_of(catalogue, sql::ObjectClass::kSchema, "public");
  schema.acl.push_back({catalogue.current_user, sql::kPublic, {sql::Privilege::kUsage}});
  std::sort(schema.acl.begin(), schema.acl.end());
  schema.is_built_in_acl = false;
  catalogue.groups.push_back(std::move(schema));
}

void expect_roles(sql::Catalogue& catalogue, const std::vector<std::string>& names) {
  sql::RoleId next = kFirstExpected;
  for (const std::string& name : names) {
    if (catalogue.role_named(name) != nullptr) continue;
    const auto place = std::ranges::lower_bound(catalogue.roles, next, {}, &sql::Role::id);
    catalogue.roles.insert(place, {.id = next++, .name = name, .can_login = true});
  }
  // Who may act as whom shows when the roles are there.
  for (sql::Role& role : catalogue.roles) {
    if (role.id == catalogue.current_user) role.is_superuser = true;
  }
}

}  // namespace weir
