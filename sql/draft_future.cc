// Wishes for later objects: whose default privileges must say so.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/creators.h"
#include "sql/draft.h"
#include "sql/quote.h"
#include "sql/wanted_access.h"

namespace weir::sql {
namespace {

/// Those whose default privileges cannot be set are left out: a finding says what that means.
std::set<std::string> inferred_creators(const Draft& draft, const Catalogue& world,
                                        const SchemaAcls& acls, const std::string& schema) {
  std::set<std::string> names;
  const auto acl = acls.find(schema);
  if (acl == acls.end()) return names;
  for (const RoleId creator : creators_in(world, schema, acl->second)) {
    if (draft.can_obtain(Right::kSetDefaults, creator)) {
      names.insert(draft.world.name_of(creator));
    }
  }
  return names;
}

/// Whether default privileges of that creator for the grantee are declared as such.
bool is_declared(const Wishes& wishes, const DefaultAcl& entry, const std::string& creator,
                 const Grantee& grantee) {
  return std::ranges::any_of(wishes.defaults, [&](const DefaultWish& wish) {
    return !wish.is_release && wish.creator == creator && wish.schema == entry.schema &&
           wish.object_class == entry.object_class && wish.grantee == grantee;
  });
}

/// Others may have been able to create once, or be again: what their objects would give to the
/// grantee is no more than what is wished, and nothing where the creators are named.
void limit_others(Draft& draft, const Wishes& wishes, const FutureWish& wish,
                  const std::set<std::string>& creators, std::vector<DefaultWish>& defaults) {
  const Role* role = draft.world.role_named(wish.grantee.role);
  if (!wish.grantee.is_public && role == nullptr) return;
  const RoleId grantee = wish.grantee.is_public ? kPublic : role->id;
  for (const DefaultAcl& entry : draft.world.default_acls) {
    const std::string creator = draft.world.name_of(entry.creator);
    const bool is_meant = entry.schema == wish.schema && entry.object_class == wish.object_class &&
                          entry.creator != grantee && !creators.contains(creator);
    if (!is_meant || is_declared(wishes, entry, creator, wish.grantee)) continue;
    const PrivilegeSet given = share_of(shares_of(entry.acl, entry.creator), grantee).privileges;
    const PrivilegeSet kept = wish.creators.empty() ? given & wish.privileges : PrivilegeSet();
    if (given.is_empty()) continue;
    if (draft.can_obtain(Right::kSetDefaults, entry.creator)) {
      // Also what stays is said: an exclusive wish takes away what nothing says.
      defaults.push_back({.tag = wish.tag,
                          .creator = creator,
                          .schema = wish.schema,
                          .object_class = wish.object_class,
                          .grantee = wish.grantee,
                          .privileges = kept,
                          .is_grantable = wish.is_grantable,
                          .is_release = true});
    } else if (given != kept) {
      draft.find(FindingKind::kOpenLater, {wish.tag},
                 fmt::format("{} that {} makes in {} will give {} to {}, which nothing declares, "
                             "and only {} can change that",
                             plural(entry.object_class), shown_name(creator),
                             shown_name(wish.schema), text_of(given - kept),
                             shown_name(draft.world.name_of(grantee)), shown_name(creator)));
    }
  }
}

}  // namespace

SchemaAcls schema_acls_after(Draft& draft, const Wishes& wishes) {
  const auto is_of_schema = [](const auto& wish) {
    return wish.target.object_class == ObjectClass::kSchema;
  };
  Wishes of_schemas;
  std::ranges::copy_if(wishes.access, std::back_inserter(of_schemas.access), is_of_schema);
  std::ranges::copy_if(wishes.exclusive, std::back_inserter(of_schemas.exclusive), is_of_schema);
  const WantedAccess wanted(draft, of_schemas);
  const Inheritance inheritance(draft.world);
  SchemaAcls acls;
  for (const ObjectGroup& group : draft.world.groups) {
    if (group.object_class != ObjectClass::kSchema) continue;
    for (const std::string& name : group.names) acls[name] = group.acl;
    for (const WantedPart& part : wanted.parts_of(group)) {
      const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
      const auto steps = steps_between(group.acl, group.owner, goal, inheritance);
      const Acl after = after_steps(group.acl, group.owner, steps, inheritance);
      for (const std::string& name : part.names) acls[name] = after;
    }
  }
  return acls;
}

std::vector<DefaultWish> default_wishes(Draft& draft, const Wishes& wishes,
                                        const SchemaAcls& acls) {
  std::vector<DefaultWish> defaults;
  if (wishes.future.empty()) return defaults;
  const Catalogue world = draft.lasting_world();
  std::map<std::string, std::set<std::string>> inferred;
  for (const FutureWish& wish : wishes.future) {
    const auto [place, is_new] = inferred.try_emplace(wish.schema);
    if (is_new) place->second = inferred_creators(draft, world, acls, wish.schema);
    const std::set<std::string> named(wish.creators.begin(), wish.creators.end());
    const std::set<std::string>& creators = named.empty() ? place->second : named;
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
    limit_others(draft, wishes, wish, creators, defaults);
  }
  return defaults;
}

}  // namespace weir::sql
