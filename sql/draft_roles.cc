// Roles with their attributes, and memberships.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// The attributes of a role in the order of their words, so that each is compared in one way.
struct Attribute {
  std::optional<bool> RoleWish::*wanted;
  bool Role::*present;
  std::string_view word;
};
constexpr std::array kAttributes = {
    Attribute{&RoleWish::can_login, &Role::can_login, "login"},
    Attribute{&RoleWish::is_superuser, &Role::is_superuser, "superuser"},
    Attribute{&RoleWish::inherits, &Role::inherits, "inherit"},
    Attribute{&RoleWish::can_create_roles, &Role::can_create_roles, "createrole"},
    Attribute{&RoleWish::can_create_databases, &Role::can_create_databases, "createdb"},
    Attribute{&RoleWish::can_replicate, &Role::can_replicate, "replication"},
    Attribute{&RoleWish::bypasses_row_security, &Role::bypasses_row_security, "bypassrls"},
};

void set_attributes(Role& role, const RoleWish& wish) {
  for (const Attribute& attribute : kAttributes) {
    if (wish.*attribute.wanted) role.*attribute.present = *(wish.*attribute.wanted);
  }
  if (wish.connection_limit) role.connection_limit = *wish.connection_limit;
}

void make_role(Draft& draft, const RoleWish& wish) {
  Role role = {.name = wish.name};
  set_attributes(role, wish);
  draft.add_role(std::move(role));
  draft.add(Phase::kRoles, {.text = create_role(wish),
                            .tags = {wish.tag},
                            .why = fmt::format("there is no role {}", shown_name(wish.name))});
}

void change_role(Draft& draft, Role& role, const RoleWish& wish) {
  RoleWish changes = {.name = wish.name};
  std::vector<std::string> words;
  bool takes_away = false;
  for (const Attribute& attribute : kAttributes) {
    const std::optional<bool>& wanted = wish.*attribute.wanted;
    if (!wanted || *wanted == role.*attribute.present) continue;
    changes.*attribute.wanted = wanted;
    words.push_back(fmt::format("{} {}", *wanted ? "lacks" : "has", attribute.word));
    takes_away = takes_away || !*wanted;
  }
  if (wish.connection_limit && *wish.connection_limit != role.connection_limit) {
    changes.connection_limit = wish.connection_limit;
    words.push_back(fmt::format("has the connection limit {} instead of {}", role.connection_limit,
                                *wish.connection_limit));
  }
  if (words.empty()) return;
  set_attributes(role, changes);
  draft.add(Phase::kRoles,
            {.text = alter_role(changes),
             .tags = {wish.tag},
             .why = fmt::format("{} {}", shown_name(wish.name), fmt::join(words, ", ")),
             .takes_away = takes_away});
}

void add_password(Draft& draft, const RoleWish& wish) {
  StatementWithSecret statement = set_password(wish.name);
  draft.add(Phase::kRoles, {.text = std::move(statement.text),
                            .tags = {wish.tag},
                            .why = fmt::format("the password of {} is set", shown_name(wish.name)),
                            .secret_at = statement.secret_at});
}

/// What all entries of a pair give together: one for each grantor.
struct Joined {
  std::vector<Membership> entries = {};
  bool is_admin = false;
  bool inherits = false;
  bool can_set = false;
};

class MembershipDraft {
 public:
  MembershipDraft(Draft& draft, const MembershipWish& wish, RoleId role, RoleId member)
      : draft_(draft), wish_(wish), role_(role), member_(member) {
    for (const Membership& entry : draft.world.memberships) {
      if (entry.role != role || entry.member != member) continue;
      joined_.entries.push_back(entry);
      joined_.is_admin = joined_.is_admin || entry.is_admin;
      joined_.inherits = joined_.inherits || entry.inherits;
      joined_.can_set = joined_.can_set || entry.can_set;
    }
  }

  void run() {
    if (!wish_.is_wanted) return leave();
    if (!is_supported()) return;
    if (joined_.entries.empty()) return join();
    if (has_options()) return change_options();
    if (wish_.is_admin && *wish_.is_admin != joined_.is_admin) change_admin();
  }

 private:
  bool has_options() const { return draft_.world.version.major() >= kMembershipOptionsMajor; }

