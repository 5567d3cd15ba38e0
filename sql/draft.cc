#include "sql/draft.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sql/quote.h"

namespace weir::sql {
bool Finding::is_error() const {
  return kind == FindingKind::kInvalidWish || kind == FindingKind::kMissingRole ||
         kind == FindingKind::kMissingObject || kind == FindingKind::kNotAllowed ||
         kind == FindingKind::kCircular || kind == FindingKind::kUnsupported;
}

Draft::Draft(const Catalogue& catalogue)
    : world(catalogue), standing_(world), next_role_(std::numeric_limits<RoleId>::max()) {
  for (const std::string& text : catalogue.unknown) {
    find(FindingKind::kUnknown, {}, fmt::format("the server has {}, which is left alone", text));
  }
}

void Draft::add(Phase phase, Statement statement) {
  phases_[static_cast<std::size_t>(phase)].push_back(std::move(statement));
}

void Draft::add_within(Phase phase, const std::vector<std::string>& path, Statement statement) {
  const auto look_in = [&, tags = statement.tags](const std::vector<std::string>& schemas,
                                                  std::string why) {
    add(phase, {.text = set_search_path(schemas),
                .tags = tags,
                .why = std::move(why),
                .is_auxiliary = true});
  };
  look_in(path, "where the next statement finds what it names without a schema");
  add(phase, std::move(statement));
  look_in({"pg_catalog"}, "names without a schema are PostgreSQL's own again");
}

void Draft::find(FindingKind kind, const std::vector<Tag>& tags, std::string text) {
  Finding finding = {.kind = kind, .tags = merged_tags(tags, {}), .text = std::move(text)};
  if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) {
    findings_.push_back(std::move(finding));
  }
}

bool Draft::is_name(const std::string& name, const std::vector<Tag>& tags) {
  const std::string problem = problem_with_name(name);
  if (!problem.empty()) find(FindingKind::kInvalidWish, tags, problem);
  return problem.empty();
}

std::optional<RoleId> Draft::role(const std::string& name, const std::vector<Tag>& tags) {
  if (!is_name(name, tags)) return std::nullopt;
  if (const Role* role = world.role_named(name)) return role->id;
  find(FindingKind::kMissingRole, tags, fmt::format("there is no role {}", shown_name(name)));
  return std::nullopt;
}

std::optional<RoleId> Draft::grantee(const Grantee& grantee, const std::vector<Tag>& tags) {
  if (grantee.is_public) return kPublic;
  return role(grantee.role, tags);
}

RoleId Draft::add_role(Role role) {
  // From the top, where no server of this age has come to: the order by number is kept.
  role.id = next_role_--;
  standing_.add_made(role.id);
  const auto place = std::lower_bound(world.roles.begin(), world.roles.end(), role.id,
                                      [](const Role& other, RoleId id) { return other.id < id; });
  return world.roles.insert(place, std::move(role))->id;
}

bool Draft::has(Right right, RoleId role) const {
  switch (right) {
    case Right::kActAs:
      return standing_.can_act_as(role);
    case Right::kGiveTo:
      return standing_.can_give_to(role);
    case Right::kSetDefaults:
      return standing_.can_set_defaults_of(role);
  }
  return false;
}

RoleId Draft::lender_for(RoleId role) const {
  return role == kDatabaseOwnerRole ? world.database_owner() : role;
}

bool Draft::joining_gives(Right right) const {
  return right != Right::kActAs || standing_.inherits_what_it_joins();
}

bool Draft::can_obtain(Right right, RoleId role) const {
  return has(right, role) || (joining_gives(right) && standing_.can_join(lender_for(role)));
}

bool Draft::obtain(Right right, RoleId role, const std::vector<Tag>& tags,
                   const std::string& purpose) {
  if (has(right, role)) return true;
  const std::string user = shown_name(world.name_of(world.current_user));
  if (standing_.can_join(lender_for(role))) {
    if (joining_gives(right)) {
      borrow(lender_for(role), tags, purpose);
      return has(right, role);
    }
    find(FindingKind::kNotAllowed, tags,
         fmt::format("{} cannot {}: it has the attribute NOINHERIT, so that being a member of {} "
                     "gives it nothing; ALTER ROLE {} INHERIT mends that",
                     user, purpose, shown_name(world.name_of(role)), user));
    return false;
  }
  find(FindingKind::kNotAllowed, tags,
       fmt::format("{} cannot {}: it is no member of {}, and may not make itself one", user,
                   purpose, shown_name(world.name_of(role))));
  return false;
}

