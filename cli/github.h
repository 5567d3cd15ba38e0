// What GitHub Actions wants to know of a run: the step's summary and its outputs.
#pragma once

#include <string>

#include "cli/environment.h"
#include "planner/plan.h"

namespace weir {

/// Appends to the files that GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name; does nothing without them.
/// Answers why there is no summary, "" when there is one. Throws ConfigurationError when the
/// outputs cannot be written, since later steps rely on them.
std::string report_to_github(const Plan& plan, const GetEnvironment& getenv);

}  // namespace weir
