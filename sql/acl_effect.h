// What privileges mean together, and what PostgreSQL makes of them when they are changed.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sql/catalogue.h"
#include "sql/membership.h"

namespace weir::sql {

/// What one grantee has or should have, from whomever.
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

/// What everybody has, from whomever.
Shares shares_of(const Acl& acl, RoleId owner);

/// What one of them has.
const Share& share_of(const Shares& shares, RoleId role);

/// What PostgreSQL makes of the privileges when the steps are carried out.
Acl after_steps(Acl acl, RoleId owner, const std::vector<AclStep>& steps,
                const Inheritance& inheritance);

/// Whether everybody has exactly what is wanted.
bool is_reached(const Acl& acl, RoleId owner, const Shares& wanted);

/// What PostgreSQL makes of the privileges when the object gets another owner.
Acl after_new_owner(const Acl& acl, RoleId old_owner, RoleId new_owner);

}  // namespace weir::sql
