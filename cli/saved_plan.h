// A plan that an earlier run saved.
#pragma once

#include <string>

#include "planner/plan.h"

namespace weir {

/// Throws ConfigurationError when the file cannot be read and PlanFileError when it cannot be used.
Plan read_saved_plan(const std::string& path);

}  // namespace weir
