#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "cli/apply_events.h"
#include "cli/apply_manifest.h"
#include "cli/apply_view.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/lease.h"
#include "cli/plan_printing.h"
#include "cli/question.h"
#include "cli/saved_plan.h"
#include "cli/secrets.h"
#include "cli/state_place.h"
#include "cli/world.h"
#include "engine/thread_calls.h"
#include "planner/leavers.h"
#include "planner/plan_file.h"
#include "planner/snapshot.h"
#include "providers/http/timing.h"
#include "providers/lakebase/kinds.h"
#include "state/refusals.h"

namespace weir {
namespace {

/// The second interruption: whatever is under way is left, and the journal knows of it.
[[noreturn]] void leave_at_once() {
  std::fflush(nullptr);
  std::_Exit(128 + Interrupts::signal());
}

/// "create of projects/shop, update of projects/shop/branches/dev and 3 more".
std::string words_of(const std::vector<Intent>& intents) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> words;
  for (const Intent& intent : intents) {
    if (words.size() == kShown) break;
    words.push_back(fmt::format("{} of {}", intent.action, intent.address.text()));
  }
  const std::size_t rest = intents.size() - words.size();
  return fmt::format("{}{}", fmt::join(words, ", "),
                     rest == 0 ? "" : fmt::format(" and {} more", rest));
}

constexpr std::chrono::minutes kPatienceWithTheOld{2};

/// The doors of one apply, in the order in which they need each other.
class Applying {
 public:
  Applying(const Invocation& invocation, const Clock& clock, World& world, Store& store)
      : invocation_(invocation),
        world_(world),
        store_(store),
        lines_(invocation.err, invocation.err.is_terminal || invocation.options.has("time"),
               [&invocation](const std::string& text) { report(invocation, text); }),
        events_(clock),
        doors_{.catalogue = lakebase_catalogue(),
               .store = store,
               .provider = world.target().provider(),
               .performer = world.target().performer(),
               .calls = calls_,
               .reporter = reporter(),
               .verifier_of =
                   [&invocation](const PasswordSource& source) {
                     return verifier_of(invocation, source.secret);
                   }},
        options_{.parallelism = world.parallelism(),
                 .polls_per_second = world.target().pace() / 2,
                 .longest_request = world.target().longest_change(),
                 .interruptions = &Interrupts::count,
                 .random = http::Timing::real().random},
        calls_(world.parallelism(), clock) {}

  /// How what earlier applies left open has ended, where that can be found out.
  void find_out_what_is_open() {
    const std::vector<Intent> open = store_.intents();
    if (open.empty()) return;
    // What another workspace lacks is not gone.
    world_.target().meet();
    store_.bind(world_.target().host(), world_.target().workspace_id());
    reporter().tell(
        fmt::format("an earlier apply has left open {}: looking; weir state rm ADDRESS "
                    "gives one up that does not end",
                    words_of(open)));
    ApplyOptions options = options_;
    // Nothing is sent here, so that there is nothing to finish first.
    options.interruptions = [] { return 2 * Interrupts::count(); };
    // What takes longer is left alone, and everything else goes on.
    options.longest_operation = kPatienceWithTheOld;
    unresolved_ = recover(doors_, options);
    if (Interrupts::count() > 1) leave_at_once();
    Interrupts::stop_if_any();
    for (const Unresolved& each : unresolved_) {
      reporter().tell(
          fmt::format("{0}: what an earlier apply began is not over: {1}. It is left "
                      "alone now; weir state rm {0} gives it up",
                      each.address.text(), each.why));
    }
  }

  bool knows_all() const { return unresolved_.empty(); }

  /// These steps are not carried out, nor is what depends on them.
  void refuse(const std::vector<Stale>& steps) {
    for (const Stale& stale : steps) options_.stale[stale.step] = stale.what;
  }

  ApplyResult carry_out(const Plan& plan) {
    refuse(find_kept_back(plan, unresolved_));
    const bool has_scripts =
        std::ranges::any_of(plan.steps, [](const Step& step) { return step.script.has_value(); });
    if (has_scripts) doors_.databases = &world_.target().databases();
    check_passwords(plan);
    return apply(plan, doors_, options_);
  }

  void print_summary(const Plan& plan, const ApplyResult& result, const Stopwatch& stopwatch) {
    if (speaks_in_events()) return events_.summary(plan, result);
    if (plan.is_empty() && result.is_complete()) return;
    print_text(invocation_, apply_summary(plan, result, spent(stopwatch)));
  }

