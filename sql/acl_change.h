// From the privileges that one object has to those that it should have, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sql/catalogue.h"

namespace weir::sql {

/// What one grantee should have in the end.
struct Share {
  PrivilegeSet privileges = {};
  PrivilegeSet grantable = {};

  bool operator==(const Share&) const = default;
};
using Shares = std::map<RoleId, Share>;

enum class AclVerb : std::uint8_t {
  /// With its option, to somebody who gave on what nobody gave it here, so that the cascade that
  /// follows reaches it: a column's privilege may be given on with an option on the whole table.
  kLend,
  kGrant,
  kRevoke,
  kRevokeOption,  ///< the privilege stays, giving it on does not
  kGrantWithOption,
};

/// One thing that the owner does. The verbs are carried out in their order: whoever is to keep a
/// privilege has it from the owner before a grantor in between loses it.
struct AclStep {
  AclVerb verb = AclVerb::kGrant;
  /// What the grantee gave on goes as well; those of them who stay were granted it before.
  bool cascades = false;
  RoleId grantee = kPublic;
  PrivilegeSet privileges = {};

  auto operator<=>(const AclStep&) const = default;
};

enum class Others : std::uint8_t {
  kLeaveAlone,
  kTakeAway,
};

/// What everybody has, from whomever.
Shares shares_of(const Acl& acl, RoleId owner);

/// What everybody should have: who is named exactly that, the owner and others as `others` says.
Shares final_shares(const Acl& acl, RoleId owner, const Shares& named, Others others);

/// The steps that lead to exactly `wanted`, at most one for each verb, manner and grantee, in
/// order. All are done as the owner, so that nobody needs to be a member of other grantors.
std::vector<AclStep> steps_between(const Acl& acl, RoleId owner, const Shares& wanted);

/// What PostgreSQL makes of the privileges when the steps are carried out.
Acl after_steps(Acl acl, RoleId owner, const std::vector<AclStep>& steps);

/// What PostgreSQL makes of the privileges when the object gets another owner.
Acl after_new_owner(const Acl& acl, RoleId old_owner, RoleId new_owner);

}  // namespace weir::sql
