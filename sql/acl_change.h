// From the privileges that one object has to those that it should have, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sql/catalogue.h"
#include "sql/membership.h"

namespace weir::sql {

/// What one grantee should have in the end.
struct Share {
  PrivilegeSet privileges = {};
  PrivilegeSet grantable = {};

  bool operator==(const Share&) const = default;
};
using Shares = std::map<RoleId, Share>;

enum class AclVerb : std::uint8_t {
  kGrant,
  kGrantWithOption,
  kRevoke,
  kRevokeOption,  ///< the privilege stays, giving it on does not
};

/// One thing that the owner does. Rounds are carried out in their order, and so are the verbs of
/// one round.
struct AclStep {
  int round = 0;
  AclVerb verb = AclVerb::kGrant;
  /// What the grantee gave on goes as well; those of them who stay were granted it before.
  bool cascades = false;
  RoleId grantee = kPublic;
  PrivilegeSet privileges = {};

  auto operator<=>(const AclStep&) const = default;
};

/// First whoever is to keep a privilege gets it from the owner, and what has to go goes. Then come
/// single grantors whose gifts hang on no option of their own; last the options that are to stay.
inline constexpr int kFirstRound = 0;
inline constexpr int kLastRound = 1000;

enum class Others : std::uint8_t {
  kLeaveAlone,
  kTakeAway,
};

/// What everybody has, from whomever.
Shares shares_of(const Acl& acl, RoleId owner);

/// What everybody should have: who is named exactly that, the owner and others as `others` says.
Shares final_shares(const Acl& acl, RoleId owner, const Shares& named, Others others);

/// The steps that lead to exactly `wanted`, in order. All are done as the owner, so that nobody
/// needs to be a member of other grantors. What grantees gave each other in a circle, and what
/// members of the owner gave before they were, nobody can take back like that: it stays.
std::vector<AclStep> steps_between(const Acl& acl, RoleId owner, const Shares& wanted,
                                   const Inheritance& inheritance);

/// What PostgreSQL makes of the privileges when the steps are carried out.
Acl after_steps(Acl acl, RoleId owner, const std::vector<AclStep>& steps,
                const Inheritance& inheritance);

/// Whether everybody has exactly what is wanted.
bool is_reached(const Acl& acl, RoleId owner, const Shares& wanted);

/// What PostgreSQL makes of the privileges when the object gets another owner.
Acl after_new_owner(const Acl& acl, RoleId old_owner, RoleId new_owner);

}  // namespace weir::sql