void Draft::borrow(RoleId role, const std::vector<Tag>& tags, const std::string& purpose) {
  const std::string name = world.name_of(role);
  const std::string user = world.name_of(world.current_user);
  const bool has_options = world.version.major() >= kMembershipOptionsMajor;
  const auto own = std::find_if(
      world.memberships.begin(), world.memberships.end(), [&](const Membership& membership) {
        return membership.role == role && membership.member == world.current_user &&
               membership.grantor == world.current_user;
      });
  MembershipOptions options;
  if (has_options) options = {.inherits = true, .can_set = true};
  add(Phase::kBorrow,
      {.text = grant_membership(name, user, options, world.version),
       .tags = tags,
       .why = fmt::format("for this transaction alone: {} must be a member of {} to {}",
                          shown_name(user), shown_name(name), purpose),
       .is_auxiliary = true});
  std::string back = revoke_membership(
      name, user, has_options ? std::optional(user) : std::optional<std::string>());
  if (has_options && own != world.memberships.end()) {
    // The same entry had other options before.
    back = grant_membership(name, user, {.inherits = own->inherits, .can_set = own->can_set},
                            world.version);
  }
  add(Phase::kGiveBack, {.text = std::move(back),
                         .tags = tags,
                         .why = fmt::format("{} needs to be a member of {} no longer",
                                            shown_name(user), shown_name(name)),
                         .is_auxiliary = true});
  standing_.add_joined(role);
  borrowed_.push_back({.role = role, .member = world.current_user, .grantor = world.current_user});
  world.memberships.push_back(borrowed_.back());
}

Catalogue Draft::lasting_world() const {
  Catalogue lasting = world;
  for (const Membership& membership : borrowed_) {
    const auto place =
        std::find(lasting.memberships.begin(), lasting.memberships.end(), membership);
    if (place != lasting.memberships.end()) lasting.memberships.erase(place);
  }
  return lasting;
}

GranteeName Draft::name_of_grantee(RoleId role) const {
  if (role == kPublic) return std::nullopt;
  return world.name_of(role);
}

ObjectName Draft::object_name(ObjectClass object_class, const std::string& schema,
                              const std::string& name) const {
  if (object_class != ObjectClass::kRoutine) return {.schema = schema, .name = name};
  const Routine& routine = world.routines.at({schema, name});
  return {.schema = schema, .name = routine.name, .arguments = routine.arguments};
}

Difference Draft::finish() {
  Difference difference;
  auto& given_back = phases_[static_cast<std::size_t>(Phase::kGiveBack)];
  std::reverse(given_back.begin(), given_back.end());
  for (std::vector<Statement>& phase : phases_) {
    for (Statement& statement : phase) {
      statement.tags = merged_tags(std::move(statement.tags), {});
      difference.statements.push_back(std::move(statement));
    }
  }
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.kind, a.text, a.tags) < std::tie(b.kind, b.text, b.tags);
  });
  difference.findings = std::move(findings_);
  difference.strangers = std::move(strangers);
  return difference;
}

std::vector<Tag> merged_tags(std::vector<Tag> tags, const std::vector<Tag>& more) {
  tags.insert(tags.end(), more.begin(), more.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  std::erase(tags, "");
  return tags;
}

std::string shown_list(const std::vector<std::string>& names, std::size_t most) {
  std::vector<std::string> shown;
  for (std::size_t at = 0; at < std::min(most, names.size()); ++at) {
    shown.push_back(shown_name(names[at]));
  }
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

namespace {

/// Whoever is to have all privileges, and more than this server knows, is to have all that it does.
template <typename Wish>
void cut(std::vector<Wish>& wishes, ObjectClass Wish::*object_class, ServerVersion version) {
  for (Wish& wish : wishes) {
    const PrivilegeSet known = privileges_of(wish.*object_class, version);
    if (wish.privileges.contains(known)) wish.privileges = known;
  }
}

Wishes cut_to(Wishes wishes, ServerVersion version) {
  for (AccessWish& wish : wishes.access) {
    const PrivilegeSet known = privileges_of(wish.target.object_class, version);
    if (wish.privileges.contains(known)) wish.privileges = known;
  }
  cut(wishes.defaults, &DefaultWish::object_class, version);
  cut(wishes.future, &FutureWish::object_class, version);
  return wishes;
}

}  // namespace

Difference difference(const Catalogue& catalogue, const Wishes& all) {
  const Wishes wishes = cut_to(without_what_ends(all), catalogue.version);
  Draft draft(catalogue);
  draft_roles(draft, wishes);
  draft_memberships(draft, wishes);
  draft_table_ends(draft, wishes);
  draft_schemas(draft, wishes);
  draft_extensions(draft, wishes);
  draft_owners(draft, wishes);
  draft_settings(draft, wishes);
  draft_defaults(draft, wishes);
  draft_access(draft, wishes);
  draft_after_create(draft, wishes);
  draft_ends(draft, wishes);
  draft_retirements(draft, wishes);
  draft_role_ends(draft, wishes);
  return draft.finish();
}

Catalogue with_roles(const Catalogue& catalogue, const Wishes& wishes) {
  Draft draft(catalogue);
  draft_roles(draft, wishes);
  draft_memberships(draft, wishes);
  return draft.lasting_world();
}

}  // namespace weir::sql
