// What a plan may not do without being told to, or not at all.
#pragma once

#include <span>

#include "manifest/rules.h"
#include "planner/draft.h"

namespace weir {

/// Every reason for which a plan is refused, P001 and on, for messages and SARIF.
std::span<const RuleText> all_refusals();

}  // namespace weir
