// Privileges on what exists: for each object the steps, for each kind of step one statement.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/quote.h"
#include "sql/wanted_access.h"

namespace weir::sql {
namespace {

/// PostgreSQL takes longer lists, but nobody reads them and each is parsed as a whole.
constexpr std::size_t kMostObjects = 1000;

/// Steps over columns surround those over tables, as a REVOKE on a table reaches its columns.
enum class Round : std::uint8_t { kColumnsBefore, kMain, kColumnsAfter };

/// What one statement does, apart from the objects.
struct Stroke {
  Round round = Round::kMain;
  ObjectClass object_class = ObjectClass::kTable;
  std::string schema = {};
  std::string table = {};
  int step_round = kFirstRound;
  AclVerb verb = AclVerb::kGrant;
  bool cascades = false;
  PrivilegeSet privileges = {};
  std::vector<RoleId> grantees = {};

  auto operator<=>(const Stroke&) const = default;
};

struct Strokes {
  std::vector<std::string> names = {};
  std::vector<Tag> tags = {};
};

using Container = std::tuple<ObjectClass, std::string, std::string>;

class AccessDraft {
 public:
  AccessDraft(Draft& draft, const WantedAccess& wanted)
      : draft_(draft), wanted_(wanted), inheritance_(draft.world) {
    for (const ObjectGroup& group : draft.world.groups) {
      counts_[{group.object_class, group.schema, group.table}] += group.names.size();
    }
  }

  void run() {
    for (const ObjectGroup& group : draft_.world.groups) {
      if (group.object_class != ObjectClass::kColumn) compare(group);
    }
    for (const ObjectGroup& group : draft_.world.groups) {
      if (group.object_class == ObjectClass::kColumn) compare_columns(group);
    }
    for (auto& [stroke, strokes] : strokes_) write(stroke, strokes);
  }

 private:
  void compare(const ObjectGroup& group) {
    for (const WantedPart& part : wanted_.parts_of(group)) {
      const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
      const auto steps = steps_between(group.acl, group.owner, goal, inheritance_);
      report_circles(group, after_steps(group.acl, group.owner, steps, inheritance_), goal, part);
      if (steps.empty() || !may_carry_out(group, steps, part)) continue;
      record(Round::kMain, group, steps, part);
      if (group.object_class == ObjectClass::kTable) remember_revokes(group, part, steps);
    }
  }

  /// A REVOKE on a table takes the grantee's columns as well. It is taken apart: first the
  /// columns, with care for who depends on them, then the table, then what is to stay of columns.
  void compare_columns(const ObjectGroup& group) {
    for (WantedPart part : wanted_.parts_of_columns(group)) {
      const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
      Shares between = final_shares(group.acl, group.owner, {}, Others::kLeaveAlone);
      const auto revoked = revoked_.find({group.schema, group.table});
      if (revoked != revoked_.end()) {
        for (const auto& [role, lost] : revoked->second.shares) {
          if (!between.contains(role)) continue;
          between[role].privileges -= lost.privileges;
          between[role].grantable -= lost.privileges | lost.grantable;
        }
        part.tags = merged_tags(part.tags, revoked->second.tags);
      }
      const auto before = steps_between(group.acl, group.owner, between, inheritance_);
      const Acl acl = after_steps(group.acl, group.owner, before, inheritance_);
      const auto after = steps_between(acl, group.owner, goal, inheritance_);
      report_circles(group, after_steps(acl, group.owner, after, inheritance_), goal, part);
      if (before.empty() && after.empty()) continue;
      if (!may_carry_out(group, before.empty() ? after : before, part)) continue;
      record(Round::kColumnsBefore, group, before, part);
      record(Round::kColumnsAfter, group, after, part);
    }
    report_kept_columns(group);
  }

  /// Two grantees that gave an option to each other keep it whatever the owner revokes. Only they
  /// themselves can end that, and they may lack what else is needed to name the object.
  void report_circles(const ObjectGroup& group, const Acl& acl, const Shares& goal,
                      const WantedPart& part) {
    if (is_reached(acl, group.owner, goal)) return;
    std::set<std::string> givers;
    for (const AclEntry& entry : acl) {
      if (entry.grantor != group.owner) givers.insert(draft_.world.name_of(entry.grantor));
    }
    draft_.find(FindingKind::kCircular, part.tags,
                fmt::format("{} gave privileges on {} that its owner cannot take back: to each "
                            "other, or before they became members of the owner",
                            shown_list({givers.begin(), givers.end()}),
                            shown_list(full_names(group, part.names))));
  }

