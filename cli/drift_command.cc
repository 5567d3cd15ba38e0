#include <algorithm>

#include <fmt/format.h>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/plan_printing.h"
#include "cli/world.h"
#include "planner/selection.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

bool is_chosen(const Address& address, const PlanOptions& options) {
  const auto is_named = [&](const std::string& glob) { return names(glob, address); };
  if (std::ranges::any_of(options.except, is_named)) return false;
  return options.only.empty() || std::ranges::any_of(options.only, is_named);
}

}  // namespace

Exit run_drift(const Invocation& invocation) {
  const Stopwatch stopwatch;
  const PlanOptions options = plan_options(invocation);
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const std::optional<ChosenPart> choice = choice_of(invocation, loaded->manifest);
  World world(invocation, suggestion_of(loaded->manifest));
  const Observations observations = world.observe(loaded->manifest, {}, Confirm::kDeclared);
  Plan plan =
      make_plan(loaded->manifest, records_as_declared(loaded->manifest, observations), observations,
                Limits(loaded->manifest.limits), lakebase_catalogue(), {.now = options.now});
  std::erase_if(plan.drift, [&](const Drift& drift) { return !is_chosen(drift.address, options); });
  world.sign(plan);
  print_drift(invocation, plan, stopwatch.shown(invocation),
              fmt::format("No drift: {}.", as_declared(choice)));
  return plan.drift.empty() ? Exit::kDone : Exit::kChanges;
}

}  // namespace weir