 private:
  /// What is missing is said before anything is changed.
  void check_passwords(const Plan& plan) const {
    for (const Step& step : plan.steps) {
      if (!step.script) continue;
      for (const PasswordSource& source : step.script->passwords) {
        verifier_of(invocation_, source.secret);
      }
    }
  }

  bool speaks_in_events() const { return invocation_.format() == "json-lines"; }
  ApplyReporter& reporter() {
    if (speaks_in_events()) return events_;
    return lines_;
  }

  /// "12 s, 40 calls", for those who see the time.
  std::string spent(const Stopwatch& stopwatch) const {
    const Took took = stopwatch.shown(invocation_);
    if (!took) return "";
    Plan counted;
    world_.sign(counted);
    return fmt::format("{}, {} calls", rough_duration(*took), counted.requests);
  }

  const Invocation& invocation_;
  World& world_;
  Store& store_;
  ApplyLines lines_;
  ApplyEvents events_;
  ApplyDoors doors_;
  ApplyOptions options_;
  std::vector<Unresolved> unresolved_ = {};
  ThreadCalls calls_;  // last: its threads use what is above
};

/// Nothing is changed yet, and whoever interrupts does not want to wait for answers to questions.
[[noreturn]] void leave_unchanged(const Invocation& invocation, HeldLease& lease) {
  lease.give_up("interrupted");
  report(invocation, "interrupted; nothing was changed\n");
  std::fflush(nullptr);
  std::_Exit(128 + Interrupts::signal());
}

/// What looks at the workspace may take longer than a lease.
void stay_alive_while_looking(const Invocation& invocation, World& world, Store& store,
                              HeldLease& lease) {
  world.set_meanwhile([&] {
    if (Interrupts::count() > 0) leave_unchanged(invocation, lease);
    store.keep_alive();
  });
}

std::string question_for(const Plan& plan) {
  const bool is_end = std::ranges::any_of(plan.steps, &Step::is_destructive);
  return fmt::format("\nDo this{}? Only \"yes\" is taken for yes: ",
                     is_end ? ", with all that it destroys" : "");
}

/// Others have none: a rollback, for one, knows under its lease only what it goes back to.
std::string way_by_a_saved_plan(std::string_view command) {
  if (command != "apply" && command != "destroy") return "";
  return fmt::format(
      ", or save a plan with weir plan {}-out weir.plan and carry that out with weir apply "
      "weir.plan",
      command == "destroy" ? "-destroy " : "");
}

/// Whether the plan may be carried out. Throws Error when nobody can be asked.
bool is_approved(const Invocation& invocation, const Plan& plan, const Errand& errand,
                 Store& store) {
  if (invocation.options.has("auto-approve")) return true;
  if (!errand.asks) return true;
  if (!is_anybody_there(invocation)) {
    refuse_to_ask(invocation, way_by_a_saved_plan(invocation.options.command().name));
  }
  if (is_confirmed(invocation, question_for(plan), [&] { store.keep_alive(); })) return true;
  Interrupts::stop_if_any();
  report(invocation, "nothing was changed\n");
  return false;
}

Exit exit_of(const ApplyResult& result, bool knows_all) {
  if (!knows_all) return Exit::kPartial;
  if (result.is_complete()) return Exit::kDone;
  const std::size_t stale = result.count(StepResult::State::kStale);
  const std::size_t done = result.count(StepResult::State::kDone);
  const std::size_t blocked = result.count(StepResult::State::kBlocked);
  const bool is_stale = stale > 0 && stale + done + blocked == result.steps.size();
  return is_stale ? Exit::kStale : Exit::kPartial;
}

std::string run_again(const Errand& errand) {
  return errand.next.empty() ? "run it again" : "run " + errand.next;
}

/// In the words of Postgres, which the service passes on: what was to end is needed.
bool has_kept_needed_roles(const Plan& plan, const ApplyResult& result) {
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const StepResult& outcome = result.steps[step];
    const bool is_needed = outcome.state == StepResult::State::kFailed &&
                           ends_a_role(plan.steps[step]) &&
                           outcome.message.find("depend on it") != std::string::npos;
    if (is_needed) return true;
  }
  return false;
}

/// Where nothing inside is declared only -wake always looks for what needs a role.
std::string after_a_part(const Invocation& invocation, const Plan& plan, const ApplyResult& result,
                         const Errand& errand) {
  std::string why;
  std::string_view how;
  if (has_kept_needed_roles(plan, result)) {
    const bool has_looked = wake_of(invocation, Wake::kAuto) == Wake::kAlways;
    why = has_looked ? "a role is needed in a database that is not listed: take from it what it "
                       "has there\n"
                     : "a role is needed in a database: -wake always takes from it what it has in "
                       "those that are listed\n";
    if (!has_looked) how = " with -wake always";
  }
  return why + (errand.is_used_up
                    ? fmt::format("plan again{} for what is left: this plan is used up\n", how)
                    : fmt::format("{}{}: it goes on where this ended\n", run_again(errand), how));
}

