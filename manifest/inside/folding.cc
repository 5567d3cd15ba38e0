#include "manifest/inside/folding.h"

#include <algorithm>
#include <array>
#include <optional>

#include "manifest/inside/profiles.h"
#include "manifest/inside/schemas.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// Those that say least come first, for schemas in which several would say the same.
constexpr std::array<std::string_view, 4> kProfileOrder = {"readonly", "readwrite", "loader",
                                                           "builder"};

/// Whose later objects a wish is about.
struct Creators {
  const std::set<sql::RoleId>& roles;
  bool are_named = false;
};

/// What the later objects of all creators give, where they give the same.
struct LaterShare {
  bool is_free = true;  ///< there is nobody whose objects could give anything
  bool is_same = true;
  sql::PrivilegeSet privileges = {};
};

LaterShare later_share(const ClassHolding& holding, sql::RoleId grantee, const Creators& creators) {
  LaterShare result;
  for (const sql::RoleId creator : creators.roles) {
    if (creator == grantee) continue;
    const auto found = holding.later.find(creator);
    const sql::Share share = found == holding.later.end() ? sql::Share() : found->second;
    const bool differs = !result.is_free && share.privileges != result.privileges;
    if (differs || !share.grantable.is_empty()) result.is_same = false;
    result.is_free = false;
    result.privileges = share.privileges;
  }
  return result;
}

class Folding {
 public:
  Folding(const Holding& holding, sql::RoleId grantee, const RoleNames& names,
          const Creators& creators)
      : holding_(holding), grantee_(grantee), names_(names), creators_(creators) {}

  const sql::Profile* profile() const {
    for (const std::string_view name : kProfileOrder) {
      const sql::Profile* profile = sql::find_profile(name);
      if (profile != nullptr && says_it(*profile)) return profile;
    }
    return nullptr;
  }

  Shape shape() const {
    Shape shape;
    if (grantee_ == sql::kPublic) return shape;
    for (const auto& [object_class, holding] : holding_.classes) {
      const Shape::Part part = part_of(holding);
      if (!part.privileges.is_empty()) shape.parts[object_class] = part;
    }
    if (!holding_.is_owner) {
      shape.schema = holding_.of_schema.privileges & sql::PrivilegeSet{sql::Privilege::kUsage};
    }
    return shape;
  }

 private:
  bool says_it(const sql::Profile& profile) const {
    if (!holding_.of_schema.privileges.contains(profile.schema)) return false;
    const ClassHolding& tables = holding_.classes.at(ObjectClass::kTable);
    const bool is_shown = tables.has_objects || !later_share(tables, grantee_, creators_).is_free;
    return is_shown && std::ranges::all_of(kClassesInSchema, [&](ObjectClass object_class) {
             return says_it(holding_.classes.at(object_class), profile.part(object_class));
           });
  }

  bool says_it(const ClassHolding& holding, sql::PrivilegeSet part) const {
    const bool fits_others = holding.can_be_said && holding.usual == sql::Share{.privileges = part};
    const bool fits_now = (!holding.has_objects || fits_others) && holding.of_own.contains(part);
    const LaterShare later = later_share(holding, grantee_, creators_);
    const bool fits_later = later.is_free || (later.is_same && later.privileges == part);
    return fits_now && fits_later && spares_others(holding, part);
  }

  /// A wish for later objects takes from what those of other creators give, unless their default
  /// privileges stand in the manifest by themselves.
  bool spares_others(const ClassHolding& holding, sql::PrivilegeSet part) const {
    return std::ranges::all_of(holding.later, [&](const auto& entry) {
      const auto& [creator, share] = entry;
      const bool is_covered = creators_.roles.contains(creator) || names_.contains(creator);
      return is_covered || (!creators_.are_named && part.contains(share.privileges));
    });
  }

  Shape::Part part_of(const ClassHolding& holding) const {
    const bool is_now = holding.is_said && holding.usual.grantable.is_empty() &&
                        !holding.usual.privileges.is_empty();
    const LaterShare later = later_share(holding, grantee_, creators_);
    const bool is_later =
        later.is_same && !later.privileges.is_empty() && spares_others(holding, later.privileges);
    if (is_now && is_later && later.privileges == holding.usual.privileges) {
      return {.privileges = later.privileges, .is_for_existing = true, .is_for_future = true};
    }
    if (is_now) return {.privileges = holding.usual.privileges, .is_for_existing = true};
    if (!is_later) return {};
    // Where nothing exists yet, all is meant as well as what comes.
    return {.privileges = later.privileges,
            .is_for_existing = !holding.has_objects && holding.of_own.contains(later.privileges),
            .is_for_future = true};
  }

  const Holding& holding_;
  const sql::RoleId grantee_;
  const RoleNames& names_;
  const Creators& creators_;
};

std::vector<FoldedHolding> folded(const Holdings& holdings, const RoleNames& names,
                                  const Creators& creators) {
  std::vector<FoldedHolding> result;
  for (const auto& [role, holding] : holdings) {
    if (!names.contains(role)) continue;
    const Folding folding(holding, role, names, creators);
    FoldedHolding one = {.grantee = role, .holding = holding, .profile = folding.profile()};
    if (one.profile == nullptr) one.shape = folding.shape();
    result.push_back(std::move(one));
  }
  std::ranges::sort(result, {}, [&](const FoldedHolding& one) { return names.at(one.grantee); });
  return result;
}

/// How much less there is to write, profiles of weir's own first.
std::pair<std::size_t, std::size_t> gain_of(const std::vector<FoldedHolding>& grantees) {
  std::size_t profiles = 0;
  std::size_t parts = 0;
  for (const FoldedHolding& one : grantees) {
    if (one.profile != nullptr) ++profiles;
    for (const auto& [object_class, part] : one.shape.parts) {
      if (part.is_for_future) ++parts;
    }
  }
  return {profiles, parts};
}

/// Those whose later objects give something to somebody whom the manifest can name.
std::set<sql::RoleId> known_creators(const Holdings& holdings, const RoleNames& names) {
  std::set<sql::RoleId> creators;
  for (const auto& [role, holding] : holdings) {
    if (!names.contains(role)) continue;
    for (const auto& [object_class, of_class] : holding.classes) {
      for (const auto& [creator, share] : of_class.later) {
        if (names.contains(creator)) creators.insert(creator);
      }
    }
  }
  return creators;
}

}  // namespace

FoldedSchema fold_schema(const sql::Catalogue& catalogue, const sql::ObjectGroup& schema,
                         const std::string& name, const RoleNames& names,
                         const std::set<sql::RoleId>& inferred) {
  const Holdings holdings = holdings_in(catalogue, schema, name);
  FoldedSchema result = {.name = name, .owner = schema.owner, .creators = inferred};
  result.grantees = folded(holdings, names, {inferred});
  const std::set<sql::RoleId> known = known_creators(holdings, names);
  if (known.empty() || known.size() > kMostCreators) return result;
  auto named = folded(holdings, names, {known, true});
  if (gain_of(named) > gain_of(result.grantees)) {
    result.grantees = std::move(named);
    result.creators = known;
    result.names_creators = true;
  }
  return result;
}

}  // namespace weir::inside
