// Default privileges: what objects get that are made later, and whether the wishes reach them.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/creators.h"
#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// One entry of pg_default_acl, whether it exists or not.
struct Entry {
  RoleId creator = 0;
  std::optional<std::string> schema = {};
  ObjectClass object_class = ObjectClass::kTable;

  auto operator<=>(const Entry&) const = default;
};

struct Wanted {
  Shares shares = {};
  Others others = Others::kLeaveAlone;
  std::vector<Tag> tags = {};
  std::vector<Tag> tags_of_public = {};            ///< of those that say what everybody gets
  std::map<RoleId, std::vector<Tag>> denied = {};  ///< who is to get nothing, in so many words
};

bool can_have_defaults(ObjectClass object_class, bool is_in_schema, ServerVersion version) {
  constexpr int kLargeObjectMajor = 18;
  switch (object_class) {
    case ObjectClass::kTable:
    case ObjectClass::kSequence:
    case ObjectClass::kRoutine:
    case ObjectClass::kType:
      return true;
    case ObjectClass::kSchema:
      return !is_in_schema;
    case ObjectClass::kLargeObject:
      return !is_in_schema && version.major() >= kLargeObjectMajor;
    default:
      return false;
  }
}

bool is_possible(Draft& draft, const DefaultWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  const PrivilegeSet known = privileges_of(wish.object_class, draft.world.version);
  const bool has_class =
      can_have_defaults(wish.object_class, wish.schema.has_value(), draft.world.version);
  if (!has_class || !known.contains(wish.privileges)) {
    draft.find(FindingKind::kUnsupported, tags,
               fmt::format("there are no default privileges {} on {}{}", text_of(wish.privileges),
                           plural(wish.object_class), wish.schema ? " of a schema" : ""));
    return false;
  }
  if (wish.is_grantable && wish.grantee.is_public) {
    draft.find(FindingKind::kInvalidWish, tags, "PUBLIC cannot have a grant option by default");
    return false;
  }
  const bool has_schema =
      !wish.schema || draft.world.group_of(ObjectClass::kSchema, "", "", *wish.schema) != nullptr;
  if (!has_schema) {
    draft.find(FindingKind::kMissingObject, tags,
               fmt::format("there is no schema {}", shown_name(*wish.schema)));
  }
  return has_schema;
}

std::string future_objects(const Catalogue& world, const Entry& entry) {
  return fmt::format("{} that {} makes {}", plural(entry.object_class),
                     shown_name(world.name_of(entry.creator)),
                     entry.schema ? "in " + shown_name(*entry.schema) : "in any schema");
}

/// Of wishes that give somebody nothing and something none is carried out.
void drop_contradictions(Draft& draft, const Entry& entry, Wanted& wanted) {
  for (const auto& [role, tags] : wanted.denied) {
    if (wanted.shares[role].privileges.is_empty()) continue;
    draft.find(
        FindingKind::kInvalidWish, tags,
        fmt::format("{} is to get nothing of {}, and something: say one of them",
                    shown_name(draft.world.name_of(role)), future_objects(draft.world, entry)));
    wanted.shares.erase(role);
  }
}

void add(Draft& draft, const DefaultWish& wish, bool is_explicit,
         std::map<Entry, Wanted>& entries) {
  const std::vector<Tag> tags = {wish.tag};
  const auto creator = draft.role(wish.creator, tags);
  const auto grantee = draft.grantee(wish.grantee, tags);
  if (!creator || !grantee || !is_possible(draft, wish)) return;
  Wanted& wanted = entries[{*creator, wish.schema, wish.object_class}];
  Share& share = wanted.shares[*grantee];
  share.privileges |= wish.privileges;
  if (wish.is_grantable) share.grantable |= wish.privileges;
  wanted.tags = merged_tags(std::move(wanted.tags), tags);
  if (wish.grantee.is_public) {
    wanted.tags_of_public = merged_tags(std::move(wanted.tags_of_public), tags);
  }
  const bool is_denied = is_explicit && wish.privileges.is_empty() && !wish.is_release;
  if (is_denied) wanted.denied[*grantee] = tags;
}

