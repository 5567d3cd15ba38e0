// How two texts differ, as `diff -u` shows it.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace weir {

/// Hunks with three lines around each difference; "" when the texts are equal.
std::string line_diff(std::string_view before, std::string_view after, const std::string& name,
                      const Terminal& terminal);

}  // namespace weir
