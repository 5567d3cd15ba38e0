#include "tests/simulation/invariants.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "planner/identify.h"

namespace weir::test {
namespace {

using State = StepResult::State;

/// Answers in a row that do not help, after which a step is given up.
constexpr std::size_t kEnoughMisses = 8;
constexpr std::size_t kReadsOfAStep = 200;
constexpr std::size_t kReadsOfAFault = 400;
constexpr std::size_t kRequestsOfAFault = 6;

bool is_known_in(const std::set<std::string>& known, const std::string& name) {
  for (std::string part = name; !part.empty(); part = parent_of_name(part)) {
    if (known.contains(part)) return true;
  }
  return false;
}

/// Whether the world is as a step that is done has left it.
bool is_so(const Workspace& workspace, const Plan& plan, const Step& step) {
  const bool is_there = workspace.world.resources.contains(step.remote_name);
  if (!step.is_destructive()) return is_there;
  const auto is_made_again = [&](const Step& other) {
    return other.action == Action::kCreate && other.remote_name == step.remote_name;
  };
  return !is_there || std::ranges::any_of(plan.steps, is_made_again);
}

bool is_open(const std::vector<Intent>& open, const Step& step) {
  return step.request &&
         std::ranges::find(open, text_of(*step.request), &Intent::request) != open.end();
}

/// What this apply began; an earlier one may have left something open that it leaves alone.
std::vector<Intent> own_intents(Store& store) {
  std::vector<Intent> intents = store.intents();
  const std::string mark = fmt::format("{}-", store.head().epoch);
  std::erase_if(intents, [&](const Intent& intent) { return !intent.id.starts_with(mark); });
  return intents;
}

/// What is wrong with what an apply says of one step; "" when it is true.
std::string lie_about(const Step& step, const StepResult& said, const ApplyResult& result,
                      const std::vector<Intent>& open) {
  switch (said.state) {
    case State::kNotBegun:
      return result.stopped.empty() ? "was never begun, and nothing stopped" : "";
    case State::kBlocked: {
      const bool is_true = std::ranges::any_of(step.after, [&](std::size_t before) {
        return result.steps[before].state != State::kDone;
      });
      return is_true ? "" : "is blocked by nothing";
    }
    case State::kUnfinished:
      return is_open(open, step) || !result.stopped.empty() ? "" : "is unfinished without intent";
    case State::kDone:
    case State::kFailed:
    case State::kStale:
      if (is_open(open, step) && result.stopped.empty()) return "is over, and its intent is open";
      return said.state != State::kDone && said.message.empty() ? "does not say why" : "";
  }
  return "";
}

}  // namespace

void check_duplicates(Workspace& workspace) {
  std::map<std::string, int> made;
  for (const Delivery& each : workspace.ledger) {
    if (!each.had_effect) continue;
    const bool is_end = each.action == Action::kDelete || each.action == Action::kPurge;
    if (is_end) {
      std::erase_if(made, [&](const auto& entry) {
        return entry.first == each.name || entry.first.starts_with(each.name + "/");
      });
    } else if (each.action == Action::kCreate && !each.uid.empty() && ++made[each.name] > 1) {
      workspace.find("I1", each.name + " was made twice");
    }
  }
}

void check_orphans(Workspace& workspace, Store& store) {
  std::set<std::string> known;
  for (const auto& [address, record] : store.records()) known.insert(record.remote_name);
  for (const Intent& intent : store.intents()) known.insert(intent.remote_name);
  for (const Delivery& each : workspace.ledger) {
    const auto found = workspace.world.resources.find(each.name);
    const bool is_ours = each.action == Action::kCreate && each.had_effect &&
                         found != workspace.world.resources.end() && found->second.uid == each.uid;
    if (is_ours && !is_known_in(known, each.name)) {
      workspace.find("I2", each.name + " is an orphan");
    }
  }
}

/// What is declared and has to be made anew goes by consent, whoever made it.
void check_foreign(Workspace& workspace) {
  for (const Delivery& each : workspace.ledger) {
    const bool is_end = each.action == Action::kDelete || each.action == Action::kPurge;
    if (is_end && !each.is_shown && each.had_effect && workspace.foreign.contains(each.uid)) {
      workspace.find("I5", each.name + " was made by somebody else and is gone");
    }
  }
}

void check_history(Workspace& workspace, WatchedStore& store, const Marks& before) {
  const Head head = store.head();
  if (head.epoch < before.epoch) workspace.find("I8", "the epoch fell");
  std::int64_t serial = before.serial;
  for (const HistoryEntry& entry : store.history(before.serial)) {
    if (entry.serial != serial && entry.serial != serial + 1) {
      workspace.find("I8", fmt::format("serial {} follows {}", entry.serial, serial));
    }
    serial = entry.serial;
  }
  if (serial != head.serial) workspace.find("I8", "the head's serial is not that of the history");
  const std::vector<Intent> open = store.intents();
  for (const Delivery& each : workspace.ledger) {
    const bool is_open = std::ranges::find(open, each.request, &Intent::request) != open.end();
    if (each.run == workspace.run && !is_open && !store.has_closed(each.request)) {
      workspace.find("I8", each.request + " has neither an outcome nor an open intent");
    }
  }
}

void check_result(Workspace& workspace, const Plan& plan, const ApplyResult& result,
                  const SimulatedService& service, Store& store) {
  const std::vector<Intent> open = own_intents(store);
  const Records records = store.records();
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Step& step = plan.steps[index];
    const StepResult& said = result.steps.at(index);
    std::string lie = lie_about(step, said, result, open);
    if (lie.empty() && said.state == State::kFailed && !service.has_refused(step) &&
        service.busy() < kEnoughMisses) {
      lie = "failed, and nobody refused it: " + said.message;
    }
    const bool is_undisturbed = !service.is_meddled_with();
    const bool is_asked = step.request.has_value();
    if (said.state == State::kDone && is_asked && is_undisturbed && !is_so(workspace, plan, step)) {
      lie = "is done, and it is not so";
    }
    const auto record = records.find(step.address);
    const std::string uid = workspace.uid_of(step.remote_name);
    const bool is_known = record == records.end() || uid.empty() || record->second.uid == uid;
    if (said.state == State::kDone && is_asked && is_undisturbed && result.stopped.empty() &&
        !is_known) {
      lie = "is remembered without its uid";
    }
    if (!lie.empty()) workspace.find("I9", step.address.text() + " " + lie);
  }
}

void check_bounds(Workspace& workspace, const Plan& plan, const SimulatedService& service,
                  std::size_t inherited, std::size_t strikes) {
  const std::size_t most_sent = plan.steps.size() + kRequestsOfAFault * strikes;
  const std::size_t most_read =
      kReadsOfAStep * (plan.steps.size() + inherited + strikes) + kReadsOfAFault * strikes;
  if (service.sent() > most_sent || service.reads() > most_read) {
    workspace.find("I10", fmt::format("{} changes and {} reads for {} steps and {} faults",
                                      service.sent(), service.reads(), plan.steps.size(), strikes));
  }
}

}  // namespace weir::test