std::map<Entry, Wanted> collect(Draft& draft, const Wishes& wishes, const SchemaAcls& acls) {
  std::map<Entry, Wanted> entries;
  for (const DefaultWish& wish : default_wishes(draft, wishes, acls)) {
    add(draft, wish, false, entries);
  }
  for (const DefaultWish& wish : wishes.defaults) add(draft, wish, true, entries);
  for (auto& [entry, wanted] : entries) drop_contradictions(draft, entry, wanted);
  return entries;
}

/// Of what is closed to all but those who are declared, later objects are closed as well: what else
/// the default privileges of such a schema say is taken away.
void close(const Draft& draft, const Wishes& wishes, std::map<Entry, Wanted>& entries) {
  for (const ExclusiveWish& wish : wishes.exclusive) {
    if (!wish.target.is_all()) continue;
    const auto is_meant = [&](const auto& entry) {
      return entry.schema == wish.target.schema && entry.object_class == wish.target.object_class;
    };
    for (const DefaultAcl& acl : draft.world.default_acls) {
      if (is_meant(acl)) entries.try_emplace({acl.creator, acl.schema, acl.object_class});
    }
    for (auto& [entry, wanted] : entries) {
      if (!is_meant(entry)) continue;
      wanted.others = Others::kTakeAway;
      wanted.tags = merged_tags(std::move(wanted.tags), {wish.tag});
    }
  }
}

/// What the entry says now; without one, what the server does by itself.
Acl present_acl(const Catalogue& world, const Entry& entry) {
  for (const DefaultAcl& other : world.default_acls) {
    const bool is_it = other.creator == entry.creator && other.schema == entry.schema &&
                       other.object_class == entry.object_class;
    if (is_it) return other.acl;
  }
  if (entry.schema) return {};
  Acl acl = built_in_acl(entry.object_class, entry.creator, world.version);
  std::sort(acl.begin(), acl.end());
  return acl;
}

void replace_acl(Catalogue& world, const Entry& entry, Acl acl) {
  std::erase_if(world.default_acls, [&](const DefaultAcl& other) {
    return other.creator == entry.creator && other.schema == entry.schema &&
           other.object_class == entry.object_class;
  });
  world.default_acls.push_back({.creator = entry.creator,
                                .schema = entry.schema,
                                .object_class = entry.object_class,
                                .acl = std::move(acl)});
}

std::string sentence(Draft& draft, const Entry& entry, AclVerb verb, PrivilegeSet privileges,
                     const std::vector<std::string>& grantees) {
  const std::string objects = future_objects(draft.world, entry);
  const std::string what = text_of(privileges);
  const std::string who = shown_list(grantees);
  switch (verb) {
    case AclVerb::kRevoke:
      return fmt::format("{} would give {} to {}, which nothing declares", objects, what, who);
    case AclVerb::kRevokeOption:
      return fmt::format("{} would let {} give on {}", objects, who, what);
    case AclVerb::kGrantWithOption:
      return fmt::format("{} would lack {} with grant option for {}", objects, what, who);
    default:
      return fmt::format("{} would lack {} for {}", objects, what, who);
  }
}

void write(Draft& draft, const Entry& entry, const std::vector<AclStep>& steps,
           const std::vector<Tag>& tags) {
  std::map<std::pair<AclVerb, PrivilegeSet>, std::vector<RoleId>> grantees;
  for (const AclStep& step : steps) grantees[{step.verb, step.privileges}].push_back(step.grantee);
  for (const auto& [key, roles] : grantees) {
    const auto& [verb, privileges] = key;
    DefaultStatement statement = {.creator = draft.world.name_of(entry.creator),
                                  .schema = entry.schema,
                                  .verb = verb,
                                  .privileges = privileges,
                                  .object_class = entry.object_class};
    std::vector<std::string> names;
    for (const RoleId role : roles) {
      statement.grantees.push_back(draft.name_of_grantee(role));
      names.push_back(draft.world.name_of(role));
    }
    std::ranges::sort(names);
    draft.add(Phase::kDefaults,
              {.text = text_of(statement),
               .tags = tags,
               .why = sentence(draft, entry, verb, privileges, names),
               .takes_away = verb == AclVerb::kRevoke || verb == AclVerb::kRevokeOption});
  }
}

