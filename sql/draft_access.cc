// Privileges on what exists: for each group of objects what is wanted, and the steps to it.
#include <set>

#include <fmt/format.h>

#include "sql/access_rights.h"
#include "sql/access_script.h"
#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/quote.h"
#include "sql/wanted_access.h"

namespace weir::sql {
namespace {

class AccessDraft {
 public:
  AccessDraft(Draft& draft, const WantedAccess& wanted, const Wishes& wishes)
      : draft_(draft), wanted_(wanted), rights_(draft), script_(draft), strangers_(draft) {
    for (const RetirementWish& wish : wishes.retirements) leaving_.insert(wish.role);
  }

  void run() {
    for (const ObjectGroup& group : draft_.world.groups) rights_.prepare(group, parts_of(group));
    // What becomes of schemas decides about what is possible with the objects in them, and columns
    // follow their tables.
    for (const ObjectGroup& group : draft_.world.groups) {
      if (group.object_class == ObjectClass::kSchema) compare(group);
    }
    for (const ObjectGroup& group : draft_.world.groups) {
      const bool is_other =
          group.object_class != ObjectClass::kSchema && group.object_class != ObjectClass::kColumn;
      if (is_other) compare(group);
    }
    for (const ObjectGroup& group : draft_.world.groups) {
      if (group.object_class == ObjectClass::kColumn) compare_columns(group);
    }
    if (draft_.moves_database) check_new_owner();
    script_.write();
    for (std::string& each : strangers_.sentences()) draft_.strangers.push_back(std::move(each));
  }

 private:
  /// What the old owner had by owning it goes with it.
  void check_new_owner() {
    for (const ObjectGroup& group : draft_.world.groups) {
      const bool is_open = group.object_class == ObjectClass::kDatabase && parts_of(group).empty();
      if (is_open) locks_us_out(group, group.acl, {});
    }
  }

  std::vector<WantedPart> parts_of(const ObjectGroup& group) const {
    return group.object_class == ObjectClass::kColumn ? wanted_.parts_of_columns(group)
                                                      : wanted_.parts_of(group);
  }

  std::vector<AclStep> steps_to(const ObjectGroup& group, const Acl& acl,
                                const Shares& goal) const {
    return steps_between(acl, group.owner, goal, rights_.inheritance());
  }
  Acl after(const ObjectGroup& group, const Acl& acl, const std::vector<AclStep>& steps) const {
    return after_steps(acl, group.owner, steps, rights_.inheritance());
  }

  void compare(const ObjectGroup& group) {
    for (const WantedPart& part : parts_of(group)) {
      note_strangers(group, part);
      const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
      const auto steps = steps_to(group, group.acl, goal);
      const Acl result = after(group, group.acl, steps);
      if (!report_circles(group, result, goal, part)) report_other_ways(group, result, part);
      if (steps.empty() || !rights_.may_carry_out(group, steps, part)) continue;
      if (locks_us_out(group, result, part)) continue;
      script_.record(Round::kMain, group, steps, part, rights_.executor_of(group, steps, part));
      if (group.object_class == ObjectClass::kTable) remember_revokes(group, part, steps);
      rights_.expect(group, part.names, result);
    }
  }

  /// Whoever applies gets into the database by what everybody may, and would not next time.
  bool locks_us_out(const ObjectGroup& group, const Acl& result, const WantedPart& part) {
    if (group.object_class != ObjectClass::kDatabase) return false;
    const Catalogue lasting = draft_.lasting_world();
    const RoleId user = lasting.current_user;
    if (has_privilege(lasting, user, Privilege::kConnect, result)) return false;
    draft_.find(
        FindingKind::kNotAllowed, part.tags,
        fmt::format("{}, who applies this, would not get into {} any more: it needs "
                    "connect of its own",
                    shown_name(draft_.world.name_of(user)), shown_name(draft_.world.database)));
    return true;
  }

  /// A REVOKE on a table takes the grantee's columns as well. It is taken apart: first the
  /// columns, with care for who depends on them, then the table, then what is to stay of columns.
  void compare_columns(const ObjectGroup& group) {
    for (WantedPart part : parts_of(group)) {
      if (!part.shares.empty()) note_strangers(group, part);
      const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
      const auto before = steps_to(group, group.acl, without_revoked(group, part));
      const Acl between = after(group, group.acl, before);
      const auto later = steps_to(group, between, goal);
      const Acl result = after(group, between, later);
      if (!report_circles(group, result, goal, part)) report_other_ways(group, result, part);
      std::vector<AclStep> steps = before;
      steps.insert(steps.end(), later.begin(), later.end());
      if (steps.empty() || !rights_.may_carry_out(group, steps, part)) continue;
      const RoleId executor = rights_.executor_of(group, steps, part);
      const bool is_passing = steps_to(group, group.acl, goal).empty();
      script_.record(Round::kColumnsBefore, group, before, part, executor, is_passing);
      script_.record(Round::kColumnsAfter, group, later, part, executor, is_passing);
    }
  }

