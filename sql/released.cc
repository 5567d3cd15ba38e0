#include "sql/released.h"

#include <algorithm>
#include <iterator>
#include <map>
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
  if (target.object_class == ObjectClass::kColumn) {
    return catalogue.group_of(ObjectClass::kTable, target.schema, "", target.table) != nullptr;
  }
  return catalogue.group_of(target.object_class, target.schema, target.table, target.name) !=
         nullptr;
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

/// Those of `before` about something that none of `now` is about.
template <typename Wish>
std::vector<Wish> dropped(const std::vector<Wish>& before, const std::vector<Wish>& now) {
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

/// The same for what comes later, where another creator is something else.
std::vector<FutureWish> dropped(const std::vector<FutureWish>& before,
                                const std::vector<FutureWish>& now) {
  std::map<decltype(subject_of(now.front())), std::set<std::string>> creators;
  for (const FutureWish& wish : now) {
    creators[subject_of(wish)].insert(wish.creators.begin(), wish.creators.end());
  }
  std::vector<FutureWish> result;
  for (FutureWish wish : before) {
    const auto known = creators.find(subject_of(wish));
    if (known != creators.end()) {
      // Without names they are all who may create, who are not told apart here.
      const bool is_open = wish.creators.empty() || known->second.empty();
      std::erase_if(wish.creators,
                    [&](const std::string& name) { return known->second.contains(name); });
      if (is_open || wish.creators.empty()) continue;
    }
    result.push_back(std::move(wish));
  }
  return result;
}

template <typename Wish>
void append(std::vector<Wish>& wishes, std::vector<Wish>& more) {
  wishes.insert(wishes.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

}  // namespace

Wishes released(const Wishes& before, const Wishes& now, const Catalogue& catalogue) {
  Wishes result;
  for (AccessWish& wish : dropped(before.access, now.access)) {
    if (!has_grantee(catalogue, wish.grantee) || !has_target(catalogue, wish.target)) continue;
    result.access.push_back(
        {.tag = wish.tag, .grantee = wish.grantee, .target = wish.target, .covers_future = false});
  }
  for (FutureWish& wish : dropped(before.future, now.future)) {
    if (!has_grantee(catalogue, wish.grantee) || !has_schema(catalogue, wish.schema)) continue;
    const bool has_names = !wish.creators.empty();
    std::erase_if(wish.creators,
                  [&](const std::string& creator) { return !has_role(catalogue, creator); });
    if (has_names && wish.creators.empty()) continue;
    wish.privileges = {};
    wish.is_grantable = false;
    result.future.push_back(std::move(wish));
  }
  for (DefaultWish& wish : dropped(before.defaults, now.defaults)) {
    const bool is_there = has_role(catalogue, wish.creator) &&
                          has_grantee(catalogue, wish.grantee) &&
                          (!wish.schema || has_schema(catalogue, *wish.schema));
    if (!is_there) continue;
    wish.privileges = {};
    wish.is_grantable = false;
    result.defaults.push_back(std::move(wish));
  }
  for (const MembershipWish& wish : dropped(before.memberships, now.memberships)) {
    if (!has_role(catalogue, wish.role) || !has_role(catalogue, wish.member)) continue;
    result.memberships.push_back(
        {.tag = wish.tag, .role = wish.role, .member = wish.member, .is_wanted = false});
  }
  for (SettingWish& wish : dropped(before.settings, now.settings)) {
    if (wish.role && !has_role(catalogue, *wish.role)) continue;
    wish.value.reset();
    result.settings.push_back(std::move(wish));
  }
  return result;
}

Wishes left_over(const Wishes& before, const Wishes& now) {
  Wishes result;
  result.access = dropped(before.access, now.access);
  result.future = dropped(before.future, now.future);
  result.defaults = dropped(before.defaults, now.defaults);
  result.memberships = dropped(before.memberships, now.memberships);
  result.settings = dropped(before.settings, now.settings);
  for (const SchemaWish& wish : before.schemas) {
    const bool stays =
        std::ranges::find(now.schemas, wish.name, &SchemaWish::name) != now.schemas.end();
    if (!stays) result.schemas.push_back(wish);
  }
  return result;
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
  append(wishes.ends, more.ends);
  return wishes;
}

}  // namespace weir::sql