/// Entries of a schema can only add to what PUBLIC gets by itself, so a wish for less is in vain.
void report_public(Draft& draft, const Entry& entry, const Wanted& wanted) {
  const auto share = wanted.shares.find(kPublic);
  if (!entry.schema || share == wanted.shares.end()) return;
  const Acl everywhere = present_acl(draft.world, {entry.creator, {}, entry.object_class});
  const Shares given = shares_of(everywhere, entry.creator);
  const auto of_public = given.find(kPublic);
  if (of_public == given.end()) return;
  const PrivilegeSet rest = of_public->second.privileges - share->second.privileges;
  if (rest.is_empty()) return;
  draft.find(FindingKind::kPublicDefault, wanted.tags_of_public,
             fmt::format("PUBLIC will have {} on {} all the same: default privileges of a schema "
                         "only add to those for all schemas; declare them for {} in all schemas",
                         text_of(rest), future_objects(draft.world, entry),
                         shown_name(draft.world.name_of(entry.creator))));
}

/// What later objects of a creator will give to a role, wherever that comes from.
PrivilegeSet future_privileges(const Catalogue& world, const Entry& entry, RoleId grantee) {
  const Shares own = shares_of(present_acl(world, entry), entry.creator);
  const Shares everywhere =
      shares_of(present_acl(world, {entry.creator, {}, entry.object_class}), entry.creator);
  PrivilegeSet privileges;
  for (const Shares* shares : {&own, &everywhere}) {
    for (const RoleId role : {grantee, kPublic}) {
      const auto share = shares->find(role);
      if (share != shares->end()) privileges |= share->second.privileges;
    }
  }
  return privileges;
}

/// What default privileges for all schemas give to the grantee by name.
PrivilegeSet given_everywhere(const Catalogue& world, const Entry& entry, RoleId grantee) {
  if (grantee == kPublic) return {};  // what everybody gets by itself is told elsewhere
  const Acl acl = present_acl(world, {entry.creator, {}, entry.object_class});
  return share_of(shares_of(acl, entry.creator), grantee).privileges;
}

/// What is wished for all objects of a schema and for later ones: each grantee once.
struct LaterWish {
  PrivilegeSet privileges = {};
  std::vector<Tag> tags = {};
};
using LaterWishes = std::map<std::pair<Target, Grantee>, LaterWish>;

/// Later objects of some will lack what is wished, or give more than that whatever the schema's
/// own default privileges say. `creators` are those of the wish's schema.
void report_future(Draft& draft, const std::vector<RoleId>& creators, const Target& target,
                   RoleId grantee, const LaterWish& wish) {
  std::map<PrivilegeSet, std::vector<std::string>> closed;
  std::map<PrivilegeSet, std::vector<std::string>> open;
  for (const RoleId creator : creators) {
    if (creator == grantee) continue;
    const Entry entry = {creator, target.schema, target.object_class};
    const PrivilegeSet missing = wish.privileges - future_privileges(draft.world, entry, grantee);
    const PrivilegeSet surplus = given_everywhere(draft.world, entry, grantee) - wish.privileges;
    if (!missing.is_empty()) closed[missing].push_back(draft.world.name_of(creator));
    if (!surplus.is_empty()) open[surplus].push_back(draft.world.name_of(creator));
  }
  const std::string who = shown_name(draft.world.name_of(grantee));
  for (const auto& [missing, names] : closed) {
    draft.find(
        FindingKind::kNotForFuture, wish.tags,
        fmt::format("{} that {} makes in {} later will lack {} for {}: no default privileges "
                    "say otherwise",
                    plural(target.object_class), shown_list(names), shown_name(target.schema),
                    text_of(missing), who));
  }
  for (const auto& [surplus, names] : open) {
    const std::string list = shown_list(names);
    draft.find(FindingKind::kOpenLater, wish.tags,
               fmt::format("{} that {} makes in any schema will give {} to {}, also in {}, where "
                           "less is declared; declare default_privileges for {} that do not",
                           plural(target.object_class), list, text_of(surplus), who,
                           shown_name(target.schema), list));
  }
}