  /// Old servers always allow SET ROLE, and let the member's attribute decide about inheritance.
  bool is_supported() {
    if (has_options()) return true;
    const bool inherits = draft_.world.role(member_)->inherits;
    const bool differs =
        !wish_.can_set.value_or(true) || wish_.inherits.value_or(inherits) != inherits;
    if (differs) {
      draft_.find(FindingKind::kUnsupported, {wish_.tag},
                  fmt::format("the membership of {} in {} can have options of its own from "
                              "PostgreSQL 16 on; this is {}",
                              shown_name(wish_.member), shown_name(wish_.role),
                              draft_.world.version.major()));
    }
    return !differs;
  }

  /// What another one gave is revoked in its name.
  bool may_revoke(const Membership& entry) {
    if (!has_options() || draft_.can_obtain(Right::kActAs, entry.grantor)) return true;
    draft_.find(FindingKind::kNotAllowed, {wish_.tag},
                fmt::format("{} is a member of {} by {}, in whose name {} may not take that back",
                            shown_name(wish_.member), shown_name(wish_.role),
                            shown_name(draft_.world.name_of(entry.grantor)),
                            shown_name(draft_.world.name_of(draft_.world.current_user))));
    return false;
  }

  /// PostgreSQL takes no role into itself, by whatever way.
  bool is_circle() {
    if (!reachable_roles(draft_.world, role_, Reach::kAny).contains(member_)) return false;
    draft_.find(FindingKind::kInvalidWish, {wish_.tag},
                fmt::format("{} cannot be a member of {}, which is a member of it",
                            shown_name(wish_.member), shown_name(wish_.role)));
    return true;
  }

  void join() {
    if (is_circle() || !is_allowed()) return;
    write(grant_membership(wish_.role, wish_.member,
                           {wish_.is_admin, wish_.inherits, wish_.can_set}, draft_.world.version),
          "is no member of", false);
    const bool inherits = wish_.inherits.value_or(draft_.world.role(member_)->inherits);
    draft_.world.memberships.push_back({.role = role_,
                                        .member = member_,
                                        .grantor = draft_.world.current_user,
                                        .is_admin = wish_.is_admin.value_or(false),
                                        .inherits = inherits,
                                        .can_set = wish_.can_set.value_or(true)});
  }

  void leave() {
    const std::vector<Membership> entries = joined_.entries;
    if (!std::ranges::all_of(entries, [&](const Membership& each) { return may_revoke(each); })) {
      return;
    }
    const bool cascades = keep_those_it_made();
    for (const Membership& entry : entries) {
      write(revoke_membership(wish_.role, wish_.member, grantor_of(entry), cascades),
            "is a member of", true);
    }
    std::erase_if(draft_.world.memberships, [&](const Membership& entry) {
      return entry.role == role_ && entry.member == member_;
    });
  }

  /// Whom the member made members stay members, from us. Whether there were such: what it has
  /// cannot be revoked then without them.
  bool keep_those_it_made() {
    if (!has_options()) return false;
    const std::vector<Membership> before = draft_.world.memberships;
    bool are_there = false;
    for (const Membership& each : before) {
      if (each.role != role_ || each.grantor != member_) continue;
      pass_on(draft_, each, Phase::kMemberships, {wish_.tag});
      are_there = true;
    }
    return are_there;
  }

  void change_admin() {
    if (*wish_.is_admin) {
      write(grant_membership(wish_.role, wish_.member, {.is_admin = true}, draft_.world.version),
            "may not administer", false);
    } else {
      write(revoke_membership_admin(wish_.role, wish_.member, std::nullopt), "may administer",
            true);
    }
  }

  /// Whoever may not say who its members are can make nobody one.
  bool is_allowed() {
    if (draft_.administers(role_)) return true;
    const std::string user = shown_name(draft_.world.name_of(draft_.world.current_user));
    draft_.find(FindingKind::kNotAllowed, {wish_.tag},
                fmt::format("{} cannot make {} a member of {}: it has no admin option there", user,
                            shown_name(wish_.member), shown_name(wish_.role)));
    return false;
  }

  /// An option that is to go must go from every entry that has it; one that is to come comes once.
  void change_options() {
    for (const Membership& entry : std::vector<Membership>(joined_.entries)) take_options(entry);
    const auto lacks = [](const std::optional<bool>& wanted, bool present) {
      return wanted == true && !present ? wanted : std::nullopt;
    };
    const MembershipOptions more = {.is_admin = lacks(wish_.is_admin, joined_.is_admin),
                                    .inherits = lacks(wish_.inherits, joined_.inherits),
                                    .can_set = lacks(wish_.can_set, joined_.can_set)};
    if (is_none(more) || !is_allowed()) return;
    write(grant_membership(wish_.role, wish_.member, more, draft_.world.version),
          "lacks options in", false);
  }

