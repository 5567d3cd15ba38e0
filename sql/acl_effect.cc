#include "sql/acl_effect.h"

#include <algorithm>

namespace weir::sql {
namespace {

AclEntry& entry_of(Acl& acl, RoleId grantor, RoleId grantee) {
  const auto found = std::find_if(acl.begin(), acl.end(), [&](const AclEntry& entry) {
    return entry.grantor == grantor && entry.grantee == grantee;
  });
  if (found != acl.end()) return *found;
  acl.push_back({.grantor = grantor, .grantee = grantee});
  return acl.back();
}

/// What a role may give on, by itself or as a member of others.
PrivilegeSet options_of(const Acl& acl, RoleId owner, RoleId role, const Inheritance& inheritance) {
  PrivilegeSet result;
  for (const AclEntry& entry : acl) {
    if (inheritance.has_privileges_of(role, owner)) result |= entry.privileges;
    if (inheritance.has_privileges_of(role, entry.grantee)) result |= entry.grantable;
  }
  return result;
}

/// As PostgreSQL does: who loses an option, and has it from nobody else, has given nothing.
void drop_dependents(Acl& acl, RoleId owner, RoleId giver, PrivilegeSet privileges,
                     const Inheritance& inheritance) {
  if (giver == owner) return;
  const PrivilegeSet gone = privileges - options_of(acl, owner, giver, inheritance);
  if (gone.is_empty()) return;
  for (std::size_t at = 0; at < acl.size(); ++at) {
    if (acl[at].grantor != giver || (acl[at].privileges & gone).is_empty()) continue;
    const PrivilegeSet options = acl[at].grantable & gone;
    acl[at].privileges -= gone;
    acl[at].grantable -= gone;
    drop_dependents(acl, owner, acl[at].grantee, options, inheritance);
  }
}

void tidy(Acl& acl) {
  std::erase_if(acl, [](const AclEntry& entry) { return entry.privileges.is_empty(); });
  std::sort(acl.begin(), acl.end());
}

}  // namespace

const Share& share_of(const Shares& shares, RoleId role) {
  static const Share none;
  const auto found = shares.find(role);
  return found == shares.end() ? none : found->second;
}

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

Acl after_steps(Acl acl, RoleId owner, const std::vector<AclStep>& steps,
                const Inheritance& inheritance) {
  for (const AclStep& step : steps) {
    AclEntry& entry = entry_of(acl, owner, step.grantee);
    const PrivilegeSet options = entry.grantable & step.privileges;
    switch (step.verb) {
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
        drop_dependents(acl, owner, step.grantee, options, inheritance);
        break;
      case AclVerb::kRevokeOption:
        entry.grantable -= step.privileges;
        drop_dependents(acl, owner, step.grantee, options, inheritance);
        break;
    }
  }
  tidy(acl);
  return acl;
}

bool is_reached(const Acl& acl, RoleId owner, const Shares& wanted) {
  const Shares now = shares_of(acl, owner);
  const auto holds = [&](const Shares& roles) {
    return std::all_of(roles.begin(), roles.end(), [&](const auto& entry) {
      return share_of(now, entry.first) == share_of(wanted, entry.first);
    });
  };
  return holds(now) && holds(wanted);
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
