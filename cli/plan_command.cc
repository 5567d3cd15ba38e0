#include <chrono>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/github.h"
#include "cli/plan_printing.h"
#include "cli/whole_file.h"
#include "cli/world.h"
#include "planner/plan_file.h"

namespace weir {
namespace {

/// A plan that must not be applied is not saved: nobody should find it later and try.
void save(const Invocation& invocation, const Plan& plan) {
  const std::string file = invocation.options.value("out");
  if (file.empty()) return;
  if (!plan.refusals.empty()) {
    report(invocation, fmt::format("{} was not written: the plan is blocked\n", file));
    return;
  }
  write_whole_file(file, save_plan(plan));
  report(invocation, fmt::format("saved to {}; weir show {} prints it\n", file, file));
}

}  // namespace

Exit run_plan(const Invocation& invocation) {
  const Stopwatch stopwatch;
  const PlanOptions options = plan_options(invocation);
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const Plan plan = plan_for(invocation, *loaded, options);
  print_plan(invocation, plan, loaded->sources, stopwatch.shown(invocation));
  save(invocation, plan);
  report_to_github(plan, invocation.getenv);
  if (!plan.refusals.empty()) return Exit::kBlocked;
  const bool tells = invocation.options.has("detailed-exitcode") && !plan.is_empty();
  return tells ? Exit::kChanges : Exit::kDone;
}

}  // namespace weir
