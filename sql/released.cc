#include "sql/released.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

namespace weir::sql {
namespace {

bool has_role(const Catalogue& catalogue, const std::string& name) {
  return catalogue.role_named(name) != nullptr;
}

bool has_grantee(const Catalogue& catalogue, const Grantee& grantee) {
  return grantee.is_public || has_role(catalogue, grantee.role);
}

bool has_schema(const Catalogue& catalogue, const std::string& name) {
  return catalogue.group_of(ObjectClass::kSchema, "", "", name) != nullptr;
}

bool has_target(const Catalogue& catalogue, const Target& target) {
  if (target.is_all()) return has_schema(catalogue, target.schema);
  // Of columns the catalogue has those that somebody has privileges on.
  return catalogue.group_of(target.object_class, target.schema, target.table, target.name) !=
         nullptr;
}

/// Who owns an object that a statement changes, as it is and as it is wished.
bool is_owner(const Catalogue& catalogue, const Wishes& now, const AccessWish& wish) {
  Target target = wish.target;
  if (target.object_class == ObjectClass::kColumn) {
    target = one_object(ObjectClass::kTable, target.schema, target.table);
  }
  if (wish.grantee.is_public || target.is_all()) return false;
  const std::string& role = wish.grantee.role;
  const ObjectGroup* group =
      catalogue.group_of(target.object_class, target.schema, target.table, target.name);
  const bool owns_it = group != nullptr && catalogue.name_of(group->owner) == role;
  const auto gets_it = [&](const OwnerWish& each) {
    return each.target == target && each.owner == role;
  };
  const auto gets_schema = [&](const SchemaWish& each) {
    return target == the_schema(each.name) && each.owner == role;
  };
  return owns_it || std::ranges::any_of(now.owners, gets_it) ||
         std::ranges::any_of(now.schemas, gets_schema);
}

/// What the wish is about, and nothing of how it should be.
auto subject_of(const AccessWish& wish) {
  return std::tie(wish.target, wish.grantee);
}
auto subject_of(const DefaultWish& wish) {
  return std::tie(wish.creator, wish.schema, wish.object_class, wish.grantee);
}
auto subject_of(const FutureWish& wish) {
  return std::tie(wish.schema, wish.object_class, wish.grantee);
}
auto subject_of(const MembershipWish& wish) {
  return std::tie(wish.role, wish.member);
}
auto subject_of(const SettingWish& wish) {
  return std::tie(wish.role, wish.name);
}
auto subject_of(const SchemaWish& wish) {
  return std::tie(wish.name);
}
auto subject_of(const AfterCreateWish& wish) {
  return std::tie(wish.schema, wish.table);
}

/// Those of `before` about something that none of `now` is about.
template <typename Wish>
std::vector<Wish> left_out(const std::vector<Wish>& before, const std::vector<Wish>& now) {
  const auto is_less = [](const Wish* left, const Wish* right) {
    return subject_of(*left) < subject_of(*right);
  };
  std::set<const Wish*, decltype(is_less)> known(is_less);
  for (const Wish& wish : now) known.insert(&wish);
  std::vector<Wish> result;
  for (const Wish& wish : before) {
    if (!known.contains(&wish)) result.push_back(wish);
  }
  return result;
}

template <typename Wish>
void append(std::vector<Wish>& wishes, std::vector<Wish>& more) {
  wishes.insert(wishes.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

void release_access(const Wishes& before, const Wishes& now, const Catalogue& catalogue,
                    Wishes& result) {
  for (const AccessWish& wish : left_out(before.access, now.access)) {
    const bool is_there =
        has_grantee(catalogue, wish.grantee) && has_target(catalogue, wish.target);
    if (!is_there || wish.privileges.is_empty() || is_owner(catalogue, now, wish)) continue;
    result.access.push_back({.tag = wish.tag,
                             .grantee = wish.grantee,
                             .target = wish.target,
                             .covers_future = false,
                             .is_release = true});
  }
}

void release_future(const Wishes& before, const Wishes& now, const Catalogue& catalogue,
                    Wishes& result) {
  for (FutureWish& wish : left_out(before.future, now.future)) {
    if (!has_grantee(catalogue, wish.grantee) || !has_schema(catalogue, wish.schema)) continue;
    const bool is_inferred = wish.creators.empty();
    std::erase_if(wish.creators,
                  [&](const std::string& creator) { return !has_role(catalogue, creator); });
    // Without a name it would mean all who can create.
    if (wish.privileges.is_empty() || is_inferred != wish.creators.empty()) continue;
    wish.privileges = {};
    wish.is_grantable = false;
    result.future.push_back(std::move(wish));
  }
}

void release_defaults(const Wishes& before, const Wishes& now, const Catalogue& catalogue,
                      Wishes& result) {
  for (DefaultWish& wish : left_out(before.defaults, now.defaults)) {
    const bool is_there = has_role(catalogue, wish.creator) &&
                          has_grantee(catalogue, wish.grantee) &&
                          (!wish.schema || has_schema(catalogue, *wish.schema));
    const bool is_creators_own = !wish.grantee.is_public && wish.grantee.role == wish.creator;
    if (!is_there || wish.privileges.is_empty() || is_creators_own) continue;
    // What everybody gets by itself was there before anybody wished for it.
    const bool is_built_in = wish.grantee.is_public && !wish.schema;
    wish.privileges = is_built_in ? public_privileges_of(wish.object_class) : PrivilegeSet();
    wish.is_grantable = false;
    wish.is_release = true;
    result.defaults.push_back(std::move(wish));
  }
}

}  // namespace

Wishes released(const Wishes& before, const Wishes& now, const Catalogue& catalogue) {
  Wishes result;
  release_access(before, now, catalogue, result);
  release_future(before, now, catalogue, result);
  release_defaults(before, now, catalogue, result);
  for (const MembershipWish& wish : left_out(before.memberships, now.memberships)) {
    const bool is_there = has_role(catalogue, wish.role) && has_role(catalogue, wish.member);
    if (!is_there || !wish.is_wanted) continue;
    result.memberships.push_back(
        {.tag = wish.tag, .role = wish.role, .member = wish.member, .is_wanted = false});
  }
  for (SettingWish& wish : left_out(before.settings, now.settings)) {
    if (!wish.value || (wish.role && !has_role(catalogue, *wish.role))) continue;
    wish.value.reset();
    result.settings.push_back(std::move(wish));
  }
  for (const AfterCreateWish& wish : left_out(before.after_create, now.after_create)) {
    const Target table = one_object(ObjectClass::kTable, wish.schema, wish.table);
    if (!has_target(catalogue, table)) continue;
    result.after_create.push_back({.tag = wish.tag, .schema = wish.schema, .table = wish.table});
  }
  return result;
}

Wishes dropped(const Wishes& before, const Wishes& now) {
  return {.memberships = left_out(before.memberships, now.memberships),
          .schemas = left_out(before.schemas, now.schemas),
          .settings = left_out(before.settings, now.settings),
          .access = left_out(before.access, now.access),
          .defaults = left_out(before.defaults, now.defaults),
          .future = left_out(before.future, now.future),
          .after_create = left_out(before.after_create, now.after_create)};
}

Wishes merged(Wishes wishes, Wishes more) {
  append(wishes.roles, more.roles);
  append(wishes.memberships, more.memberships);
  append(wishes.schemas, more.schemas);
  append(wishes.extensions, more.extensions);
  append(wishes.settings, more.settings);
  append(wishes.owners, more.owners);
  append(wishes.access, more.access);
  append(wishes.exclusive, more.exclusive);
  append(wishes.defaults, more.defaults);
  append(wishes.future, more.future);
  append(wishes.after_create, more.after_create);
  append(wishes.ends, more.ends);
  append(wishes.retirements, more.retirements);
  append(wishes.role_ends, more.role_ends);
  return wishes;
}

}  // namespace weir::sql
