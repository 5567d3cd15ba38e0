#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/plan_printing.h"
#include "cli/world.h"
#include "core/error.h"
#include "planner/plan_file.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

std::string read_plan_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    throw ConfigurationError(
        fmt::format("{} cannot be read; weir plan -out {} makes it", path, path));
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// What the steps touch, as if it were recorded: enough to see it again without the manifest.
Records records_of(const Plan& plan) {
  Records records;
  for (const Step& step : plan.steps) {
    records[step.address] = {.address = step.address,
                             .kind = std::string(step.kind->name),
                             .remote_name = step.remote_name};
  }
  return records;
}

/// Says for each step that no longer fits what moved.
Exit check(const Invocation& invocation, const Plan& plan) {
  World world(invocation, {});
  Manifest nothing;
  const Observations observations = world.observe(nothing, records_of(plan));
  Plan current;
  world.sign(current);
  if (current.host != plan.host) {
    report(invocation, fmt::format("the plan was made for {}, and this is {}; connect to the same "
                                   "workspace, or plan again\n",
                                   harmless(plan.host), harmless(current.host)));
    return Exit::kStale;
  }
  const std::vector<Stale> stale = find_stale(plan, observations);
  for (const Stale& step : stale) {
    report(invocation,
           fmt::format("stale: {}: {}\n", harmless(plan.steps.at(step.step).address.text()),
                       harmless(step.what)));
  }
  if (stale.empty()) {
    report(invocation, "the plan still fits the workspace\n");
    return Exit::kDone;
  }
  report(invocation, fmt::format("{} of {} steps no longer fit; plan again\n", stale.size(),
                                 plan.steps.size()));
  return Exit::kStale;
}

}  // namespace

Exit run_show(const Invocation& invocation) {
  const std::string& file = invocation.options.arguments().front();
  const Plan plan = load_plan(read_plan_file(file), lakebase_catalogue());
  print_plan(invocation, plan, Sources(), std::nullopt);
  if (is_outdated(plan, time_of_run(invocation))) {
    report(invocation, fmt::format("the plan is of {} and too old to be applied; plan again\n",
                                   timestamp_text(plan.made_at)));
    if (invocation.options.has("check")) return Exit::kStale;
  }
  return invocation.options.has("check") ? check(invocation, plan) : Exit::kDone;
}

}  // namespace weir
