// A plan as people think of it: a replacement is one thing, though it takes two steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal.h"
#include "planner/plan.h"

namespace weir {

enum class Danger { kDestroys, kReplaces, kNone };

struct PlanItem {
  const Step* step = nullptr;     ///< what makes or changes; of a deletion the deletion
  const Step* removal = nullptr;  ///< of a replacement: the step that deletes first

  bool is_replacement() const { return step->is_replacement; }
  Danger danger() const;
  /// The step that has the losses.
  const Step& loser() const { return removal == nullptr ? *step : *removal; }
  /// What changes. A replacement first says how it differs from what is there now.
  std::vector<FieldChange> changes() const;
  /// Why, in one clause.
  const std::string& why() const;
};

/// In the order of the steps.
std::vector<PlanItem> items_of(const Plan& plan);

Symbol symbol_of(const PlanItem& item);

/// What took how long, for the last line; nothing when it is not to be shown.
using Took = std::optional<Duration>;

/// "Plan: 3 to create, 1 to change, 0 to destroy; 1 adopted (19 calls)".
std::string plan_summary(const Plan& plan, const Took& took);
/// "Drift: 2 of 14 resources; 1 not declared (3 calls)".
std::string drift_summary(const Plan& plan, const Took& took);

/// "expires  1h → 2h  (manifest changed)", without colours and columns.
struct FieldLine {
  std::string field;
  std::string value = {};
  std::string note = {};
};
FieldLine line_of(const FieldChange& change, const Terminal& terminal);

/// "role projects/shop/branches/dev/roles/ana  (ana@example.com)".
std::string text_of(const Unmanaged& unmanaged);
/// "in the workspace", or "on the server".
std::string_view place_of(const Plan& plan);
/// "branch projects/shop/branches/dev (1.2 GiB, last active …, not declared)".
std::string text_of(const Loss& loss);
/// "app shop-app (bound as database)"
std::string text_of(const BoundApp& bound);
/// "2026-08-27T12:00:00Z (in 6 d 4 h)".
std::string when(const std::string& timestamp, Instant now);

}  // namespace weir
