// Plans for a comment on a pull request: most dangerous first, within the size that hosts accept.
#pragma once

#include <cstddef>
#include <string>

#include "cli/plan_items.h"
#include "planner/plan.h"

namespace weir {

/// What GitHub accepts in a comment. Bytes are counted, of which there are never fewer than
/// characters.
inline constexpr std::size_t kLongestComment = 65536;
/// What GitHub accepts in the summary of a step.
inline constexpr std::size_t kLongestSummary = std::size_t{1} << 20;

/// Destroys come first and are never left out before anything else is; what does not fit is
/// counted.
std::string plan_markdown(const Plan& plan, std::size_t longest);
std::string drift_markdown(const Plan& plan, std::size_t longest);

/// A failure as a comment: the headline, and the text as it is.
std::string failure_markdown(const std::string& headline, const std::string& text,
                             std::size_t longest);

}  // namespace weir