std::string after_an_undelete(const Errand& errand) {
  return fmt::format("the contents of what came back are known only now: {} for them\n",
                     errand.is_used_up ? "plan again" : run_again(errand));
}

bool has_undeleted(const Plan& plan) {
  return std::ranges::find(plan.steps, Action::kUndelete, &Step::action) != plan.steps.end();
}

Exit carry_out(const Invocation& invocation, Applying& applying, HeldLease& lease, const Plan& plan,
               const Errand& errand) {
  const Stopwatch stopwatch;
  const ApplyResult result = applying.carry_out(plan);
  try {
    applying.print_summary(plan, result, stopwatch);
  } catch (const Error& error) {
    // Who hears no more of it changes nothing about what was done.
    report(invocation, fmt::format("{}\n", error.what()));
  }
  if (Interrupts::count() > 1) leave_at_once();
  const Exit exit = exit_of(result, applying.knows_all());
  if (exit == Exit::kDone) {
    lease.release(std::string(outcome::kComplete));
    if (has_undeleted(plan)) note(invocation, after_an_undelete(errand));
  } else {
    // The lease may be what was lost, and the summary has said so.
    lease.give_up(std::string(outcome::kIncomplete));
    note(invocation, after_a_part(invocation, plan, result, errand));
  }
  return Interrupts::count() > 0 ? static_cast<Exit>(128 + Interrupts::signal()) : exit;
}

std::string sentence_for_none(const Errand& errand, const Plan& plan,
                              const std::optional<ChosenPart>& choice, const PlanOptions& options) {
  if (!errand.nothing.empty()) return fmt::format("No changes: {}.", errand.nothing);
  if (options.is_destroy && !choice) return "No changes: nothing that is declared is there.";
  return fmt::format("No changes: {}.", as_declared(choice, plan.target()));
}

/// A saved plan is carried out as it is.
void refuse_choices(const Options& options) {
  for (const std::string_view flag :
       {"env", "var", "var-file", "only", "except", "only-file", "except-file", "destroy", "prune",
        "no-prune", "allow-destroy", "replace", "max-destroys"}) {
    if (!options.has(flag) && options.values(flag).empty()) continue;
    throw UsageError(
        fmt::format("-{} and a saved plan do not go together: it is carried out as it "
                    "is; plan again with -{} and -out",
                    flag, flag));
  }
}

/// Whether the plan knew what is remembered; before there is a state there is nothing to know.
bool is_of_this_state(const Plan& plan, const StatePlace& place, const Clock& clock) {
  if (plan.lineage.empty()) return true;
  const auto state = read_state(place, clock);
  return state != nullptr && state->head().lineage == plan.lineage;
}

/// A saved plan is the approval; what no longer fits the world is refused step by step.
Exit apply_saved(const Invocation& invocation, const std::string& file) {
  refuse_choices(invocation.options);
  Plan plan = read_saved_plan(file);
  if (is_outdated(plan, time_of_run(invocation))) {
    report(invocation, fmt::format("the plan is of {} and too old to be applied; plan again\n",
                                   timestamp_text(plan.made_at)));
    return Exit::kStale;
  }
  const Interrupts interrupts;
  const std::unique_ptr<Clock> clock = clock_of(invocation);
  World world(invocation, target_of(invocation, plan));
  const StatePlace place = state_place(invocation, plan.name, plan.environment, plan.state);
  if (!is_of_this_state(plan, place, *clock)) {
    report(invocation, fmt::format("the plan was made with another state than what is now {}; plan "
                                   "again\n",
                                   harmless(place.words())));
    return Exit::kStale;
  }
  const std::unique_ptr<Store> store = open_state(place, *clock);
  HeldLease lease(invocation, *clock, *store, plan.manifest_hash);
  stay_alive_while_looking(invocation, world, *store, lease);
  Applying applying(invocation, *clock, world, *store);
  applying.find_out_what_is_open();
  const std::vector<HistoryEntry> since = store->history(plan.serial);
  applying.refuse(find_overtaken(plan, since));
  // What shows in the workspace says more than who did it.
  applying.refuse(stale_steps(world, plan));
  forget_overtaken(plan, since);
  store->bind(plan.host, plan.workspace_id);
  return carry_out(invocation, applying, lease, plan, {.is_used_up = true});
}

