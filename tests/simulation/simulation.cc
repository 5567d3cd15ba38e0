#include "tests/simulation/simulation.h"

#include <new>

#include <fmt/format.h>

#include "core/error.h"
#include "tests/simulation/invariants.h"

namespace weir::test {
namespace {

constexpr std::chrono::minutes kLongestOperation{2};

Marks marks_of(Store& store) {
  const Head head = store.head();
  return {.serial = head.serial, .epoch = head.epoch, .open = store.intents().size()};
}

/// How often somebody has asked to stop.
int interruptions_by(Fault fault, int before) {
  if (fault == Fault::kInterruptTwice) return 2;
  return fault == Fault::kInterrupt ? std::max(before, 1) : before;
}

}  // namespace

std::string text_of(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += fmt::format("{} {} ({})\n", weir::text_of(step.action), step.address.text(), step.why);
  }
  return text;
}

std::string Simulation::findings() const {
  return fmt::format("{}", fmt::join(workspace.findings, "\n"));
}

Plan Simulation::plan(const Manifest& manifest, PlanOptions options, const Records& records) const {
  options.now = workspace.world.now + workspace.skew;
  options.allow_destroy = {"*"};
  return make_plan(manifest, records, workspace.world.seen(), lakebase_catalogue(), options);
}

Plan Simulation::plan(const Manifest& manifest, PlanOptions options) {
  return plan(manifest, std::move(options), disk->open()->records());
}

/// As the program does it: what is open first, then the plan, then its steps.
End Simulation::carry_out(const Task& task, const ApplyDoors& doors, SimulatedService& service) {
  int interrupted = 0;
  const ApplyOptions choice = {
      .parallelism = 1 + random_() % 6,
      .longest_operation = kLongestOperation,
      .interruptions =
          [&] { return interrupted = interruptions_by(luck_.at(Site::kTurn), interrupted); },
      .random = [this] { return static_cast<double>(random_() % 1000) / 1000.0; }};
  const std::vector<Unresolved> unresolved = recover(doors, choice);
  if (interrupted > 1) return End::kKilled;
  // Calls may outlive the plan, as they may in the program.
  const Plan current = task.saved != nullptr
                           ? *task.saved
                           : plan(*task.manifest, task.options, doors.store.records());
  steps = current;
  for (const Diagnostic& refusal : steps.refusals) {
    workspace.note(refusal.rule + " " + refusal.message);
  }
  if (!steps.refusals.empty()) return End::kRefused;
  if (task.meanwhile) task.meanwhile(service);
  ApplyOptions with_stale = choice;
  if (task.saved != nullptr) {
    for (const Stale& stale : find_stale(steps, workspace.world.seen())) {
      with_stale.stale[stale.step] = stale.what;
    }
  }
  for (const Stale& stale : find_kept_back(steps, unresolved)) {
    with_stale.stale[stale.step] = stale.what;
  }
  result = apply(current, doors, with_stale);
  check_result(workspace, steps, result, service, doors.store);
  if (interrupted > 1) return End::kKilled;
  return result.is_complete() && unresolved.empty() ? End::kComplete : End::kIncomplete;
}

End Simulation::run(const Task& task) {
  workspace.run = runs++;
  luck_.begin_run(task.is_faulty);
  workspace.note(fmt::format("run {}", workspace.run));
  const std::size_t strikes = luck_.strikes().size();
  SimulatedCalls calls(random_, workspace);
  WatchedStore store(disk->open(), workspace, luck_);
  SimulatedService service(random_, workspace, luck_);
  calls.may_send = [&] { return store.may_send(); };
  calls.before_call = [&](bool may_send) {
    service.set_may_send(may_send);
    service.meddle(luck_.at(Site::kWorld));
  };
  steps = {};
  service.expect(steps, [&] { return store.intents(); });
  const Marks before = marks_of(store);
  WatchingReporter reporter(service);
  const ApplyDoors doors = {lakebase_catalogue(), store, service, service, calls, reporter};
  End end = End::kKilled;
  if (store.try_acquire({.id = fmt::format("run-{}", runs), .actor = "simulation"})) {
    workspace.find("P8", "the lock of a dead process is held");
    return End::kRefused;
  }
  try {
    end = carry_out(task, doors, service);
    luck_.end_run();
    if (end != End::kKilled) store.release("ended");
  } catch (const Killed&) {
    ++kills;
  } catch (const StateError&) {
    end = End::kIncomplete;
  } catch (const std::bad_alloc&) {
    ++kills;
  }
  luck_.end_run();
  service.set_dead();
  calls.let_some_arrive();
  sent += service.sent();
  workspace.let_most_arrive();
  check_duplicates(workspace);
  check_foreign(workspace);
  check_orphans(workspace, store);
  check_history(workspace, store, before);
  check_bounds(workspace, steps, service, before.open, luck_.strikes().size() - strikes);
  return end;
}

/// What somebody else has made meanwhile needs what is to end, and weir rightly refuses to go on.
bool Simulation::is_held_by_others(const Plan& plan) const {
  const auto is_held = [](const Diagnostic& refusal) { return refusal.rule == "P010"; };
  return !workspace.foreign.empty() && !plan.refusals.empty() &&
         std::ranges::all_of(plan.refusals, is_held);
}

void Simulation::expect_convergence(const Manifest& manifest, const PlanOptions& options,
                                    int further_runs) {
  const Task task = {.manifest = &manifest, .options = options};
  if (run(task) != End::kComplete) run(task);
  const Plan left = plan(manifest, options);
  if (is_held_by_others(left)) return;
  if (!left.is_empty()) workspace.find("I3", "two runs are not enough:\n" + text_of(left));
  if (!disk->open()->intents().empty()) workspace.find("I3", "intents are left open");
  const std::size_t before = sent;
  for (int further = 0; further < further_runs; ++further) {
    if (run(task) != End::kComplete) workspace.find("I9", "nothing is to be done, and it fails");
  }
  if (sent != before) workspace.find("I4", "a run with nothing to do sends changes");
  workspace.let_all_arrive();
  const Plan undone = plan(manifest, options);
  if (!undone.is_empty()) workspace.find("I3", "a late request undoes it:\n" + text_of(undone));
}

}  // namespace weir::test