  /// Whoever is to have nothing on the table and still has columns surprises the reader.
  void report_kept_columns(const ObjectGroup& group) {
    const Shares shares = shares_of(group.acl, group.owner);
    for (const auto& [role, tags] : wanted_.closed_out_of(group.schema, group.table)) {
      const auto share = shares.find(role);
      if (share == shares.end() || share->second.privileges.is_empty()) continue;
      std::vector<std::string> kept;
      for (const std::string& name : group.names) {
        const bool is_named = wanted_.names_column(group.schema, group.table, name, role);
        if (!is_named) kept.push_back(name);
      }
      if (kept.empty()) continue;
      draft_.find(
          FindingKind::kKeepsColumns, tags,
          fmt::format("{} keeps {} on columns of {}.{}, which nothing declares: {}",
                      shown_name(draft_.world.name_of(role)), text_of(share->second.privileges),
                      shown_name(group.schema), shown_name(group.table), shown_list(kept)));
    }
  }

  struct Revoked {
    Shares shares = {};
    std::vector<Tag> tags = {};
  };

  void remember_revokes(const ObjectGroup& group, const WantedPart& part,
                        const std::vector<AclStep>& steps) {
    for (const AclStep& step : steps) {
      const bool takes = step.verb == AclVerb::kRevoke;
      if (!takes && step.verb != AclVerb::kRevokeOption) continue;
      for (const std::string& name : part.names) {
        Revoked& revoked = revoked_[{group.schema, name}];
        Share& share = revoked.shares[step.grantee];
        (takes ? share.privileges : share.grantable) |= step.privileges;
        revoked.tags = merged_tags(revoked.tags, part.tags);
      }
    }
  }

  bool may_carry_out(const ObjectGroup& group, const std::vector<AclStep>& steps,
                     const WantedPart& part) {
    const std::string purpose =
        fmt::format("change privileges on {}", shown_list(full_names(group, part.names), 2));
    if (draft_.can_obtain(Right::kActAs, group.owner)) {
      return draft_.obtain(Right::kActAs, group.owner, part.tags, purpose);
    }
    if (may_grant_on(group, steps)) return true;
    return draft_.obtain(Right::kActAs, group.owner, part.tags, purpose);
  }

  /// Whether all steps only give what the current user may give on without being the owner.
  bool may_grant_on(const ObjectGroup& group, const std::vector<AclStep>& steps) const {
    const auto roles = reachable_roles(draft_.world, draft_.world.current_user, Reach::kInherited);
    return std::all_of(steps.begin(), steps.end(), [&](const AclStep& step) {
      const bool gives = step.verb == AclVerb::kGrant || step.verb == AclVerb::kGrantWithOption;
      return gives && std::any_of(group.acl.begin(), group.acl.end(), [&](const AclEntry& entry) {
               return roles.contains(entry.grantee) && entry.grantable.contains(step.privileges);
             });
    });
  }

  void record(Round round, const ObjectGroup& group, const std::vector<AclStep>& steps,
              const WantedPart& part) {
    std::map<std::tuple<int, AclVerb, bool, PrivilegeSet>, std::vector<RoleId>> grantees;
    for (const AclStep& step : steps) {
      grantees[{step.round, step.verb, step.cascades, step.privileges}].push_back(step.grantee);
    }
    for (auto& [key, roles] : grantees) {
      const auto& [step_round, verb, cascades, privileges] = key;
      std::vector<Tag> tags = part.tags;
      Strokes& strokes = strokes_[{.round = round,
                                   .object_class = group.object_class,
                                   .schema = group.schema,
                                   .table = group.table,
                                   .step_round = step_round,
                                   .verb = verb,
                                   .cascades = cascades,
                                   .privileges = privileges,
                                   .grantees = std::move(roles)}];
      strokes.names.insert(strokes.names.end(), part.names.begin(), part.names.end());
      strokes.tags = merged_tags(std::move(strokes.tags), tags);
    }
  }

  static std::vector<std::string> full_names(const ObjectGroup& group,
                                             const std::vector<std::string>& names) {
    std::vector<std::string> result;
    for (const std::string& name : names) {
      std::string full = group.schema.empty() ? name : group.schema + "." + name;
      if (!group.table.empty()) full = group.schema + "." + group.table + "." + name;
      result.push_back(std::move(full));
    }
    return result;
  }