  void take_options(const Membership& entry) {
    const auto has = [](const std::optional<bool>& wanted, bool present) {
      return wanted == false && present ? wanted : std::nullopt;
    };
    const MembershipOptions less = {.is_admin = has(wish_.is_admin, entry.is_admin),
                                    .inherits = has(wish_.inherits, entry.inherits),
                                    .can_set = has(wish_.can_set, entry.can_set)};
    if (is_none(less) || !may_revoke(entry)) return;
    if (less.is_admin && keep_those_it_made()) {
      write(revoke_membership_admin(wish_.role, wish_.member, draft_.world.name_of(entry.grantor),
                                    true),
            "may administer", true);
    }
    write(change_membership(wish_.role, wish_.member, less, draft_.world.name_of(entry.grantor)),
          "has too many options in", true);
  }

  static bool is_none(const MembershipOptions& options) {
    return !options.is_admin && !options.inherits && !options.can_set;
  }

  std::optional<std::string> grantor_of(const Membership& entry) const {
    if (!has_options()) return std::nullopt;
    return draft_.world.name_of(entry.grantor);
  }

  void write(std::string text, std::string_view what, bool takes_away) {
    draft_.add(Phase::kMemberships, {.text = std::move(text),
                                     .tags = {wish_.tag},
                                     .why = fmt::format("{} {} {}", shown_name(wish_.member), what,
                                                        shown_name(wish_.role)),
                                     .takes_away = takes_away});
  }

  Draft& draft_;
  const MembershipWish& wish_;
  RoleId role_;
  RoleId member_;
  Joined joined_;
};

}  // namespace

void pass_on(Draft& draft, const Membership& membership, Phase phase,
             const std::vector<Tag>& tags) {
  std::vector<Membership>& all = draft.world.memberships;
  std::erase(all, membership);
  Membership ours = membership;
  ours.grantor = draft.world.current_user;
  const auto known = std::ranges::find_if(all, [&](const Membership& each) {
    return each.role == ours.role && each.member == ours.member && each.grantor == ours.grantor;
  });
  if (known != all.end()) {
    // What it has from us already stays.
    ours.is_admin = ours.is_admin || known->is_admin;
    ours.inherits = ours.inherits || known->inherits;
    ours.can_set = ours.can_set || known->can_set;
    if (ours == *known) return;
    all.erase(known);
  }
  const std::string role = draft.world.name_of(ours.role);
  const std::string member = draft.world.name_of(ours.member);
  draft.add(
      phase,
      {.text = grant_membership(role, member, {ours.is_admin, ours.inherits, ours.can_set},
                                draft.world.version),
       .tags = tags,
       .why = fmt::format("{} stays a member of {}, where {} has made it one", shown_name(member),
                          shown_name(role), shown_name(draft.world.name_of(membership.grantor)))});
  all.push_back(ours);
}

void draft_roles(Draft& draft, const Wishes& wishes) {
  const auto wanted =
      each_once(draft, wishes.roles, "a role", [](const RoleWish& wish) { return wish.name; });
  for (const auto& [name, wish] : wanted) {
    if (!draft.is_name(name, {wish.tag})) continue;
    const auto present = std::find_if(draft.world.roles.begin(), draft.world.roles.end(),
                                      [&](const Role& role) { return role.name == wish.name; });
    if (present != draft.world.roles.end()) {
      change_role(draft, *present, wish);
    } else {
      make_role(draft, wish);
    }
    if (wish.sets_password) add_password(draft, wish);
  }
}

void draft_memberships(Draft& draft, const Wishes& wishes) {
  const auto wanted =
      each_once(draft, wishes.memberships, "a membership",
                [](const MembershipWish& wish) { return std::pair(wish.role, wish.member); });
  // Who leaves goes first: the one that it was a member of may join it.
  for (const bool joins : {false, true}) {
    for (const auto& [pair, wish] : wanted) {
      if (wish.is_wanted != joins) continue;
      const auto role = draft.role(wish.role, {wish.tag});
      const auto member = draft.role(wish.member, {wish.tag});
      if (role && member) MembershipDraft(draft, wish, *role, *member).run();
    }
  }
}

}  // namespace weir::sql
