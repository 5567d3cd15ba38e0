#include "sql/acl_change.h"

#include <algorithm>
#include <set>

namespace weir::sql {
namespace {

/// The steps, merged by verb, manner and grantee.
class Steps {
 public:
  void add(AclVerb verb, RoleId grantee, PrivilegeSet privileges, bool cascades = false) {
    if (privileges.is_empty()) return;
    merged_[{.verb = verb, .cascades = cascades, .grantee = grantee}] |= privileges;
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

const Share& share_of(const Shares& shares, RoleId role) {
  static const Share none;
  const auto found = shares.find(role);
  return found == shares.end() ? none : found->second;
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

PrivilegeSet options_of(const Acl& acl, RoleId role) {
  PrivilegeSet result;
  for (const AclEntry& entry : acl) {
    if (entry.grantee == role) result |= entry.grantable;
  }
  return result;
}

void add_plain(Steps& steps, RoleId grantee, const Share& now, const Share& wanted,
               PrivilegeSet plain) {
  const Balance balance = balance_of(now, wanted);
  const PrivilegeSet grantable = (wanted.grantable - now.grantable) & plain;
  steps.add(AclVerb::kGrant, grantee, ((wanted.privileges - now.privileges) & plain) - grantable);
  steps.add(AclVerb::kRevoke, grantee, balance.lost & plain);
  steps.add(AclVerb::kRevokeOption, grantee, balance.option_lost & plain);
  steps.add(AclVerb::kGrantWithOption, grantee, grantable);
}

/// Whatever others gave of these privileges is given by the owner instead.
void add_entangled(Steps& steps, const Acl& acl, RoleId owner, RoleId grantee, const Share& wanted,
                   PrivilegeSet tangle) {
  Share own = from_owner(acl, owner, grantee);
  const bool is_owner = grantee == owner;
  const PrivilegeSet dependents = is_owner ? PrivilegeSet() : given_on(acl, grantee) & tangle;
  const PrivilegeSet lent = dependents - options_of(acl, grantee);
  steps.add(AclVerb::kLend, grantee, lent);
  own.privileges |= lent;
  own.grantable |= lent;
  const PrivilegeSet lost = (own.privileges - wanted.privileges) & tangle;
  // A giver's option goes with all that hangs on it, and comes back last where it should stay.
  const PrivilegeSet loses_option =
      (((own.grantable - wanted.grantable) & tangle) | (own.grantable & dependents)) - lost;
  steps.add(AclVerb::kGrant, grantee, (wanted.privileges - own.privileges) & tangle);
  steps.add(AclVerb::kRevoke, grantee, lost - dependents);
  steps.add(AclVerb::kRevoke, grantee, lost & dependents, true);
  steps.add(AclVerb::kRevokeOption, grantee, loses_option - dependents);
  steps.add(AclVerb::kRevokeOption, grantee, loses_option & dependents, true);
  steps.add(AclVerb::kGrantWithOption, grantee,
            ((wanted.grantable & tangle) - own.grantable) | (wanted.grantable & loses_option));
}

AclEntry& entry_of(Acl& acl, RoleId grantor, RoleId grantee) {
  const auto found = std::find_if(acl.begin(), acl.end(), [&](const AclEntry& entry) {
    return entry.grantor == grantor && entry.grantee == grantee;
  });
  if (found != acl.end()) return *found;
  acl.push_back({.grantor = grantor, .grantee = grantee});
  return acl.back();
}

/// As recursive_revoke of PostgreSQL: who has no option left has given nothing.
void drop_dependents(Acl& acl, RoleId owner, RoleId giver, PrivilegeSet privileges) {
  if (giver == owner) return;
  const PrivilegeSet gone = privileges - options_of(acl, giver);
  if (gone.is_empty()) return;
  for (std::size_t at = 0; at < acl.size(); ++at) {
    if (acl[at].grantor != giver || (acl[at].privileges & gone).is_empty()) continue;
    acl[at].privileges -= gone;
    acl[at].grantable -= gone;
    drop_dependents(acl, owner, acl[at].grantee, gone);
  }
}

void tidy(Acl& acl) {
  std::erase_if(acl, [](const AclEntry& entry) { return entry.privileges.is_empty(); });
  std::sort(acl.begin(), acl.end());
}

}  // namespace

Shares shares_of(const Acl& acl, RoleId owner) {
  Shares shares;
  for (const AclEntry& entry : acl) {
    Share& share = shares[entry.grantee];
    share.privileges |= entry.privileges;
    // The owner may give everything on, whether that is written or not.
    if (entry.grantee != owner) share.grantable |= entry.grantable;
  }
  return shares;
}

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

std::vector<AclStep> steps_between(const Acl& acl, RoleId owner, const Shares& wanted) {
  const Shares now = shares_of(acl, owner);
  const PrivilegeSet tangle = entangled(acl, owner, now, wanted);
  std::set<RoleId> grantees;
  for (const auto& [role, share] : now) grantees.insert(role);
  for (const auto& [role, share] : wanted) grantees.insert(role);
  Steps steps;
  const PrivilegeSet all = [&] {
    PrivilegeSet set;
    for (const auto& [role, share] : now) set |= share.privileges;
    for (const auto& [role, share] : wanted) set |= share.privileges;
    return set;
  }();
  for (const RoleId grantee : grantees) {
    const Share& goal = share_of(wanted, grantee);
    add_plain(steps, grantee, share_of(now, grantee), goal, all - tangle);
    if (!tangle.is_empty()) add_entangled(steps, acl, owner, grantee, goal, tangle);
  }
  return steps.list();
}

Acl after_steps(Acl acl, RoleId owner, const std::vector<AclStep>& steps) {
  for (const AclStep& step : steps) {
    AclEntry& entry = entry_of(acl, owner, step.grantee);
    switch (step.verb) {
      case AclVerb::kLend:
      case AclVerb::kGrantWithOption:
        entry.grantable |= step.privileges;
        entry.privileges |= step.privileges;
        break;
      case AclVerb::kGrant:
        entry.privileges |= step.privileges;
        break;
      case AclVerb::kRevoke:
        entry.privileges -= step.privileges;
        entry.grantable -= step.privileges;
        drop_dependents(acl, owner, step.grantee, step.privileges);
        break;
      case AclVerb::kRevokeOption:
        entry.grantable -= step.privileges;
        drop_dependents(acl, owner, step.grantee, step.privileges);
        break;
    }
  }
  tidy(acl);
  return acl;
}

Acl after_new_owner(const Acl& acl, RoleId old_owner, RoleId new_owner) {
  Acl result;
  const auto moved = [&](RoleId role) { return role == old_owner ? new_owner : role; };
  for (const AclEntry& entry : acl) {
    AclEntry& target = entry_of(result, moved(entry.grantor), moved(entry.grantee));
    target.privileges |= entry.privileges;
    target.grantable |= entry.grantable;
  }
  tidy(result);
  return result;
}

}  // namespace weir::sql
