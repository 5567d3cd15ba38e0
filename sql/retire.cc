#include "sql/retire.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// DROP OWNED takes along what the role gave to others. So before it the role loses everything on
/// objects of others on which it gave something, in the way that keeps what they have.
Wishes released_gifts(const Catalogue& world, const Role& role, const Tag& tag) {
  Wishes wishes;
  for (const ObjectGroup& group : world.groups) {
    const bool gave = group.owner != role.id &&
                      std::any_of(group.acl.begin(), group.acl.end(),
                                  [&](const AclEntry& entry) { return entry.grantor == role.id; });
    if (!gave) continue;
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

/// "owns app.a and 3 more"
std::string property(const Catalogue& world, const Role& role) {
  std::vector<std::string> names;
  for (const ObjectGroup& group : world.groups) {
    if (group.owner != role.id || group.object_class == ObjectClass::kColumn) continue;
    for (const std::string& name : group.names) {
      names.push_back(group.schema.empty() ? name : group.schema + "." + name);
    }
  }
  return names.empty() ? "owns nothing that the snapshot shows" : "owns " + shown_list(names);
}

}  // namespace

Difference retirement(const Catalogue& catalogue, const Retirement& wish) {
  Draft draft(catalogue);
  const std::vector<Tag> tags = {wish.tag};
  const Role* role = draft.world.role_named(wish.role);
  if (role == nullptr) return draft.finish();
  const auto heir = draft.role(wish.heir, tags);
  if (!heir) return draft.finish();
  const std::string name = shown_name(wish.role);
  const std::string purpose = "retire " + name;
  const bool is_allowed = draft.obtain(Right::kActAs, role->id, tags, purpose) &&
                          draft.obtain(Right::kActAs, *heir, tags, purpose);
  if (!is_allowed) return draft.finish();
  draft_access(draft, released_gifts(draft.world, *role, wish.tag));
  draft.add(Phase::kRetire,
            {.text = reassign_owned(wish.role, wish.heir),
             .tags = tags,
             .why = fmt::format("{} {}; {} gets it", name, property(draft.world, *role),
                                shown_name(wish.heir)),
             .takes_away = true});
  draft.add(Phase::kRetire,
            {.text = drop_owned(wish.role),
             .tags = tags,
             .why = fmt::format("{} loses its privileges and default privileges in {}", name,
                                shown_name(draft.world.database)),
             .takes_away = true});
  return draft.finish();
}

Difference final_drop(const Catalogue& catalogue, const Retirement& wish) {
  Draft draft(catalogue);
  if (catalogue.role_named(wish.role) == nullptr) return draft.finish();
  draft.add(Phase::kRetire,
            {.text = drop_role(wish.role),
             .tags = {wish.tag},
             .why = fmt::format("{} is retired in every database", shown_name(wish.role)),
             .takes_away = true});
  return draft.finish();
}

}  // namespace weir::sql
