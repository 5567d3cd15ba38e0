#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/github.h"
#include "cli/plan_printing.h"
#include "cli/state_place.h"
#include "cli/whole_file.h"
#include "cli/world.h"
#include "planner/plan_file.h"

namespace weir {
namespace {

/// Before anything is asked for: who named the wrong file should not wait for it.
void check_target(const Invocation& invocation) {
  const std::string file = invocation.options.value("out");
  if (file.empty()) return;
  check_may_replace(file, [&](std::string_view text) {
    const bool is_plan = text.starts_with(R"({"format_version":")") &&
                         text.find(R"("sha256":")") != std::string_view::npos;
    return is_plan || invocation.options.has("force");
  });
}

/// A plan that must not be applied is not saved: nobody should find it later and try.
void save(const Invocation& invocation, const Plan& plan) {
  const std::string file = invocation.options.value("out");
  if (file.empty()) return;
  if (!plan.refusals.empty()) {
    report(invocation, fmt::format("{} was not written: the plan is blocked\n", file));
    return;
  }
  write_whole_file(file, save_plan(plan), Readers::kOwner);
  note(invocation, fmt::format("saved to {}; weir show {} prints it\n", file, file));
}

std::string sentence_for_none(const Plan& plan, const std::optional<ChosenPart>& choice,
                              const PlanOptions& options) {
  if (options.is_destroy) return "Nothing to destroy: nothing that is declared exists.";
  return fmt::format("No changes: {}.", as_declared(choice, plan.target()));
}

}  // namespace

Exit run_plan(const Invocation& invocation) {
  const Stopwatch stopwatch;
  const PlanOptions options = plan_options(invocation);
  check_target(invocation);
  if (invocation.options.has("sql") && invocation.format() != "text") {
    throw UsageError(
        fmt::format("-sql and -output {} are two forms; say one of them", invocation.format()));
  }
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const SeenState before = seen_state(invocation, loaded->manifest);
  const Records& applied = before.records;
  const std::optional<ChosenPart> choice = choice_of(invocation, loaded->manifest, applied);
  World world(invocation, target_of(invocation, loaded->manifest));
  Plan plan = plan_for(world, *loaded, applied, options, wake_of(invocation, Wake::kAuto));
  before.check_workspace(plan.host, plan.workspace_id);
  plan.state = chosen_state(invocation, loaded->manifest);
  if (!plan.state.file.empty()) {
    plan.state.file = std::filesystem::absolute(plan.state.file).lexically_normal();
  }
  plan.lineage = before.head.lineage;
  plan.serial = before.head.serial;
  print_plan(invocation, plan, loaded->sources, stopwatch.shown(invocation), loaded->warnings,
             sentence_for_none(plan, choice, options));
  save(invocation, plan);
  const std::string problem = report_to_github(plan, invocation.getenv);
  if (!problem.empty()) note(invocation, fmt::format("warning: {}\n", harmless(problem)));
  if (!plan.refusals.empty()) return Exit::kBlocked;
  const bool may_change =
      !plan.is_empty() || std::ranges::any_of(plan.notices, [](const Notice& notice) {
        return notice.type == Notice::Type::kChangedUnseen;
      });
  const bool tells = invocation.options.has("detailed-exitcode") && may_change;
  return tells ? Exit::kChanges : Exit::kDone;
}

}  // namespace weir
