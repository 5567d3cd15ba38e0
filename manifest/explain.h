// What weir knows of a kind, a field or a rule, in words.
#pragma once

#include <string>
#include <string_view>

#include "core/kind.h"

namespace weir {

/// The page about "branch", "branch.expires" or a rule such as "M007". Throws UsageError when there
/// is nothing of that name.
std::string explain(const Catalogue& catalogue, std::string_view subject);

}  // namespace weir
