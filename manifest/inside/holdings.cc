#include "manifest/inside/holdings.h"

#include <algorithm>
#include <optional>

#include "manifest/inside/aliases.h"
#include "manifest/inside/object_name.h"
#include "manifest/inside/profiles.h"
#include "manifest/inside/usual_share.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// Everything in one schema, taken apart by grantees.
class HoldingsReader {
 public:
  HoldingsReader(const sql::Catalogue& catalogue, const std::string& schema)
      : catalogue_(catalogue), schema_(schema) {}

  Holdings read(const sql::ObjectGroup& schema) {
    for (const auto& [role, share] : sql::shares_of(schema.acl, schema.owner)) {
      holdings_[role].of_schema = share;
    }
    holdings_[schema.owner].is_owner = true;
    holdings_.try_emplace(sql::kPublic);
    read_objects();
    read_defaults();
    for (auto& [role, holding] : holdings_) sum_up(role, holding);
    return std::move(holdings_);
  }

 private:
  struct SeenGroup {
    const sql::ObjectGroup* group = nullptr;
    sql::Shares shares = {};
  };

  void read_objects() {
    for (const sql::ObjectGroup& group : catalogue_.groups) {
      if (group.schema != schema_ || group.is_of_extension) continue;
      SeenGroup seen = {.group = &group, .shares = sql::shares_of(group.acl, group.owner)};
      for (const auto& [role, share] : seen.shares) {
        if (role == group.owner) continue;
        Holding& holding = holdings_[role];
        if (group.object_class != ObjectClass::kColumn) continue;
        holding.columns.push_back({.table = group.table, .columns = group.names, .share = share});
        if (!can_name_columns(group)) holding.closed_tables.insert(group.table);
      }
      groups_[group.object_class].push_back(std::move(seen));
    }
  }

  bool can_name(ObjectClass object_class, const std::string& name) const {
    return !written_object_name(catalogue_, object_class, schema_, name).empty();
  }
  bool can_name_columns(const sql::ObjectGroup& columns) const {
    return can_name(ObjectClass::kTable, columns.table) &&
           std::ranges::all_of(columns.names, [](const std::string& name) {
             return sql::problem_with_name(name).empty();
           });
  }

  void read_defaults() {
    for (const sql::DefaultAcl& entry : catalogue_.default_acls) {
      if (entry.schema != schema_) continue;
      for (const auto& [role, share] : sql::shares_of(entry.acl, entry.creator)) {
        if (role == entry.creator || share.privileges.is_empty()) continue;
        holdings_[role].classes[entry.object_class].later[entry.creator] = share;
      }
    }
  }

  void sum_up(sql::RoleId role, Holding& holding) {
    for (const ObjectClass object_class : kClassesInSchema) {
      sum_up(role, object_class, holding.classes[object_class]);
    }
  }

  void sum_up(sql::RoleId role, ObjectClass object_class, ClassHolding& holding) {
    std::vector<SameGroup> groups;
    holding.of_own = sql::privileges_of(object_class, catalogue_.version);
    for (const SeenGroup& seen : groups_[object_class]) {
      const sql::Share& share = sql::share_of(seen.shares, role);
      if (seen.group->owner == role) {
        holding.of_own = holding.of_own & share.privileges;
        continue;
      }
      groups.push_back({.group = seen.group,
                        .share = share,
                        .later = later_share(object_class, seen.group->owner, role)});
    }
    holding.has_objects = !groups.empty();
    if (groups.empty()) return;
    holding.usual = unsaid_share(catalogue_, object_class, "", role);
    std::vector<sql::Share> later;
    later.reserve(holding.later.size());
    for (const auto& [creator, share] : holding.later) {
      later.push_back(later_share(object_class, creator, role));
    }
    const auto usual = usual_share(groups, later, holding.usual);
    holding.is_said = usual.has_value();
    find_exceptions(groups, usual.value_or(holding.usual), holding);
    const bool is_owned_whole = holding.of_own.contains(holding.usual.privileges);
    const bool is_open =
        object_class == ObjectClass::kTable && !holdings_[role].closed_tables.empty();
    holding.can_be_said =
        !is_open && is_owned_whole && std::ranges::all_of(holding.exceptions, [&](auto& entry) {
          return can_name(object_class, entry.first);
        });
    if (holding.can_be_said || !holding.is_said) return;
    holding.is_said = false;
    find_exceptions(groups, unsaid_share(catalogue_, object_class, "", role), holding);
  }

  const sql::Share& later_share(ObjectClass object_class, sql::RoleId creator, sql::RoleId role) {
    const auto [known, is_new] = later_.try_emplace({object_class, creator});
    if (is_new) {
      known->second =
          sql::shares_of(sql::acl_of_new(catalogue_, object_class, schema_, creator), creator);
    }
    return sql::share_of(known->second, role);
  }

  static void find_exceptions(const std::vector<SameGroup>& groups, const sql::Share& usual,
                              ClassHolding& holding) {
    holding.usual = usual;
    holding.exceptions.clear();
    for (const SameGroup& each : groups) {
      if (each.share == usual) continue;
      for (const std::string& name : each.group->names) holding.exceptions[name] = each.share;
    }
  }

  const sql::Catalogue& catalogue_;
  const std::string& schema_;
  Holdings holdings_;
  std::map<ObjectClass, std::vector<SeenGroup>> groups_;
  std::map<std::pair<ObjectClass, sql::RoleId>, sql::Shares> later_;  // by creator
};

}  // namespace

Holdings holdings_in(const sql::Catalogue& catalogue, const sql::ObjectGroup& schema,
                     const std::string& name) {
  return HoldingsReader(catalogue, name).read(schema);
}

sql::Share unsaid_share(const sql::Catalogue& catalogue, ObjectClass object_class,
                        const std::string& name, sql::RoleId grantee) {
  const bool is_schema_public = object_class == ObjectClass::kSchema && name == "public";
  if (grantee != sql::kPublic) {
    const bool is_of_service = (object_class == ObjectClass::kDatabase || is_schema_public) &&
                               catalogue.name_of(grantee) == kSuperusers;
    const sql::PrivilegeSet all = sql::privileges_of(object_class, catalogue.version);
    return is_of_service ? sql::Share{.privileges = all, .grantable = all} : sql::Share();
  }
  if (!is_schema_public) return {.privileges = sql::public_privileges_of(object_class)};
  // From PostgreSQL 15 on not everybody creates there.
  constexpr int kClosedMajor = 15;
  sql::PrivilegeSet privileges = {sql::Privilege::kUsage};
  if (catalogue.version.major() < kClosedMajor) privileges.add(sql::Privilege::kCreate);
  return {.privileges = privileges};
}

}  // namespace weir::inside
