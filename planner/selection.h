// The part of a plan that `--only` and `--except` choose.
#pragma once

#include <string_view>

#include "planner/planner.h"

namespace weir {

/// Whether a glob names an address or something above it: * within a segment, ** across segments.
bool names(std::string_view glob, const Address& address);

/// Whether the options leave an address alone by its name.
bool is_excluded(const PlanOptions& options, const Address& address);

/// Whether the options choose an address.
bool is_selected(const PlanOptions& options, const Address& address);

/// Leaves the chosen steps, with those that they need; without those that need what is left out.
void select_steps(Plan& plan, const PlanOptions& options);

}  // namespace weir
