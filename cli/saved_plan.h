// A plan that an earlier run saved.
#pragma once

#include <string>
#include <vector>

#include "cli/world.h"
#include "planner/planner.h"

namespace weir {

/// Throws ConfigurationError when the file cannot be read and PlanFileError when it cannot be used.
Plan read_saved_plan(const std::string& path);

/// The steps that no longer fit the workspace. Throws ApiError.
std::vector<Stale> stale_steps(World& world, const Plan& plan);
/// The scripts that no longer fit their databases, whose endpoints are woken for it. An apply asks
/// in its transactions instead. Throws Error.
std::vector<Stale> stale_scripts(World& world, const Plan& plan);

}  // namespace weir
