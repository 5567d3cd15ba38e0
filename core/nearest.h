// "Did you mean …?"
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The candidate that is most like `text`, or "" when none is like it.
std::string nearest(std::string_view text, std::span<const std::string_view> candidates);
/// "did you mean \"branches\"?", or "" when nothing is near.
std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates);

}  // namespace weir
