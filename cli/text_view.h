// Plans and drift for people, with Terraform's symbols.
#pragma once

#include <string>
#include <string_view>

#include "cli/plan_items.h"
#include "cli/terminal.h"
#include "core/diagnostic.h"
#include "planner/plan.h"

namespace weir {

inline constexpr std::string_view kNoChanges = "No changes: the workspace is as declared.";
inline constexpr std::string_view kNoDrift = "No drift: the workspace is as declared.";

enum class Notices { kShown, kHidden };

/// The whole plan, with a countable last line.
std::string plan_text(const Plan& plan, const Sources& sources, const Terminal& terminal,
                      const Took& took, std::string_view when_empty = kNoChanges,
                      Notices notices = Notices::kShown);
/// What differs in the workspace, and nothing of what the manifests want anew.
std::string drift_text(const Plan& plan, const Terminal& terminal, const Took& took,
                       std::string_view when_empty = kNoDrift);

}  // namespace weir