std::int64_t serial_to_return_to(const Invocation& invocation, Store& store,
                                 const std::vector<HistoryEntry>& history) {
  const auto& arguments = invocation.options.arguments();
  if (arguments.empty()) {
    if (const auto serial = serial_before_last_apply(history, store.runs())) return *serial;
    throw Error("nothing was applied yet, so there is nothing to go back to");
  }
  const auto serial = whole_number_in(arguments.front(), 0);
  const std::int64_t last = history.empty() ? 0 : history.back().serial;
  if (serial && *serial <= last) return *serial;
  throw UsageError(fmt::format("{} is no serial from 0 to {}; weir state history lists them",
                               harmless(arguments.front()), last));
}

/// Whoever mistypes the name of what is there must not get another one.
void check_existing(const Plan& plan, const Errand& errand) {
  const bool is_missing = std::ranges::any_of(plan.steps, [&](const Step& step) {
    const bool begins = step.action == Action::kCreate || step.action == Action::kUndelete;
    return step.address == errand.existing && begins && !step.is_replacement;
  });
  if (!is_missing) return;
  throw Error(
      fmt::format("{} is not there, so that nothing was changed; weir up makes branches of "
                  "branch classes, and weir apply those that are declared",
                  errand.existing.text()));
}

}  // namespace

Exit apply_manifest(const Invocation& invocation, PlanOptions options, const Rewrite& rewrite) {
  options.is_approved = false;
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const Interrupts interrupts;
  const std::unique_ptr<Clock> clock = clock_of(invocation);
  World world(invocation, target_of(invocation, loaded->manifest));
  const StatePlace place = state_place(invocation, loaded->manifest);
  const std::unique_ptr<Store> store = open_state(place, *clock);
  HeldLease lease(invocation, *clock, *store, "");
  stay_alive_while_looking(invocation, world, *store, lease);
  Applying applying(invocation, *clock, world, *store);
  applying.find_out_what_is_open();
  Records applied = store->records();
  const Errand errand = rewrite ? rewrite(loaded->manifest, applied, *store, options) : Errand();
  const std::optional<ChosenPart> choice = choice_of(invocation, loaded->manifest, applied);
  const Plan plan = plan_for(world, *loaded, applied, options, wake_of(invocation, Wake::kAuto));
  is_bound(store->head(), plan.host, plan.workspace_id, place.words());
  check_existing(plan, errand);
  print_plan(invocation, plan, loaded->sources, std::nullopt, loaded->warnings,
             sentence_for_none(errand, plan, choice, options));
  if (!plan.refusals.empty()) {
    lease.release("blocked");
    return Exit::kBlocked;
  }
  if (!plan.is_empty() && !is_approved(invocation, plan, errand, *store)) {
    lease.release("not approved");
    return Exit::kError;
  }
  // Whoever said yes said it to what stood there when the plan was shown.
  if (!plan.is_empty() && errand.asks && !invocation.options.has("auto-approve")) {
    applying.refuse(stale_steps(world, plan));
  }
  store->bind(plan.host, plan.workspace_id);
  return carry_out(invocation, applying, lease, plan, errand);
}

Exit run_rollback(const Invocation& invocation) {
  const Rewrite go_back = [&](Manifest& manifest, Records& applied, Store& store, PlanOptions&) {
    const std::vector<HistoryEntry> history = store.history(0);
    const std::int64_t serial = serial_to_return_to(invocation, store, history);
    note(invocation, fmt::format("back to what was applied at serial {}\n", serial));
    Records records = records_at(serial, applied, history);
    add_what_came_along(records, applied, lakebase_catalogue());
    Manifest then = manifest_of(records, lakebase_catalogue(), manifest.name, manifest.environment);
    // What a server has is not remembered, and nothing of it goes with a request.
    if (!manifest.server.is_made()) manifest.declarations = std::move(then.declarations);
    manifest.insides = std::move(then.insides);
    keep_what_was_taken_over(applied, serial, history, lakebase_catalogue());
    // Without a serial it would go back to before this one the next time.
    return Errand{.next = fmt::format("weir rollback {}", serial)};
  };
  return apply_manifest(invocation, plan_options(invocation), go_back);
}

Exit run_apply(const Invocation& invocation) {
  const auto& arguments = invocation.options.arguments();
  return arguments.empty() ? apply_manifest(invocation, plan_options(invocation))
                           : apply_saved(invocation, arguments.front());
}

Exit run_destroy(const Invocation& invocation) {
  PlanOptions options = plan_options(invocation);
  options.is_destroy = true;
  return apply_manifest(invocation, options);
}

}  // namespace weir
