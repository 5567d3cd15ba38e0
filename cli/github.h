// What GitHub Actions wants to know of a run: the step's summary and its outputs.
#pragma once

#include "cli/environment.h"
#include "planner/plan.h"

namespace weir {

/// Appends to the files that GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name; does nothing without them.
/// Throws ConfigurationError when a file cannot be written.
void report_to_github(const Plan& plan, const GetEnvironment& getenv);

}  // namespace weir