  /// What everybody has on the columns but for what goes with their table.
  Shares without_revoked(const ObjectGroup& group, WantedPart& part) const {
    Shares shares = final_shares(group.acl, group.owner, {}, Others::kLeaveAlone);
    const auto revoked = revoked_.find({group.schema, group.table});
    if (revoked == revoked_.end()) return shares;
    for (const auto& [role, lost] : revoked->second.shares) {
      const auto share = shares.find(role);
      if (share == shares.end()) continue;
      share->second.privileges -= lost.privileges;
      share->second.grantable -= lost.privileges | lost.grantable;
    }
    part.tags = merged_tags(part.tags, revoked->second.tags);
    return shares;
  }

  /// Two grantees that gave an option to each other keep it whatever the owner revokes. Only they
  /// themselves can end that, and they may lack what else is needed to name the object.
  bool report_circles(const ObjectGroup& group, const Acl& acl, const Shares& goal,
                      const WantedPart& part) {
    if (is_reached(acl, group.owner, goal)) return false;
    std::set<std::string> givers;
    for (const AclEntry& entry : acl) {
      if (entry.grantor != group.owner) givers.insert(draft_.world.name_of(entry.grantor));
    }
    draft_.find(FindingKind::kCircular, part.tags,
                fmt::format("{} gave privileges on {} that its owner cannot take back: to each "
                            "other, or as members of the owner",
                            shown_list({givers.begin(), givers.end()}),
                            shown_list(full_names(group, part.names))));
    return true;
  }

  /// Whoever is to have nothing on an object may get at it without what is given to itself.
  void report_other_ways(const ObjectGroup& group, const Acl& result, const WantedPart& part) {
    const bool is_table = group.object_class == ObjectClass::kTable;
    if (is_table && wanted_.names_columns_in(group.schema)) {
      for (const std::string& name : part.names) tables_after_[{group.schema, name}] = result;
    }
    for (const RoleId role : part.denied) {
      report_ways(group, part, role, result, "");
      if (group.object_class != ObjectClass::kColumn) continue;
      report_ways(group, part, role, acl_of_table(group), ", through the whole table");
    }
  }

  void report_ways(const ObjectGroup& group, const WantedPart& part, RoleId role, const Acl& acl,
                   std::string_view through) {
    const PrivilegeSet possible = privileges_of(group.object_class, draft_.world.version);
    for (const auto& [way, given] : ways_to(role, acl)) {
      const PrivilegeSet privileges = given & possible;
      if (privileges.is_empty()) continue;
      draft_.find(FindingKind::kStillOpen, part.tags_for(role),
                  fmt::format("{} has {} on {} all the same, {}{}",
                              shown_name(draft_.world.name_of(role)), text_of(privileges),
                              shown_list(full_names(group, part.names)), way, through));
    }
  }

  /// What the table of a column gives in the end.
  Acl acl_of_table(const ObjectGroup& column) const {
    const auto after = tables_after_.find({column.schema, column.table});
    if (after != tables_after_.end()) return after->second;
    return draft_.world.group_of(ObjectClass::kTable, column.schema, "", column.table)->acl;
  }

  /// What a role gets by a list, by how it comes to it. Superusers need no list.
  std::map<std::string, PrivilegeSet> ways_to(RoleId role, const Acl& acl) const {
    const Catalogue lasting = draft_.lasting_world();
    const Inheritance inheritance(lasting);
    const Role* found = lasting.role(role);
    std::map<std::string, PrivilegeSet> ways;
    if (found != nullptr && found->is_superuser) return ways;
    for (const AclEntry& entry : acl) {
      if (entry.grantee == role) {
        ways["by what is given to itself"] |= entry.privileges;
      } else if (entry.grantee == kPublic) {
        ways["as everybody has (PUBLIC)"] |= entry.privileges;
      } else if (inheritance.has_privileges_of(role, entry.grantee)) {
        ways["as a member of " + shown_name(lasting.name_of(entry.grantee))] |= entry.privileges;
      }
    }
    return ways;
  }

  /// Whom nobody named keeps what is there, and somebody may want to know. What PUBLIC gets on
  /// each new object is PostgreSQL's.
  void note_strangers(const ObjectGroup& group, const WantedPart& part) {
    if (part.others == Others::kTakeAway) return;
    std::vector<AclStep> steps;
    for (const auto& [role, share] : shares_of(group.acl, group.owner)) {
      const bool is_known = role == group.owner || part.shares.contains(role) ||
                            leaving_.contains(draft_.world.name_of(role));
      PrivilegeSet surplus = share.privileges;
      if (role == kPublic) surplus -= public_privileges_of(group.object_class);
      if (is_known || surplus.is_empty()) continue;
      steps.push_back({.verb = AclVerb::kRevoke, .grantee = role, .privileges = surplus});
    }
    strangers_.record(Round::kMain, group, steps, part, 0);
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

  Draft& draft_;
  const WantedAccess& wanted_;
  AccessRights rights_;
  AccessScript script_;
  AccessScript strangers_;
  std::set<std::string> leaving_;
  /// What tables give in the end, where columns of theirs are named.
  std::map<std::pair<std::string, std::string>, Acl> tables_after_;
  std::map<std::pair<std::string, std::string>, Revoked> revoked_;
};

}  // namespace

void draft_access(Draft& draft, const Wishes& wishes) {
  const WantedAccess wanted(draft, wishes);
  AccessDraft(draft, wanted, wishes).run();
}

}  // namespace weir::sql