void add_later(LaterWishes& later, const Target& target, const Grantee& grantee,
               PrivilegeSet privileges, const Tag& tag) {
  LaterWish& wish = later[{target, grantee}];
  wish.privileges |= privileges;
  wish.tags = merged_tags(std::move(wish.tags), {tag});
}

LaterWishes wishes_for_later(const Wishes& wishes) {
  LaterWishes later;
  for (const AccessWish& wish : wishes.access) {
    const bool is_meant = wish.covers_future && wish.target.is_all() && !wish.target.schema.empty();
    if (is_meant) add_later(later, wish.target, wish.grantee, wish.privileges, wish.tag);
  }
  LaterWishes others;
  for (const FutureWish& wish : wishes.future) {
    const Target target = all_in_schema(wish.object_class, wish.schema);
    if (!wish.creators.empty() || later.contains({target, wish.grantee})) continue;
    add_later(others, target, wish.grantee, wish.privileges, wish.tag);
  }
  later.merge(others);
  return later;
}

/// Who gets something by default that nothing declares, in words.
std::string beneficiaries(const Catalogue& world, const Shares& shares, RoleId creator,
                          const Shares& declared) {
  std::vector<std::string> words;
  for (const auto& [role, share] : shares) {
    const auto known = declared.find(role);
    const PrivilegeSet surplus =
        known == declared.end() ? share.privileges : share.privileges - known->second.privileges;
    if (role == creator || surplus.is_empty()) continue;
    words.push_back(fmt::format("{} to {}", text_of(surplus), shown_name(world.name_of(role))));
  }
  return shown_list(words);
}

/// Default privileges for all schemas, those that PostgreSQL has by itself among them, reach into
/// one that is closed, and are not its own to change.
void report_open(Draft& draft, const Catalogue& world, const Wishes& wishes, const SchemaAcls& acls,
                 const std::map<Entry, Wanted>& entries) {
  for (const ExclusiveWish& wish : wishes.exclusive) {
    const auto acl = acls.find(wish.target.schema);
    if (!wish.target.is_all() || acl == acls.end()) continue;
    const ObjectClass object_class = wish.target.object_class;
    std::map<std::string, std::vector<std::string>> creators;  // by what they give to whom
    for (const RoleId creator : creators_in(world, wish.target.schema, acl->second)) {
      const Acl everywhere = present_acl(draft.world, {creator, {}, object_class});
      const auto declared = entries.find({creator, wish.target.schema, object_class});
      const std::string who =
          beneficiaries(world, shares_of(everywhere, creator), creator,
                        declared == entries.end() ? Shares() : declared->second.shares);
      if (!who.empty()) creators[who].push_back(world.name_of(creator));
    }
    for (auto& [who, names] : creators) {
      std::ranges::sort(names);
      const std::string list = shown_list(names);
      draft.find(
          FindingKind::kOpenLater, {wish.tag},
          fmt::format("{} that {} makes in any schema will give {}, also in {}; declare "
                      "default_privileges for {} that do not",
                      plural(object_class), list, who, shown_name(wish.target.schema), list));
    }
  }
}

