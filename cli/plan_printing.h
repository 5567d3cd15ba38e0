// Prints plans and drift in the format that the command line chose.
#pragma once

#include <chrono>

#include "cli/invocation.h"
#include "cli/json_view.h"
#include "cli/plan_items.h"
#include "cli/text_view.h"
#include "core/diagnostic.h"
#include "planner/plan.h"

namespace weir {

/// Measures a command. People at a terminal see the time; others only when they ask, so that the
/// same input gives the same bytes.
class Stopwatch {
 public:
  Took shown(const Invocation& invocation) const;

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void print_plan(const Invocation& invocation, const Plan& plan, const Sources& sources,
                const Took& took, const Warnings& warnings = {},
                std::string_view when_empty = kNoChanges);
void print_drift(const Invocation& invocation, const Plan& plan, const Took& took,
                 std::string_view when_empty = kNoDrift);

}  // namespace weir
