#include "planner/predict.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "sql/acl_effect.h"
#include "sql/membership.h"

namespace weir {
namespace {

/// What Lakebase runs today; a statement that depends on the version is worked out anew later.
constexpr sql::ServerVersion kLikelyVersion{170000};
/// Far from the numbers of real roles, and from those that a difference gives out.
constexpr sql::RoleId kFirstExpected = std::numeric_limits<sql::RoleId>::max() / 2;
constexpr sql::RoleId kCaller = 10;

/// Roles that every PostgreSQL has, by the numbers that they have everywhere.
constexpr std::array<std::pair<sql::RoleId, std::string_view>, 15> kPredefined = {
    {{3373, "pg_monitor"},
     {3374, "pg_read_all_settings"},
     {3375, "pg_read_all_stats"},
     {3377, "pg_stat_scan_tables"},
     {4200, "pg_signal_backend"},
     {4544, "pg_checkpoint"},
     {4550, "pg_use_reserved_connections"},
     {4569, "pg_read_server_files"},
     {4570, "pg_write_server_files"},
     {4571, "pg_execute_server_program"},
     {6171, "pg_database_owner"},
     {6181, "pg_read_all_data"},
     {6182, "pg_write_all_data"},
     {6304, "pg_create_subscription"},
     {6337, "pg_maintain"}}};

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

bool names(const sql::AclEntry& entry, sql::RoleId role) {
  return entry.grantee == role || entry.grantor == role;
}

void add(sql::Acl& acl, const sql::AclEntry& entry) {
  const auto twin = std::ranges::find_if(acl, [&](const sql::AclEntry& other) {
    return other.grantor == entry.grantor && other.grantee == entry.grantee;
  });
  if (twin == acl.end()) return acl.push_back(entry);
  twin->privileges |= entry.privileges;
  twin->grantable |= entry.grantable;
}

/// The objects are left to the heir. What the role gave is kept, and comes from the owner then.
void leave(sql::ObjectGroup& group, sql::RoleId gone, sql::RoleId heir) {
  if (group.owner == gone) {
    group.acl = sql::after_new_owner(group.acl, gone, heir);
    group.owner = heir;
  }
  if (std::ranges::none_of(group.acl, [&](const auto& entry) { return names(entry, gone); })) {
    return;
  }
  sql::Acl acl;
  for (sql::AclEntry entry : group.acl) {
    if (entry.grantee == gone) continue;
    if (entry.grantor == gone) entry.grantor = group.owner;
    add(acl, entry);
  }
  std::ranges::sort(acl);
  group.acl = std::move(acl);
}

}  // namespace

sql::Catalogue new_database(const std::string& name) {
  sql::Catalogue catalogue = {.version = kLikelyVersion, .current_user = kCaller};
  // Who may act as whom shows when it is there.
  catalogue.roles.push_back(
      {.id = kCaller, .name = "whoever applies this", .can_login = true, .is_superuser = true});
  for (const auto& [id, predefined] : kPredefined) {
    catalogue.roles.push_back({.id = id, .name = std::string(predefined)});
  }
  empty(catalogue, name);
  return catalogue;
}

void empty(sql::Catalogue& catalogue, const std::string& name) {
  catalogue.database = name;
  catalogue.groups.clear();
  catalogue.default_acls.clear();
  catalogue.extensions.clear();
  catalogue.own_indexes.clear();
  catalogue.comments.clear();
  catalogue.hanging.clear();
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

void retire(sql::Catalogue& catalogue, const std::string& role, const std::string& heir) {
  const sql::Role* leaver = catalogue.role_named(role);
  const sql::Role* taker = catalogue.role_named(heir);
  if (leaver == nullptr || taker == nullptr || leaver == taker) return;
  const sql::RoleId gone = leaver->id;
  if (gone == catalogue.current_user) return;
  for (sql::ObjectGroup& group : catalogue.groups) leave(group, gone, taker->id);
  for (sql::DefaultAcl& each : catalogue.default_acls) {
    std::erase_if(each.acl, [&](const sql::AclEntry& entry) { return names(entry, gone); });
  }
  std::erase_if(catalogue.default_acls,
                [&](const sql::DefaultAcl& each) { return each.creator == gone; });
  std::erase_if(catalogue.memberships, [&](const sql::Membership& each) {
    return each.role == gone || each.member == gone;
  });
  for (sql::Membership& each : catalogue.memberships) {
    if (each.grantor == gone) each.grantor = catalogue.current_user;
  }
  std::erase_if(catalogue.settings, [&](const sql::Setting& each) { return each.role == gone; });
  std::erase_if(catalogue.roles, [&](const sql::Role& each) { return each.id == gone; });
}

void expect_roles(sql::Catalogue& catalogue, const std::vector<std::string>& names) {
  const sql::Role* user = catalogue.role(catalogue.current_user);
  // Before version 16 whoever may create roles may join them without being asked.
  const bool may_join_all = user != nullptr && user->can_create_roles &&
                            catalogue.version.major() < sql::kMembershipOptionsMajor;
  sql::RoleId next = kFirstExpected;
  for (const std::string& name : names) {
    if (catalogue.role_named(name) != nullptr) continue;
    while (catalogue.role(next) != nullptr) ++next;
    const auto place = std::ranges::lower_bound(catalogue.roles, next, {}, &sql::Role::id);
    catalogue.roles.insert(place, {.id = next, .name = name, .can_login = true});
    if (!may_join_all) {
      catalogue.memberships.push_back({.role = next,
                                       .member = catalogue.current_user,
                                       .grantor = catalogue.current_user,
                                       .is_admin = true,
                                       .inherits = false,
                                       .can_set = false});
    }
    ++next;
  }
}

}  // namespace weir
