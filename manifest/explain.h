// What weir knows of a kind, a field, a word of the language, a limit or a rule, in words.
#pragma once

#include <string>
#include <string_view>

#include "core/kind.h"
#include "manifest/rules.h"

namespace weir {

/// The page about "branch", "branch.expires", "expires", "lifecycle", "branch_ttl_maximum" or a
/// rule such as "M007"; `refusals` are those of the planner. Throws UsageError when there is
/// nothing of that name.
std::string explain(const Catalogue& catalogue, std::span<const RuleText> refusals,
                    std::string_view subject);

}  // namespace weir
