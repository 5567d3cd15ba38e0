// What goes with a resource that is deleted or replaced.
#pragma once

#include <string>
#include <vector>

#include "planner/draft.h"

namespace weir {

/// Everything inside that exists, declared or not, by name.
std::vector<Loss> losses_of(const Draft& draft, const Observed& observed);
/// The reason with the size and the last activity of what goes, as far as the workspace says.
std::string with_size(const std::string& why, const Observed& observed);
/// Whether the service deletes it together with its parent only: the root branch and endpoints
/// that write.
bool is_bound_to_parent(const Observed& observed);
/// Until when a deletion can be undone, in words; "" when it cannot.
std::string recovery_of(const Kind& kind, Action action);
/// "1.2 GiB".
std::string size_text(double bytes);

}  // namespace weir
