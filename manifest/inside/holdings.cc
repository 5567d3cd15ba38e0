#include "manifest/inside/holdings.h"

#include <algorithm>
#include <optional>
#include <set>

#include "manifest/inside/object_name.h"
#include "manifest/inside/profiles.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

bool is_nothing(const sql::Share& share) {
  return share.privileges.is_empty();
}

bool contains(const sql::Share& more, const sql::Share& less) {
  return more.privileges.contains(less.privileges) && more.grantable.contains(less.grantable);
}

/// Objects that give the same to somebody.
struct SameGroup {
  const sql::ObjectGroup* group = nullptr;
  sql::Share share = {};
};

/// What is said of all objects of a class, unless single ones are named.
class UsualShare {
 public:
  /// `are_all_meant`: somebody spoke of all later ones.
  UsualShare(const std::vector<SameGroup>& groups, sql::Share unsaid, bool are_all_meant)
      : groups_(groups), unsaid_(unsaid), most_(exceptions_of(unsaid)) {
    if (are_all_meant) ++most_;
  }

  /// The share for all of them that leaves the fewest exceptions; nothing where saying nothing
  /// does.
  std::optional<sql::Share> choose() {
    try_share(most_common());
    try_share(common_part());
    try_share({});
    return best_;
  }

 private:
  std::size_t exceptions_of(const sql::Share& usual) const {
    std::size_t count = 0;
    for (const SameGroup& each : groups_) {
      if (each.share != usual) count += each.group->names.size();
    }
    return count;
  }

  /// Wishes for single objects add to those for all, or take everything away.
  bool is_possible(const sql::Share& usual) const {
    return std::ranges::all_of(groups_, [&](const SameGroup& each) {
      return is_nothing(each.share) || contains(each.share, usual);
    });
  }

  void try_share(const sql::Share& usual) {
    if (usual == unsaid_ || !is_possible(usual)) return;
    const std::size_t count = exceptions_of(usual);
    if (count >= most_) return;
    most_ = count;
    best_ = usual;
  }

  sql::Share most_common() const {
    std::vector<std::pair<sql::Share, std::size_t>> counts;
    for (const SameGroup& each : groups_) {
      const auto known = std::ranges::find(counts, each.share, [](auto& one) { return one.first; });
      if (known == counts.end()) {
        counts.emplace_back(each.share, each.group->names.size());
      } else {
        known->second += each.group->names.size();
      }
    }
    return std::ranges::max_element(counts, {}, [](auto& one) { return one.second; })->first;
  }

  sql::Share common_part() const {
    std::optional<sql::Share> common;
    for (const SameGroup& each : groups_) {
      if (is_nothing(each.share)) continue;
      if (!common) common = each.share;
      common->privileges = common->privileges & each.share.privileges;
      common->grantable = common->grantable & each.share.grantable;
    }
    return common.value_or(sql::Share());
  }

  const std::vector<SameGroup>& groups_;
  const sql::Share unsaid_;
  std::size_t most_ = 0;  ///< exceptions that are too many
  std::optional<sql::Share> best_ = {};
};

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
        if (role == entry.creator || is_nothing(share)) continue;
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
    std::size_t count = 0;
    holding.of_own = sql::privileges_of(object_class, catalogue_.version);
    for (const SeenGroup& seen : groups_[object_class]) {
      const sql::Share& share = sql::share_of(seen.shares, role);
      if (seen.group->owner == role) {
        holding.of_own = holding.of_own & share.privileges;
        continue;
      }
      groups.push_back({.group = seen.group, .share = share});
      count += seen.group->names.size();
    }
    holding.has_objects = !groups.empty();
    if (groups.empty()) return;
    holding.usual = unsaid_share(catalogue_, object_class, "", role);
    // Of a single object nobody knows whether all are meant, unless later ones are.
    if (count > 1 || !holding.later.empty()) {
      const auto usual = UsualShare(groups, holding.usual, !holding.later.empty()).choose();
      holding.is_said = usual.has_value();
      find_exceptions(groups, usual.value_or(holding.usual), holding);
    } else {
      find_exceptions(groups, holding.usual, holding);
    }
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
};

}  // namespace

Holdings holdings_in(const sql::Catalogue& catalogue, const sql::ObjectGroup& schema,
                     const std::string& name) {
  return HoldingsReader(catalogue, name).read(schema);
}

sql::Share unsaid_share(const sql::Catalogue& catalogue, ObjectClass object_class,
                        const std::string& name, sql::RoleId grantee) {
  if (grantee != sql::kPublic) return {};
  const bool is_schema_public = object_class == ObjectClass::kSchema && name == "public";
  if (!is_schema_public) return {.privileges = sql::public_privileges_of(object_class)};
  // From PostgreSQL 15 on not everybody creates there.
  constexpr int kClosedMajor = 15;
  sql::PrivilegeSet privileges = {sql::Privilege::kUsage};
  if (catalogue.version.major() < kClosedMajor) privileges.add(sql::Privilege::kCreate);
  return {.privileges = privileges};
}

}  // namespace weir::inside
