// The door to environment variables, so that tests choose them.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace weir {

/// Nothing when the variable is not set.
using GetEnvironment = std::function<std::optional<std::string>(const std::string& name)>;

}  // namespace weir