  void write(const Stroke& stroke, Strokes& strokes) {
    std::sort(strokes.names.begin(), strokes.names.end());
    const std::size_t total = counts_.at({stroke.object_class, stroke.schema, stroke.table});
    const bool has_whole_form = stroke.object_class == ObjectClass::kTable ||
                                stroke.object_class == ObjectClass::kSequence ||
                                stroke.object_class == ObjectClass::kRoutine;
    if (has_whole_form && strokes.names.size() == total && total > 1) {
      write_statement(stroke, strokes.names, strokes.tags, true);
      return;
    }
    for (std::size_t at = 0; at < strokes.names.size(); at += kMostObjects) {
      const auto begin = strokes.names.begin() + static_cast<std::ptrdiff_t>(at);
      const auto end =
          begin + static_cast<std::ptrdiff_t>(std::min(kMostObjects, strokes.names.size() - at));
      write_statement(stroke, {begin, end}, strokes.tags, false);
    }
  }

  void write_statement(const Stroke& stroke, const std::vector<std::string>& names,
                       const std::vector<Tag>& tags, bool is_whole_schema) {
    AclStatement statement = {.verb = stroke.verb,
                              .cascades = stroke.cascades,
                              .privileges = stroke.privileges,
                              .object_class = stroke.object_class,
                              .is_whole_schema = is_whole_schema};
    for (const RoleId role : stroke.grantees) {
      statement.grantees.push_back(draft_.name_of_grantee(role));
    }
    if (stroke.object_class == ObjectClass::kColumn) {
      statement.columns = names;
      statement.objects.push_back({.schema = stroke.schema, .name = stroke.table});
    } else {
      for (const std::string& name : names) statement.objects.push_back(object(stroke, name));
    }
    draft_.add(Phase::kAccess, {.text = text_of(statement),
                                .tags = tags,
                                .why = sentence(stroke, names),
                                .takes_away = stroke.verb == AclVerb::kRevoke ||
                                              stroke.verb == AclVerb::kRevokeOption});
  }

  ObjectName object(const Stroke& stroke, const std::string& name) const {
    if (stroke.object_class != ObjectClass::kRoutine)
      return {.schema = stroke.schema, .name = name};
    const Routine& routine = draft_.world.routines.at({stroke.schema, name});
    return {.schema = stroke.schema, .name = routine.name, .arguments = routine.arguments};
  }

  std::string sentence(const Stroke& stroke, const std::vector<std::string>& names) const {
    std::vector<std::string> grantees;
    for (const RoleId role : stroke.grantees) grantees.push_back(draft_.world.name_of(role));
    const std::string who = shown_list(grantees);
    const std::string what = text_of(stroke.privileges);
    const std::string objects = objects_in_words(stroke, names);
    if (stroke.step_round != kFirstRound && stroke.step_round != kLastRound) {
      return fmt::format("what {} gave on of {} is taken back with an option lent to it: {}", who,
                         what, objects);
    }
    switch (stroke.verb) {
      case AclVerb::kGrant:
        return fmt::format("{} {} {} for {}", objects, names.size() == 1 ? "lacks" : "lack", what,
                           who);
      case AclVerb::kGrantWithOption:
        return fmt::format("{} {} {} with grant option for {}", objects,
                           names.size() == 1 ? "lacks" : "lack", what, who);
      case AclVerb::kRevoke:
        return fmt::format("{} {} {} to {}, which nothing declares{}", objects,
                           names.size() == 1 ? "gives" : "give", what, who, cascade_words(stroke));
      case AclVerb::kRevokeOption:
        return fmt::format("{} may not give on {} on {}{}", who, what, objects,
                           cascade_words(stroke));
    }
    return "";
  }

  static std::string cascade_words(const Stroke& stroke) {
    return stroke.cascades ? "; whom it gave them to either keeps them from the owner or loses them"
                           : "";
  }

  /// "2 of 312 tables (app.a, app.b)"
  std::string objects_in_words(const Stroke& stroke, const std::vector<std::string>& names) const {
    const ObjectGroup place = {.schema = stroke.schema, .table = stroke.table};
    const std::string list = shown_list(full_names(place, names));
    if (names.size() == 1) return fmt::format("{} {}", noun(stroke.object_class), list);
    const std::size_t total = counts_.at({stroke.object_class, stroke.schema, stroke.table});
    const bool has_total = stroke.object_class != ObjectClass::kColumn;
    return has_total ? fmt::format("{} of {} {} ({})", names.size(), total,
                                   plural(stroke.object_class), list)
                     : fmt::format("{} {} ({})", names.size(), plural(stroke.object_class), list);
  }

  Draft& draft_;
  const WantedAccess& wanted_;
  Inheritance inheritance_;
  std::map<Container, std::size_t> counts_;
  std::map<Stroke, Strokes> strokes_;
  std::map<std::pair<std::string, std::string>, Revoked> revoked_;
};

}  // namespace

void draft_access(Draft& draft, const Wishes& wishes) {
  const WantedAccess wanted(draft, wishes);
  AccessDraft(draft, wanted).run();
}

}  // namespace weir::sql
