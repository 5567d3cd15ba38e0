#include <fmt/format.h>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/plan_printing.h"
#include "cli/state_place.h"
#include "cli/world.h"
#include "planner/branch_classes.h"
#include "planner/selection.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// What was deleted softly is missing, but not lost.
void tell_what_can_come_back(const Invocation& invocation, const Plan& plan, const Records& records,
                             const Observations& observations) {
  for (const Drift& drift : plan.drift) {
    const auto record = records.find(drift.address);
    if (!drift.is_gone || record == records.end()) continue;
    const Observed* observed = observations.find(record->second.remote_name);
    if (observed == nullptr || !observed->is_deleted()) continue;
    note(invocation, fmt::format("{} was deleted at {} and can be undeleted until {}; weir plan "
                                 "shows how\n",
                                 harmless(drift.address.text()), harmless(observed->delete_time),
                                 harmless(observed->purge_time)));
  }
}

/// Programs get the list always, people when they ask for it.
void choose_unmanaged(const Invocation& invocation, const PlanOptions& options, Plan& plan) {
  const bool is_data = invocation.format().starts_with("json");
  if (!is_data && !invocation.options.has("unmanaged")) plan.unmanaged.clear();
  std::erase_if(plan.unmanaged, [&](const Unmanaged& unmanaged) {
    const std::optional<Address> address = Address::parse(unmanaged.name);
    return address && !is_selected(options, *address);
  });
}

std::string sentence_for_none(const Plan& plan, const std::optional<ChosenPart>& choice) {
  if (plan.unmanaged.empty())
    return fmt::format("No drift: {}.", as_declared(choice, plan.target()));
  return "No drift in what is declared.";
}

}  // namespace

Exit run_drift(const Invocation& invocation) {
  const Stopwatch stopwatch;
  const PlanOptions options = plan_options(invocation);
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const SeenState before = seen_state(invocation, loaded->manifest);
  const Records& applied = before.records;
  const std::optional<ChosenPart> choice = choice_of(invocation, loaded->manifest, applied);
  World world(invocation, target_of(invocation, loaded->manifest));
  const Observations observations = world.observe(loaded->manifest, applied, Confirm::kDeclared);
  before.check_workspace(world.target().host(), world.target().workspace_id());
  enforce_classes(loaded->manifest, applied, observations, options.now);
  Records records = records_as_declared(loaded->manifest, observations);
  for (const auto& [address, record] : applied) records.insert_or_assign(address, record);
  const InsideViews insides = world.look_into_databases(loaded->manifest, records, observations,
                                                        wake_of(invocation, Wake::kNever));
  Plan plan = make_plan(loaded->manifest, records, observations, lakebase_catalogue(),
                        {.now = options.now}, insides);
  std::erase_if(plan.drift,
                [&](const Drift& drift) { return !is_selected(options, drift.address); });
  choose_unmanaged(invocation, options, plan);
  world.sign(plan);
  print_drift(invocation, plan, stopwatch.shown(invocation), sentence_for_none(plan, choice));
  tell_what_can_come_back(invocation, plan, records, observations);
  const bool has_strangers = invocation.options.has("unmanaged") && !plan.unmanaged.empty();
  return plan.drift.empty() && !has_strangers ? Exit::kDone : Exit::kChanges;
}

}  // namespace weir