/// Whether the creator's defaults may be set. What nobody wished of it is no reason to stop.
bool may_set(Draft& draft, const Entry& entry, const Wanted& wanted) {
  const std::string objects = future_objects(draft.world, entry);
  if (!wanted.shares.empty() || draft.can_obtain(Right::kSetDefaults, entry.creator)) {
    return draft.obtain(Right::kSetDefaults, entry.creator, wanted.tags,
                        fmt::format("set what {} gives", objects));
  }
  const Shares shares = shares_of(present_acl(draft.world, entry), entry.creator);
  draft.find(FindingKind::kOpenLater, wanted.tags,
             fmt::format("{} will give {}, which nothing declares, and only {} can change that",
                         objects, beneficiaries(draft.world, shares, entry.creator, {}),
                         shown_name(draft.world.name_of(entry.creator))));
  return false;
}

/// Whom nobody named gets something of later objects in a schema of which somebody else is named.
void note_strangers(Draft& draft, const Wishes& wishes) {
  std::map<std::pair<std::string, ObjectClass>, std::set<Grantee>> named;
  const auto name = [&](const std::string& schema, ObjectClass object_class,
                        const Grantee& grantee) {
    named[{schema, object_class}].insert(grantee);
  };
  for (const AccessWish& wish : wishes.access) {
    if (wish.target.is_all()) name(wish.target.schema, wish.target.object_class, wish.grantee);
  }
  for (const FutureWish& wish : wishes.future) name(wish.schema, wish.object_class, wish.grantee);
  for (const DefaultWish& wish : wishes.defaults) {
    name(wish.schema.value_or(""), wish.object_class, wish.grantee);
  }
  std::set<std::string> leaving;
  for (const RetirementWish& wish : wishes.retirements) leaving.insert(wish.role);
  for (const DefaultAcl& entry : draft.world.default_acls) {
    const auto known = named.find({entry.schema.value_or(""), entry.object_class});
    if (known == named.end()) continue;
    for (const auto& [role, share] : shares_of(entry.acl, entry.creator)) {
      const Grantee grantee = {.role = role == kPublic ? "" : draft.world.name_of(role),
                               .is_public = role == kPublic};
      const bool is_stranger = role != entry.creator && !share.privileges.is_empty() &&
                               !known->second.contains(grantee) && !leaving.contains(grantee.role);
      if (!is_stranger) continue;
      draft.strangers.push_back(sentence(draft, {entry.creator, entry.schema, entry.object_class},
                                         AclVerb::kRevoke, share.privileges,
                                         {draft.world.name_of(role)}));
    }
  }
}

}  // namespace

void draft_defaults(Draft& draft, const Wishes& wishes) {
  const SchemaAcls acls = schema_acls_after(draft, wishes);
  std::map<Entry, Wanted> entries = collect(draft, wishes, acls);
  close(draft, wishes, entries);
  const Inheritance inheritance(draft.world);
  for (const auto& [entry, wanted] : entries) {
    const Acl acl = present_acl(draft.world, entry);
    Shares goal = final_shares(acl, entry.creator, wanted.shares, wanted.others);
    const auto steps = steps_between(acl, entry.creator, goal, inheritance);
    if (steps.empty() || !may_set(draft, entry, wanted)) continue;
    write(draft, entry, steps, wanted.tags);
    replace_acl(draft.world, entry, after_steps(acl, entry.creator, steps, inheritance));
  }
  for (const auto& [entry, wanted] : entries) report_public(draft, entry, wanted);
  const Catalogue world = draft.lasting_world();
  report_open(draft, world, wishes, acls, entries);
  std::map<std::string, std::vector<RoleId>> creators;  // by schema
  for (const auto& [subject, wish] : wishes_for_later(wishes)) {
    const auto& [target, whom] = subject;
    const auto grantee = draft.grantee(whom, wish.tags);
    const auto acl = acls.find(target.schema);
    if (!grantee || acl == acls.end()) continue;
    const auto [place, is_new] = creators.try_emplace(target.schema);
    if (is_new) place->second = creators_in(world, target.schema, acl->second);
    report_future(draft, place->second, target, *grantee, wish);
  }
  note_strangers(draft, wishes);
}

}  // namespace weir::sql
