#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/plan_printing.h"
#include "cli/saved_plan.h"
#include "cli/world.h"
#include "planner/plan_file.h"

namespace weir {
namespace {

/// Says for each step that no longer fits what moved.
Exit check(const Invocation& invocation, const Plan& plan) {
  // The plan says where it belongs, so a profile for that workspace is found without being named.
  World world(invocation, target_of(invocation, plan));
  std::vector<Stale> stale = stale_steps(world, plan);
  // What moved in the workspace may have taken databases along, so that nobody could look.
  if (stale.empty()) stale = stale_scripts(world, plan);
  for (const Stale& step : stale) {
    report(invocation,
           fmt::format("stale: {}: {}\n", harmless(plan.steps.at(step.step).address.text()),
                       harmless(step.what)));
  }
  if (stale.empty()) {
    note(invocation, fmt::format("the plan still fits the {}\n", plan.target()));
    return Exit::kDone;
  }
  report(invocation, fmt::format("{} of {} steps no longer fit; plan again\n", stale.size(),
                                 plan.steps.size()));
  return Exit::kStale;
}

}  // namespace

Exit run_show(const Invocation& invocation) {
  const std::string& file = invocation.options.arguments().front();
  const Plan plan = read_saved_plan(file);
  print_plan(invocation, plan, Sources(), std::nullopt);
  if (is_outdated(plan, time_of_run(invocation))) {
    report(invocation, fmt::format("the plan is of {} and too old to be applied; plan again\n",
                                   timestamp_text(plan.made_at)));
    if (invocation.options.has("check")) return Exit::kStale;
  }
  if (!invocation.options.has("check")) return Exit::kDone;
  try {
    return check(invocation, plan);
  } catch (const http::WrongWorkspace& wrong) {
    report(invocation, fmt::format("{}\n", harmless(wrong.what())));
    return Exit::kStale;
  }
}

}  // namespace weir
