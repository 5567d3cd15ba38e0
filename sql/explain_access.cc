#include "sql/explain_access.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/creators.h"
#include "sql/draft.h"
#include "sql/membership.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

using enum Privilege;

/// What membership in a role of PostgreSQL itself means for all objects of a class.
struct Predefined {
  std::string_view role;
  ObjectClass object_class;
  PrivilegeSet privileges;
};
constexpr std::array kPredefined = {
    Predefined{"pg_read_all_data", ObjectClass::kSchema, {kUsage}},
    Predefined{"pg_read_all_data", ObjectClass::kTable, {kSelect}},
    Predefined{"pg_read_all_data", ObjectClass::kColumn, {kSelect}},
    Predefined{"pg_read_all_data", ObjectClass::kSequence, {kSelect}},
    Predefined{"pg_write_all_data", ObjectClass::kSchema, {kUsage}},
    Predefined{"pg_write_all_data", ObjectClass::kTable, {kInsert, kUpdate, kDelete}},
    Predefined{"pg_write_all_data", ObjectClass::kColumn, {kInsert, kUpdate}},
    Predefined{"pg_write_all_data", ObjectClass::kSequence, {kUpdate}},
    Predefined{"pg_maintain", ObjectClass::kTable, {kMaintain}},
};

class Explainer {
 public:
  Explainer(const Catalogue& catalogue, const Role& role, const Target& target)
      : catalogue_(catalogue), role_(role), target_(target) {}

  AccessExplanation explain() {
    if (!target_.is_all() && !explain_object()) return std::move(result_);
    explain_future();
    const PrivilegeSet known = privileges_of(target_.object_class, catalogue_.version);
    for (const AccessWay& way : result_.ways) {
      if (!way.needs_set_role && way.source != AccessSource::kDefault)
        result_.has |= way.privileges;
    }
    result_.has = result_.has & known;
    result_.lacks = known - result_.has;
    if (!role_.is_superuser) {
      explain_obstacles();
      explain_columns();
    }
    return std::move(result_);
  }

 private:
  bool explain_object() {
    const ObjectGroup* group =
        catalogue_.group_of(target_.object_class, target_.schema, target_.table, target_.name);
    const ObjectGroup* table =
        target_.object_class == ObjectClass::kColumn
            ? catalogue_.group_of(ObjectClass::kTable, target_.schema, "", target_.table)
            : nullptr;
    if (group == nullptr && table == nullptr) {
      result_.problem =
          fmt::format("there is no {} {}", noun(target_.object_class), shown_name(target_.name));
      return false;
    }
    if (role_.is_superuser) {
      add({.source = AccessSource::kSuperuser,
           .privileges = privileges_of(target_.object_class, catalogue_.version),
           .path = {role_.name},
           .text = "it is a superuser: nothing is checked"});
    }
    explain_ownership(group == nullptr ? *table : *group);
    if (table != nullptr) explain_acl(*table, "on the whole table ");
    if (group != nullptr) explain_acl(*group, "");
    explain_predefined();
    return true;
  }

  void explain_ownership(const ObjectGroup& group) {
    const auto path = way_to(group.owner);
    if (!path) return;
    add({.source = AccessSource::kOwnership,
         .path = names_of(path->roles),
         .needs_set_role = path->needs_set_role,
         .text = fmt::format("{} owns it, so it may give itself everything{}",
                             shown_name(catalogue_.name_of(group.owner)), through(*path))});
  }

  void explain_acl(const ObjectGroup& group, std::string_view where) {
    for (const AclEntry& entry : group.acl) {
      const PrivilegeSet known = privileges_of(target_.object_class, catalogue_.version);
      const PrivilegeSet privileges = entry.privileges & known;
      if (privileges.is_empty()) continue;
      const std::string what = text_of(privileges);
      const std::string giver = shown_name(catalogue_.name_of(entry.grantor));
      if (entry.grantee == kPublic) {
        add({.source = AccessSource::kEverybody,
             .privileges = privileges,
             .path = {role_.name},
             .text = fmt::format("PUBLIC has {} {}from {}", what, where, giver)});
        continue;
      }
      const auto path = way_to(entry.grantee);
      if (!path) continue;
      add({.source = AccessSource::kGrant,
           .privileges = privileges,
           .grantable = entry.grantable & known,
           .path = names_of(path->roles),
           .needs_set_role = path->needs_set_role,
           .text =
               fmt::format("{} has {} {}from {}{}", shown_name(catalogue_.name_of(entry.grantee)),
                           what, where, giver, through(*path))});
    }
  }

  void explain_predefined() {
    for (const Predefined& predefined : kPredefined) {
      if (predefined.object_class != target_.object_class) continue;
      const Role* holder = catalogue_.role_named(predefined.role);
      const auto path = holder == nullptr || role_.is_superuser ? std::nullopt : way_to(holder->id);
      if (!path) continue;
      add({.source = AccessSource::kPredefined,
           .privileges = predefined.privileges,
           .path = names_of(path->roles),
           .needs_set_role = path->needs_set_role,
           .text =
               fmt::format("{} has {} on all {}{}", predefined.role, text_of(predefined.privileges),
                           plural(target_.object_class), through(*path))});
    }
  }

