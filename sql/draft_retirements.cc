// The end of roles in this database: what they own and may do there.
#include <algorithm>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// DROP OWNED takes along what the role gave to others, and leaves what it has from a grantor whom
/// PostgreSQL does not choose: it takes the first role of ours with grant options, which need not
/// be the one that gave. So before it the role loses everything on objects of others, in the way
/// that keeps what others have.
Wishes released_access(const Catalogue& world, const Role& role, const Tag& tag) {
  Wishes wishes;
  for (const ObjectGroup& group : world.groups) {
    const bool is_named =
        group.owner != role.id && std::ranges::any_of(group.acl, [&](const AclEntry& entry) {
          return entry.grantor == role.id || entry.grantee == role.id;
        });
    if (!is_named) continue;
    for (const std::string& name : group.names) {
      wishes.access.push_back({.tag = tag,
                               .grantee = {.role = role.name},
                               .target = {.object_class = group.object_class,
                                          .schema = group.schema,
                                          .table = group.table,
                                          .name = name}});
    }
  }
  return wishes;
}

/// Whom the role made members stay members. Before version 16 nothing happens to them.
void keep_members(Draft& draft, const Role& role, const std::vector<Tag>& tags) {
  if (draft.world.version.major() < kMembershipOptionsMajor) return;
  const std::vector<Membership> before = draft.world.memberships;
  for (const Membership& each : before) {
    const bool goes_anyway = each.role == role.id || each.member == role.id;
    if (each.grantor != role.id || goes_anyway) continue;
    pass_on(draft, each, Phase::kRetire, tags);
  }
}

/// "owns app.a and 3 more"
std::string property(const Catalogue& world, const Role& role) {
  std::vector<std::string> names;
  for (const ObjectGroup& group : world.groups) {
    if (group.owner != role.id || group.object_class == ObjectClass::kColumn) continue;
    for (const std::string& name : group.names) {
      names.push_back(group.schema.empty() ? name : group.schema + "." + name);
    }
  }
  for (const Neighbour& neighbour : world.neighbours) {
    if (neighbour.owner == role.id) names.push_back("database " + neighbour.database);
  }
  return names.empty() ? "owns nothing that is seen" : "owns " + shown_list(names);
}

/// The same statements as long as there is such a role: it may own what no snapshot shows.
void draft_retirement(Draft& draft, const RetirementWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  const Role* role = draft.world.role_named(wish.role);
  if (role == nullptr) return;
  const auto heir = draft.role(wish.heir, tags);
  if (!heir) return;
  const std::string name = shown_name(wish.role);
  if (role->id == draft.world.current_user || *heir == role->id) {
    return draft.find(FindingKind::kNotAllowed, tags,
                      role->id == draft.world.current_user
                          ? fmt::format("{} is who carries this out, and cannot end itself", name)
                          : fmt::format("{} cannot leave what it owns to itself", name));
  }
  const std::string purpose = "retire " + name;
  const bool is_allowed = draft.obtain(Right::kActAs, role->id, tags, purpose) &&
                          draft.obtain(Right::kActAs, *heir, tags, purpose);
  if (!is_allowed) return;
  keep_members(draft, *role, tags);
  draft_access(draft, released_access(draft.world, *role, wish.tag));
  draft.add(Phase::kRetire,
            {.text = reassign_owned(wish.role, wish.heir),
             .tags = tags,
             .why = fmt::format("{} {}; {} gets what it owns", name, property(draft.world, *role),
                                shown_name(wish.heir)),
             .takes_away = true});
  draft.add(Phase::kRetire,
            {.text = drop_owned(wish.role),
             .tags = tags,
             .why = fmt::format("{} loses its privileges and default privileges in {}", name,
                                shown_name(draft.world.database)),
             .takes_away = true});
}

}  // namespace

void draft_role_ends(Draft& draft, const Wishes& wishes) {
  for (const RoleEndWish& wish : wishes.role_ends) {
    const std::vector<Tag> tags = {wish.tag};
    const Role* role = draft.world.role_named(wish.role);
    if (role == nullptr || !draft.is_name(wish.role, tags)) continue;
    const Role* user = draft.world.role(draft.world.current_user);
    const bool is_allowed =
        user != nullptr && user != role &&
        (user->is_superuser || (user->can_create_roles && draft.administers(role->id)));
    if (is_allowed) {
      draft.add(Phase::kRetire, {.text = drop_role(wish.role),
                                 .tags = tags,
                                 .why = shown_name(wish.role) + " is to go",
                                 .takes_away = true});
    } else {
      draft.find(FindingKind::kNotAllowed, tags,
                 fmt::format("{} may not drop {}",
                             shown_name(draft.world.name_of(draft.world.current_user)),
                             shown_name(wish.role)));
    }
  }
}

void draft_retirements(Draft& draft, const Wishes& wishes) {
  for (const RetirementWish& wish : wishes.retirements) draft_retirement(draft, wish);
}

}  // namespace weir::sql
