// Wishes for later objects: whose default privileges must say so.
#include "sql/creators.h"
#include "sql/draft.h"

namespace weir::sql {
namespace {

/// Whoever is wished to create in the schema can, once the statements are executed.
std::vector<RoleId> wished_creators(const Draft& draft, const Wishes& wishes,
                                    const std::string& schema) {
  std::vector<RoleId> creators;
  for (const AccessWish& wish : wishes.access) {
    const bool creates =
        wish.target == the_schema(schema) && wish.privileges.has(Privilege::kCreate);
    if (creates && wish.grantee.is_public) creators.push_back(kPublic);
    const bool is_role = creates && !wish.grantee.is_public;
    const Role* role = is_role ? draft.world.role_named(wish.grantee.role) : nullptr;
    if (role != nullptr) creators.push_back(role->id);
  }
  return creators;
}

/// Those whose default privileges cannot be set are left out: a finding says what that means.
std::vector<std::string> inferred_creators(const Draft& draft, const Catalogue& world,
                                           const Wishes& wishes, const std::string& schema) {
  std::vector<std::string> names;
  const auto newcomers = wished_creators(draft, wishes, schema);
  for (const RoleId creator : creators_in(world, schema, newcomers)) {
    if (draft.can_obtain(Right::kSetDefaults, creator)) {
      names.push_back(draft.world.name_of(creator));
    }
  }
  return names;
}

}  // namespace

std::vector<DefaultWish> default_wishes(const Draft& draft, const Wishes& wishes) {
  std::vector<DefaultWish> defaults;
  if (wishes.future.empty()) return defaults;
  const Catalogue world = draft.lasting_world();
  std::map<std::string, std::vector<std::string>> inferred;
  for (const FutureWish& wish : wishes.future) {
    const auto [place, is_new] = inferred.try_emplace(wish.schema);
    if (is_new) place->second = inferred_creators(draft, world, wishes, wish.schema);
    const auto& creators = wish.creators.empty() ? place->second : wish.creators;
    for (const std::string& creator : creators) {
      // Who makes an object may do everything with it.
      if (!wish.grantee.is_public && creator == wish.grantee.role) continue;
      defaults.push_back({.tag = wish.tag,
                          .creator = creator,
                          .schema = wish.schema,
                          .object_class = wish.object_class,
                          .grantee = wish.grantee,
                          .privileges = wish.privileges,
                          .is_grantable = wish.is_grantable});
    }
  }
  return defaults;
}

}  // namespace weir::sql