  /// What comes later in the schema: of the object's class, or of all where the schema is meant.
  void explain_future() {
    const bool is_schema = target_.object_class == ObjectClass::kSchema;
    const bool is_column = target_.object_class == ObjectClass::kColumn;
    const std::string& schema = is_schema ? target_.name : target_.schema;
    const ObjectClass object_class = is_column ? ObjectClass::kTable : target_.object_class;
    if (schema.empty()) return;
    for (const DefaultAcl& entry : catalogue_.default_acls) {
      const bool is_there = !entry.schema || *entry.schema == schema;
      if (is_there && (is_schema || entry.object_class == object_class)) explain_default(entry);
    }
  }

  void explain_default(const DefaultAcl& entry) {
    for (const AclEntry& share : entry.acl) {
      if (share.grantee == entry.creator) continue;  // owners are told of by their objects
      const auto path = share.grantee == kPublic ? std::optional(Path{.roles = {role_.id}})
                                                 : way_to(share.grantee);
      if (!path) continue;
      add({.source = AccessSource::kDefault,
           .privileges = share.privileges,
           .grantable = share.grantable,
           .path = names_of(path->roles),
           .needs_set_role = path->needs_set_role,
           .text =
               fmt::format("{} that {} makes {} will give {} to {}{}", plural(entry.object_class),
                           shown_name(catalogue_.name_of(entry.creator)),
                           entry.schema ? "in " + shown_name(*entry.schema) : "in any schema",
                           text_of(share.privileges), shown_name(catalogue_.name_of(share.grantee)),
                           through(*path))});
    }
  }

  void explain_obstacles() {
    if (!target_.schema.empty() && !has_on(the_schema(target_.schema), kUsage)) {
      result_.obstacles.push_back(
          fmt::format("it lacks USAGE on the schema {}", shown_name(target_.schema)));
    }
    if (!has_on(the_database(catalogue_.database), kConnect)) {
      result_.obstacles.push_back(
          fmt::format("it lacks CONNECT on the database {}", shown_name(catalogue_.database)));
    }
    if (!role_.can_login) result_.obstacles.emplace_back("it cannot log in");
  }

  /// Who lacks a table may have some of its columns.
  void explain_columns() {
    if (target_.object_class != ObjectClass::kTable || result_.lacks.is_empty()) return;
    for (const ObjectGroup& group : catalogue_.groups) {
      const bool is_of_it = group.object_class == ObjectClass::kColumn &&
                            group.schema == target_.schema && group.table == target_.name;
      if (!is_of_it) continue;
      for (const AclEntry& entry : group.acl) {
        const bool reaches = entry.grantee == kPublic || way_to(entry.grantee).has_value();
        if (!reaches || (entry.privileges - result_.has).is_empty()) continue;
        result_.obstacles.push_back(
            fmt::format("{} has {} on {} {} of it", shown_name(catalogue_.name_of(entry.grantee)),
                        text_of(entry.privileges), group.names.size() == 1 ? "column" : "columns",
                        shown_list(group.names)));
      }
    }
  }

  bool has_on(const Target& target, Privilege privilege) const {
    if (target == target_) return result_.has.has(privilege);
    Explainer other(catalogue_, role_, target);
    return other.explain_object() &&
           std::any_of(other.result_.ways.begin(), other.result_.ways.end(),
                       [&](const AccessWay& way) {
                         return !way.needs_set_role && way.privileges.has(privilege);
                       });
  }

  struct Path {
    std::vector<RoleId> roles = {};
    bool needs_set_role = false;
  };

  /// The way that works by itself, or else one with SET ROLE.
  std::optional<Path> way_to(RoleId holder) const {
    std::vector<RoleId> path = path_to(catalogue_, role_.id, holder, Reach::kInherited);
    if (!path.empty()) return Path{.roles = std::move(path)};
    path = path_to(catalogue_, role_.id, holder, Reach::kSettable);
    if (path.empty()) return std::nullopt;
    return Path{.roles = std::move(path), .needs_set_role = true};
  }

  std::vector<std::string> names_of(const std::vector<RoleId>& roles) const {
    std::vector<std::string> names;
    names.reserve(roles.size());
    for (const RoleId role : roles) names.push_back(catalogue_.name_of(role));
    return names;
  }

  /// ", through ana → analysts → readers"
  std::string through(const Path& path) const {
    if (path.roles.size() < 2) return "";
    std::vector<std::string> names;
    names.reserve(path.roles.size());
    for (const RoleId role : path.roles) names.push_back(shown_name(catalogue_.name_of(role)));
    return fmt::format(", {} {}", path.needs_set_role ? "after SET ROLE along" : "through",
                       fmt::join(names, " → "));
  }

  void add(AccessWay way) { result_.ways.push_back(std::move(way)); }

  const Catalogue& catalogue_;
  const Role& role_;
  Target target_;
  AccessExplanation result_;
};

}  // namespace

AccessExplanation explain_access(const Catalogue& catalogue, std::string_view role,
                                 const Target& target) {
  const Role* found = catalogue.role_named(role);
  // The manifest's word for everybody; no role can have that name.
  const Role everybody = {.id = kPublic, .name = "PUBLIC", .can_login = true};
  if (role == "public") found = &everybody;
  if (found == nullptr) {
    return {.problem = fmt::format("there is no role {}", shown_name(role))};
  }
  return Explainer(catalogue, *found, target).explain();
}

}  // namespace weir::sql
