// From the privileges that one object has to those that it should have, step by step.
#pragma once

#include <cstdint>
#include <vector>

#include "sql/acl_effect.h"

namespace weir::sql {

/// What becomes of those whom no wish names.
enum class Others : std::uint8_t {
  kLeaveAlone,
  kTakeAway,
};

/// What everybody should have: who is named exactly that, the owner and others as `others` says.
Shares final_shares(const Acl& acl, RoleId owner, const Shares& named, Others others);

/// The steps that lead to exactly `wanted`, in order. All are done as the owner, so that nobody
/// needs to be a member of other grantors. What grantees gave each other in a circle, and what
/// members of the owner gave before they were, nobody can take back like that: it stays.
std::vector<AclStep> steps_between(const Acl& acl, RoleId owner, const Shares& wanted,
                                   const Inheritance& inheritance);

}  // namespace weir::sql
