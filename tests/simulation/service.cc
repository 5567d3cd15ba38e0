#include "tests/simulation/service.h"

#include <algorithm>
#include <array>
#include <new>

#include <fmt/format.h>

#include "core/error.h"
#include "core/value.h"
#include "planner/bindings.h"
#include "planner/request.h"

namespace weir::test {
namespace {

/// When nobody waits for the answer any more, and less than a request may take.
constexpr int kLatestArrival = 25;

bool is_kill(Fault fault) {
  return fault == Fault::kKillBeforeRequest || fault == Fault::kKillBeforeArrival;
}

/// What is not begun, whatever the answer says.
void refuse(Fault fault) {
  switch (fault) {
    case Fault::kLostBefore:
      throw ApiError("lost before", {});
    case Fault::kBusy:
      throw ApiError("too many", {.status = 429, .is_busy = true});
    case Fault::kBrokenBefore:
      throw ApiError("broken before", {.status = 503});
    case Fault::kUnauthorized:
      throw ApiError("no valid token", {.status = 401, .code = "UNAUTHENTICATED"});
    case Fault::kForbidden:
      throw ApiError("not allowed", {.status = 403, .code = "PERMISSION_DENIED"});
    case Fault::kNoMemoryBefore:
      throw std::bad_alloc();
    default:
      return;
  }
}

/// It was done, and nobody learns it.
void lose(Fault fault) {
  switch (fault) {
    case Fault::kKillAfterRequest:
      throw Killed();
    case Fault::kLostAfter:
      throw ApiError("lost after", {});
    case Fault::kBrokenAfter:
      throw ApiError("broken after", {.status = 500});
    case Fault::kGarbled:
      throw ApiError("the answer is no JSON", {.status = 200});
    case Fault::kNoMemoryAfter:
      throw std::bad_alloc();
    default:
      return;
  }
}

/// Of what leaves the caller without knowing.
bool leaves_open(Fault fault) {
  constexpr std::array kOpen = {Fault::kKillBeforeArrival,
                                Fault::kKillAfterRequest,
                                Fault::kLostBefore,
                                Fault::kLostAfter,
                                Fault::kLate,
                                Fault::kBrokenBefore,
                                Fault::kBrokenAfter,
                                Fault::kGarbled,
                                Fault::kNoMemoryBefore,
                                Fault::kNoMemoryAfter};
  return std::ranges::find(kOpen, fault) != kOpen.end();
}

void fail_read_with(Fault fault) {
  switch (fault) {
    case Fault::kKillAtRead:
      throw Killed();
    case Fault::kReadLost:
      throw ApiError("read lost", {});
    case Fault::kReadBroken:
      throw ApiError("read broken", {.status = 500});
    case Fault::kReadForbidden:
      throw ApiError("read not allowed", {.status = 403, .code = "PERMISSION_DENIED"});
    case Fault::kReadUnauthorized:
      throw ApiError("no valid token", {.status = 401, .code = "UNAUTHENTICATED"});
    case Fault::kReadWithoutMemory:
      throw std::bad_alloc();
    default:
      return;
  }
}

/// What takes something over also says what stands there already, and nothing else differently; a
/// list that others have entries in as well goes as it stands by then.
bool is_sent_as(const Step& step, const Request& sent) {
  const Request& planned = *step.request;
  if (planned == sent) return true;
  if (planned.target != sent.target) return false;
  if (changes_bindings(step)) return true;
  if (!takes_over(step)) return false;
  Document both = sent.body;
  both.merge_patch(planned.body);
  return both == sent.body;
}

/// What others have in a list.
Document entries_of_others(const Document& list) {
  Document others = Document::array();
  for (const Document& entry : list) {
    if (text_at(entry, "name") == kEntryOfOthers) others.push_back(entry);
  }
  return others;
}

}  // namespace

void SimulatedService::expect(const Plan& plan, std::function<std::vector<Intent>()> durable) {
  plan_ = &plan;
  durable_ = std::move(durable);
}

const Step& SimulatedService::step_of(const Request& request) {
  for (const Step& step : plan_->steps) {
    if (step.request && is_sent_as(step, request)) return step;
  }
  workspace_.find("plan", "nobody planned " + text_of(request));
  throw std::logic_error("nobody planned " + request.target);
}

void SimulatedService::check_intent(const Step& step) {
  const std::string text = text_of(*step.request);
  if (!may_send_) workspace_.find("F14", text + " was sent without the lease");
  const std::vector<Intent> open = durable_();
  const auto mine = std::ranges::find(open, text, &Intent::request);
  if (mine == open.end()) {
    workspace_.find("I8", text + " was sent without an intent on the disk");
    return;
  }
  const bool is_true = mine->address == step.address && mine->remote_name == step.remote_name &&
                       mine->uid == step.precondition.uid && mine->record == step.record &&
                       mine->action == weir::text_of(step.action);
  if (!is_true) workspace_.find("I8", text + " has an intent that says something else");
  check_neighbours(step, open);
}

/// What comes before is over, and nothing else is under way that shares a lock.
void SimulatedService::check_neighbours(const Step& step, const std::vector<Intent>& open) {
  const auto is_open = [&](const Step& other) {
    return other.request && &other != &step && !ended_.contains(text_of(*other.request)) &&
           std::ranges::find(open, text_of(*other.request), &Intent::request) != open.end();
  };
  for (const std::size_t before : step.after) {
    if (is_open(plan_->steps[before])) {
      workspace_.find("order", text_of(*step.request) + " was sent before " +
                                   plan_->steps[before].remote_name + " was over");
    }
  }
  for (const Step& other : plan_->steps) {
    if (step.lock.empty() || other.lock != step.lock || !is_open(other)) continue;
    workspace_.find("lock", text_of(*step.request) + " was sent beside " + other.remote_name);
  }
}

/// What the plan saw still holds when the step begins.
void SimulatedService::check_precondition(const Step& step) {
  const auto found = workspace_.world.resources.find(step.remote_name);
  if (found == workspace_.world.resources.end() || misread_.contains(step.remote_name)) return;
  const std::string text = text_of(*step.request);
  if (!step.precondition.uid.empty() && found->second.uid != step.precondition.uid) {
    workspace_.find("I6", text + " was sent to what somebody else made");
  }
  const bool is_first = checked_.insert(text).second;
  if (!is_pinned(step)) return;
  const std::string moved =
      moved_since(step, &found->second, is_first ? WasSent::kNo : WasSent::kMaybe);
  if (!moved.empty()) workspace_.find("I6", text + " was sent although " + moved);
}

/// Entries of others go along as they are.
void SimulatedService::check_list(const Step& step) {
  const auto found = workspace_.world.resources.find(step.remote_name);
  const bool is_checked = changes_bindings(step) && !misread_.contains(step.remote_name);
  if (!is_checked || found == workspace_.world.resources.end()) return;
  const Document& sent = step.request->body.at(std::string(step.kind->name)).at("resources");
  if (entries_of_others(sent) != entries_of_others(found->second.facts.at("resources"))) {
    workspace_.find("B1", text_of(*step.request) + " changes entries of others");
  }
}

/// Nobody ends what is protected, and nobody sends anew what may have happened.
void SimulatedService::check_right(const Step& step) {
  const std::string text = text_of(*step.request);
  if (workspace_.unknown.contains(step.remote_name)) {
    workspace_.find("P2", text + " was sent again, and nobody had looked");
  }
  const auto found = workspace_.world.resources.find(step.remote_name);
  if (!step.is_destructive() || found == workspace_.world.resources.end()) return;
  if (flag_at(found->second.fields, "protected")) {
    workspace_.find("I5", text + " ends what is protected");
  }
}

Operation SimulatedService::begin(const Step& step, Fault fault) {
  const std::string name =
      fmt::format("{}/operations/{}", step.remote_name, workspace_.operations.size() + 1);
  const Duration takes = workspace_.longest_work * (random_() % 1000) / 1000;
  Running running = {
      .name = step.remote_name, .lock = step.lock, .done = workspace_.world.now + takes};
  if (fault == Fault::kFails || fault == Fault::kFailsBare) running.error = "INTERNAL_ERROR";
  running.never_ends = fault == Fault::kNeverEnds;
  const bool is_quick = random_() % 10 == 0 && running.error.empty() && !running.never_ends;
  if (is_quick) running.done = workspace_.world.now;
  if (fault != Fault::kForgotten) workspace_.operations[name] = running;
  if (fault == Fault::kOfAnother) {
    const std::string other = fmt::format("projects/other/operations/{}", name.size());
    workspace_.operations[other] = {.name = "projects/other", .done = workspace_.world.now};
    return {.name = other};
  }
  return {.name = name, .is_done = is_quick && fault != Fault::kForgotten};
}

Operation SimulatedService::carry_out(const Step& step, Fault fault) {
  if (fault == Fault::kFailsBare) {
    refused_.insert(text_of(*step.request));
    return begin(step, fault);
  }
  try {
    workspace_.carry_out(step, workspace_.run);
  } catch (const ApiError& error) {
    refused_.insert(text_of(*step.request));
    throw;
  }
  if (fault == Fault::kFails) refused_.insert(text_of(*step.request));
  if (fault == Fault::kTwice) {
    workspace_.late.push_back({.due = workspace_.world.now, .run = workspace_.run, .step = step});
  }
  return begin(step, fault);
}

Operation SimulatedService::start(const Request& request, const MayLeave& may_leave) {
  const Step& step = step_of(request);
  // Between the reading of a list and the look before its request.
  if (changes_bindings(step) && !is_dead_) meddle(luck_.at(Site::kWorld), step.remote_name);
  if (!may_leave()) throw ApiError("withheld", {.is_busy = true});
  Step as_sent = step;
  as_sent.request = request;
  const Fault fault = is_dead_ ? Fault::kNone : luck_.at(Site::kRequest);
  workspace_.note(fmt::format("{} ({})", text_of(request), text_of(fault)));
  if (fault == Fault::kKillBeforeRequest) throw Killed();
  ++sent_;
  check_intent(step);
  check_precondition(step);
  check_right(step);
  check_list(as_sent);
  if (is_dead_ || leaves_open(fault)) workspace_.unknown.insert(step.remote_name);
  if (fault == Fault::kLate || fault == Fault::kKillBeforeArrival) {
    const auto wait = std::chrono::seconds(random_() % kLatestArrival);
    workspace_.late.push_back(
        {.due = workspace_.world.now + wait, .run = workspace_.run, .step = as_sent});
    if (is_kill(fault)) throw Killed();
    throw ApiError("timed out", {});
  }
  if (fault == Fault::kUnauthorized || fault == Fault::kForbidden)
    refused_.insert(text_of(request));
  if (fault == Fault::kBusy) ++busy_;
  refuse(fault);
  Operation operation = carry_out(as_sent, fault);
  lose(fault);
  return operation;
}

Operation SimulatedService::ended(const std::string& name, const Running& running) const {
  const bool is_over =
      running.done <= workspace_.world.now && !(running.never_ends && luck_.is_faulty());
  return {.name = name,
          .is_done = is_over,
          .error_code = is_over ? running.error : "",
          .error = is_over && !running.error.empty() ? "it broke" : ""};
}

Operation SimulatedService::poll(const std::string& name) {
  ++reads_;
  const Fault fault = is_dead_ ? Fault::kNone : luck_.at(Site::kRead);
  workspace_.note(fmt::format("poll {} ({})", name, text_of(fault)));
  const std::vector<Intent> open = durable_();
  if (!is_dead_ && std::ranges::find(open, name, &Intent::operation) == open.end()) {
    workspace_.find("F6", name + " was asked for before its name was on the disk");
  }
  fail_read_with(fault);
  const auto running = workspace_.operations.find(name);
  if (running == workspace_.operations.end()) {
    throw ApiError("operation not found", {.status = 404, .code = "NOT_FOUND"});
  }
  if (fault == Fault::kStale) return {.name = name};
  workspace_.unknown.erase(running->second.name);
  return ended(name, running->second);
}

std::optional<Observed> SimulatedService::get(const Kind& /*kind*/, const std::string& name) {
  ++reads_;
  const Fault fault = is_dead_ ? Fault::kNone : luck_.at(Site::kRead);
  workspace_.note(fmt::format("get {} ({})", name, text_of(fault)));
  const bool is_hidden = fault == Fault::kReadForbidden || fault == Fault::kReadUnauthorized;
  if (is_hidden) unseen_.insert(name);
  fail_read_with(fault);
  workspace_.unknown.erase(name);
  const auto last = workspace_.before.find(name);
  if (fault == Fault::kStale && last != workspace_.before.end()) {
    misread_.insert(name);
    return last->second;
  }
  const auto found = workspace_.world.resources.find(name);
  if (found == workspace_.world.resources.end()) return std::nullopt;
  return found->second;
}

/// As somebody else may: a role's attributes, and what is theirs of an app.
static void edit(Observed& changed) {
  if (changed.kind == &kRole) changed.fields["attributes"] = {"createdb"};
  if (changed.kind != &kApp) return;
  for (Document& entry : changed.facts["resources"]) {
    if (entry.at("name") == kEntryOfOthers) entry["description"] = changed.update_time;
  }
}

void SimulatedService::meddle(Fault how, const std::string& with) {
  World& world = workspace_.world;
  if (how == Fault::kNone || world.resources.empty()) return;
  auto chosen = std::next(world.resources.begin(),
                          static_cast<std::ptrdiff_t>(random_() % world.resources.size()));
  for (const std::string& name : {workspace_.victim, with}) {
    const auto victim = world.resources.find(name);
    if (victim != world.resources.end()) chosen = victim;
  }
  Observed changed = chosen->second;
  const bool is_needed = changed.kind == &kProject || changed.kind == &kRole ||
                         changed.kind == &kBranch || changed.kind == &kPermissionsOfProject ||
                         changed.kind == &kApp;
  const bool is_kept = changed.kind == &kProject || changed.kind == &kApp;
  if (how == Fault::kDeletedByOthers && is_needed) return;
  if (how == Fault::kRemadeByOthers && (changed.uid.empty() || is_kept)) return;
  workspace_.note(fmt::format("{} {}", changed.name, text_of(how)));
  is_meddled_with_ = true;
  workspace_.before.erase(changed.name);
  changed.update_time = timestamp_text(world.now);
  if (how == Fault::kEditedByOthers) edit(changed);
  if (how == Fault::kRemadeByOthers) {
    changed.create_time = changed.update_time;
    changed.uid += "-other";
    workspace_.foreign.insert(changed.uid);
  }
  world.resources.erase(chosen);
  if (how != Fault::kDeletedByOthers) return void(world.add(std::move(changed)));
  workspace_.ledger.push_back({.run = kByOthers,
                               .action = Action::kDelete,
                               .name = changed.name,
                               .uid = changed.uid,
                               .is_shown = true,
                               .had_effect = true});
}

}  // namespace weir::test
