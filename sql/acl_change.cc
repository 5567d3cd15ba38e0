#include "sql/acl_change.h"

#include <set>

namespace weir::sql {
namespace {

/// The steps, merged by round, verb, manner and grantee.
class Steps {
 public:
  void add(AclStep step, PrivilegeSet privileges) {
    if (!privileges.is_empty()) merged_[step] |= privileges;
  }
  std::vector<AclStep> list() const {
    std::vector<AclStep> steps;
    for (const auto& [step, privileges] : merged_) {
      steps.push_back(step);
      steps.back().privileges = privileges;
    }
    return steps;
  }

 private:
  std::map<AclStep, PrivilegeSet> merged_;
};

AclStep key_of(AclStep step) {
  step.privileges = {};
  return step;
}

AclStep granting(RoleId grantee) {
  return {.verb = AclVerb::kGrant, .grantee = grantee};
}

AclStep granting_option(RoleId grantee) {
  return {.round = kLastRound, .verb = AclVerb::kGrantWithOption, .grantee = grantee};
}

AclStep revoking(RoleId grantee, bool cascades = false) {
  return {.verb = AclVerb::kRevoke, .cascades = cascades, .grantee = grantee};
}

AclStep revoking_option(RoleId grantee, bool cascades = false) {
  return {.verb = AclVerb::kRevokeOption, .cascades = cascades, .grantee = grantee};
}

/// What the wish changes for one grantee.
struct Balance {
  PrivilegeSet lost = {};         ///< it has them and should not
  PrivilegeSet option_lost = {};  ///< it keeps them and may not give them on any more
};

Balance balance_of(const Share& now, const Share& wanted) {
  Balance balance;
  balance.lost = now.privileges - wanted.privileges;
  balance.option_lost = (now.grantable - wanted.grantable) - balance.lost;
  return balance;
}

/// Privileges that cannot be changed one grantee at a time: somebody else than the owner gave what
/// has to go, or who loses them or their option has given them on.
PrivilegeSet entangled(const Acl& acl, RoleId owner, const Shares& now, const Shares& wanted) {
  PrivilegeSet result;
  for (const AclEntry& entry : acl) {
    if (entry.grantor == owner) continue;
    const Balance receiver =
        balance_of(share_of(now, entry.grantee), share_of(wanted, entry.grantee));
    const Balance giver = balance_of(share_of(now, entry.grantor), share_of(wanted, entry.grantor));
    result |= entry.privileges & (receiver.lost | giver.lost | giver.option_lost);
    result |= entry.grantable & receiver.option_lost;
  }
  return result;
}

/// What a role has from the owner itself.
Share from_owner(const Acl& acl, RoleId owner, RoleId grantee) {
  for (const AclEntry& entry : acl) {
    if (entry.grantor == owner && entry.grantee == grantee) {
      return {entry.privileges, grantee == owner ? PrivilegeSet() : entry.grantable};
    }
  }
  return {};
}

PrivilegeSet given_on(const Acl& acl, RoleId giver) {
  PrivilegeSet result;
  for (const AclEntry& entry : acl) {
    if (entry.grantor == giver) result |= entry.privileges;
  }
  return result;
}

void add_plain(Steps& steps, RoleId grantee, const Share& now, const Share& wanted,
               PrivilegeSet plain) {
  const Balance balance = balance_of(now, wanted);
  const PrivilegeSet grantable = (wanted.grantable - now.grantable) & plain;
  steps.add(granting(grantee), ((wanted.privileges - now.privileges) & plain) - grantable);
  steps.add(revoking(grantee), balance.lost & plain);
  steps.add(revoking_option(grantee), balance.option_lost & plain);
  steps.add(granting_option(grantee), grantable);
}

/// Everybody gets these privileges from the owner, or not at all, and loses every option for now.
void add_entangled(Steps& steps, const Acl& acl, RoleId owner, RoleId grantee, const Share& wanted,
                   PrivilegeSet tangle) {
  const Share own = from_owner(acl, owner, grantee);
  const PrivilegeSet dependents =
      grantee == owner ? PrivilegeSet() : given_on(acl, grantee) & tangle;
  const PrivilegeSet lost = (own.privileges - wanted.privileges) & tangle;
  const PrivilegeSet options = (own.grantable & tangle) - lost;
  steps.add(granting(grantee), (wanted.privileges - own.privileges) & tangle);
  steps.add(revoking(grantee), lost - dependents);
  steps.add(revoking(grantee, true), lost & dependents);
  steps.add(revoking_option(grantee), options - dependents);
  steps.add(revoking_option(grantee, true), options & dependents);
  steps.add(granting_option(grantee), wanted.grantable & tangle);
}

/// What is left of other grantors hangs on no option that the owner gave them here: a column's
/// privilege may be given on with an option on the whole table, and anybody's with the option of
/// a role that it is a member of. The owner lends them one, and takes it back with all of it.
void add_stray_grantors(Steps& steps, Acl acl, RoleId owner, const Shares& wanted,
                        PrivilegeSet tangle, const Inheritance& inheritance) {
  std::set<RoleId> strays;
  for (const AclEntry& entry : acl) {
    if (entry.grantor != owner) strays.insert(entry.grantor);
  }
  int round = kFirstRound;
  for (const RoleId grantor : strays) {
    const PrivilegeSet given = given_on(acl, grantor) & tangle;
    const PrivilegeSet kept = given & share_of(wanted, grantor).privileges;
    Steps attempt;
    ++round;
    attempt.add({.round = round, .verb = AclVerb::kGrantWithOption, .grantee = grantor}, given);
    for (auto [back, part] : {std::pair(revoking(grantor, true), given - kept),
                              std::pair(revoking_option(grantor, true), kept)}) {
      back.round = round;
      attempt.add(back, part);
    }
    Acl after = after_steps(acl, owner, attempt.list(), inheritance);
    const bool helps = (given_on(after, grantor) & given) != given;
    if (!helps || round == kLastRound) continue;
    for (const AclStep& step : attempt.list()) steps.add(key_of(step), step.privileges);
    acl = std::move(after);
  }
}

}  // namespace

Shares final_shares(const Acl& acl, RoleId owner, const Shares& named, Others others) {
  Shares result = shares_of(acl, owner);
  if (others == Others::kTakeAway) {
    for (auto& [role, share] : result) {
      if (role != owner) share = {};
    }
  }
  for (const auto& [role, share] : named) {
    result[role] = share;
    if (role == owner || role == kPublic) result[role].grantable = {};
  }
  return result;
}

std::vector<AclStep> steps_between(const Acl& acl, RoleId owner, const Shares& wanted,
                                   const Inheritance& inheritance) {
  const Shares now = shares_of(acl, owner);
  const PrivilegeSet tangle = entangled(acl, owner, now, wanted);
  std::set<RoleId> grantees;
  PrivilegeSet plain;
  for (const Shares* shares : {&now, &wanted}) {
    for (const auto& [role, share] : *shares) {
      grantees.insert(role);
      plain |= share.privileges;
    }
  }
  plain -= tangle;
  Steps steps;
  for (const RoleId grantee : grantees) {
    add_plain(steps, grantee, share_of(now, grantee), share_of(wanted, grantee), plain);
  }
  if (tangle.is_empty()) return steps.list();
  Steps first;
  for (const RoleId grantee : grantees) {
    add_entangled(first, acl, owner, grantee, share_of(wanted, grantee), tangle);
  }
  auto without_options = first.list();
  std::erase_if(without_options, [](const AclStep& step) { return step.round == kLastRound; });
  const Acl left = after_steps(acl, owner, without_options, inheritance);
  for (const AclStep& step : first.list()) steps.add(key_of(step), step.privileges);
  add_stray_grantors(steps, left, owner, wanted, tangle, inheritance);
  std::vector<AclStep> list = steps.list();
  // Where nothing can be taken back, there would only be options that go and come again.
  if (after_steps(acl, owner, list, inheritance) == acl) list.clear();
  return list;
}

}  // namespace weir::sql
