#include "tests/simulation/workspace.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/value.h"
#include "planner/bindings.h"

namespace weir::test {

std::string text_of(const Request& request) {
  return request.method + " " + request.target;
}

void Workspace::note(const std::string& what) {
  trace += fmt::format("{} {}\n", timestamp_text(world.now), what);
}

void Workspace::find(std::string_view invariant, const std::string& what) {
  findings.push_back(fmt::format("{}: {}", invariant, what));
  note("BROKEN " + findings.back());
}

void Workspace::deploy(const std::string& name) {
  Observed& app = world.add(an_observed(kApp, name));
  app.facts["resources"] = Document::array(
      {{{"name", kEntryOfOthers}, {"secret", {{"scope", "shop"}, {"key", "token"}}}}});
  app.fields["bind"] = observe_value(*bindings_in(kApp), app.facts, {});
}

std::string Workspace::uid_of(const std::string& name) const {
  const auto found = world.resources.find(name);
  return found == world.resources.end() ? "" : found->second.uid;
}

void Workspace::carry_out(const Step& step, std::size_t of_run) {
  const std::string uid = uid_of(step.remote_name);
  ledger.push_back({.run = of_run,
                    .request = text_of(*step.request),
                    .action = step.action,
                    .name = step.remote_name,
                    .uid = uid,
                    .is_shown = step.is_replacement && step.precondition.uid == uid});
  const auto found = world.resources.find(step.remote_name);
  const bool is_there = found != world.resources.end();
  if (step.action != Action::kCreate && !is_there) {
    throw ApiError("not found", {.status = 404, .code = "NOT_FOUND"});
  }
  if (step.action == Action::kCreate && hidden.contains(step.remote_name)) {
    throw ApiError("the id is taken", {.status = 409, .code = "ALREADY_EXISTS"});
  }
  const std::optional<Observed> last = is_there ? std::optional(found->second) : std::nullopt;
  try {
    world.carry_out(step);
  } catch (const std::logic_error& error) {
    throw ApiError(error.what(), {.status = 409, .code = "ALREADY_EXISTS"});
  }
  before[step.remote_name] = last;
  ledger.back().had_effect = true;
  if (step.action == Action::kCreate) ledger.back().uid = uid_of(step.remote_name);
}

void Workspace::try_late(const Late& late_one) {
  note("arrives late: " + text_of(*late_one.step.request));
  const std::string& wanted = late_one.step.precondition.uid;
  const std::string uid = uid_of(late_one.step.remote_name);
  if (late_one.step.is_destructive() && !wanted.empty() && !uid.empty() && uid != wanted) {
    find("I5", late_one.step.remote_name + " is ended by a request that was meant for another");
  }
  try {
    carry_out(late_one.step, late_one.run);
  } catch (const ApiError& error) {
    note(std::string("refused: ") + error.what());
  }
}

void Workspace::let_arrive() {
  for (auto each = late.begin(); each != late.end();) {
    if (each->due > world.now) {
      ++each;
      continue;
    }
    const Late arrived = *each;
    each = late.erase(each);
    try_late(arrived);
  }
}

void Workspace::let_all_arrive() {
  for (const Late& each : late) world.now = std::max(world.now, each.due);
  let_arrive();
}

void Workspace::let_most_arrive() {
  for (const Late& each : late) {
    if (!each.step.is_destructive()) world.now = std::max(world.now, each.due);
  }
  let_arrive();
}

}  // namespace weir::test
