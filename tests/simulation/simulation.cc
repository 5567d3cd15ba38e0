#include "tests/simulation/simulation.h"

#include <fmt/format.h>

#include "core/error.h"

namespace weir::test {

SimulatedCalls::Pending SimulatedCalls::take_one() {
  const auto chosen =
      std::next(pending_.begin(), static_cast<std::ptrdiff_t>(random_() % pending_.size()));
  Pending call = std::move(*chosen);
  pending_.erase(chosen);
  return call;
}

void SimulatedCalls::wait(Duration time) {
  if (pending_.empty()) {
    now_ = std::max(now_, Instant(time));
    return;
  }
  std::vector<Work> arrived;
  do {
    Pending call = take_one();
    pass(std::chrono::milliseconds(1 + random_() % 40));
    call.work();
    arrived.push_back(std::move(call.then));
  } while (!pending_.empty() && random_() % 2 == 0);
  for (const Work& then : arrived) then();
}

void SimulatedCalls::let_some_arrive() {
  while (!pending_.empty()) {
    const Pending call = take_one();
    if (random_() % 2 == 0) call.work();
  }
}

void SimulatedService::check_intent(const Request& request) const {
  const std::string text = request.method + " " + request.target;
  if (std::ranges::find(disk_.intents, text, &Intent::request) != disk_.intents.end()) return;
  ADD_FAILURE() << text << " was sent without an intent on the disk";
}

const Step& SimulatedService::step_of(const Request& request) const {
  for (const Step& step : plan_->steps) {
    if (step.request && *step.request == request) return step;
  }
  throw std::logic_error("nobody planned " + request.target);
}

Operation SimulatedService::carry_out(const Request& request) {
  const Step& step = step_of(request);
  const bool is_there = world_.resources.contains(step.remote_name);
  const bool needs_it = step.action != Action::kCreate;
  if (needs_it && !is_there) throw ApiError("not found", {.status = 404, .code = "NOT_FOUND"});
  try {
    world_.carry_out(step);
  } catch (const std::logic_error& error) {
    throw ApiError(error.what(), {.status = 409, .code = "ALREADY_EXISTS"});
  }
  const std::string name = fmt::format("{}/operations/{}", step.remote_name, ++changes_);
  Running running = {.done = world_.now + std::chrono::milliseconds(random_() % 8000)};
  if (happens(faults.failing)) running.error = "INTERNAL_ERROR";
  operations_[name] = running;
  return {.name = name, .is_done = random_() % 10 == 0 && running.error.empty()};
}

Operation SimulatedService::start(const Request& request) {
  if (!is_dead_) check_intent(request);
  const auto may_kill = [&] {
    if (!is_dead_ && happens(faults.kill_around_request)) throw Killed();
  };
  may_kill();
  if (happens(faults.refused)) {
    throw ApiError("too many", {.status = 429, .is_busy = true});
  }
  if (happens(faults.broken)) throw ApiError("broken before", {.status = 503});
  if (happens(faults.lost / 2)) throw ApiError("lost before", {});
  Operation operation = carry_out(request);
  may_kill();
  if (happens(faults.lost / 2)) throw ApiError("lost after", {});
  if (happens(faults.broken)) throw ApiError("broken after", {.status = 500});
  return operation;
}

Operation SimulatedService::poll(const std::string& name) {
  ++reads_;
  if (!is_dead_ && happens(faults.kill_around_request)) throw Killed();
  if (happens(faults.lost)) throw ApiError("lost", {});
  const auto running = operations_.find(name);
  if (running == operations_.end()) {
    throw ApiError("operation not found", {.status = 404, .code = "NOT_FOUND"});
  }
  const bool is_done = running->second.done <= world_.now;
  return {.name = name,
          .is_done = is_done,
          .error_code = is_done ? running->second.error : "",
          .error = is_done && !running->second.error.empty() ? "it broke" : ""};
}

std::optional<Observed> SimulatedService::get(const Kind& /*kind*/, const std::string& name) {
  ++reads_;
  if (!is_dead_ && happens(faults.kill_around_request)) throw Killed();
  if (happens(faults.lost)) throw ApiError("lost", {});
  if (happens(faults.stale)) return std::nullopt;
  const auto found = world_.resources.find(name);
  if (found == world_.resources.end()) return std::nullopt;
  return found->second;
}

Plan Simulation::plan(const Manifest& manifest, PlanOptions options) {
  options.now = world.now;
  options.allow_destroy = {"*"};
  world.records = disk.records;
  return world.plan(manifest, options);
}

Simulation::End Simulation::run(const Manifest& manifest, const PlanOptions& options,
                                const Faults& faults) {
  disk.holder.reset();  // the lock of a dead process is free
  MemoryStore store(disk);
  SimulatedCalls calls(random_, world.now);
  SimulatedService service(random_, world, disk);
  service.faults = faults;
  NoReporter reporter;
  const ApplyDoors doors = {lakebase_catalogue(), store, service, service, calls, reporter};
  const ApplyOptions choice = {.parallelism = 1 + random_() % 6, .random = [this] {
                                 return static_cast<double>(random_() % 1000) / 1000.0;
                               }};
  if (store.try_acquire({.id = "run", .actor = "simulation"})) return End::kIncomplete;
  const auto may_kill = [&] {
    if (is_likely(random_, faults.kill_around_commit)) throw Killed();
  };
  store.before_commit = store.after_commit = may_kill;
  Plan steps;
  service.expect(steps);
  End end = End::kKilled;
  try {
    const bool is_known = recover(doors, choice).empty();
    steps = plan(manifest, options);
    EXPECT_TRUE(steps.refusals.empty()) << steps.refusals.front().message;
    result = apply(steps, doors, choice);
    store.before_commit = store.after_commit = {};
    store.release("ended");
    end = is_known && result.is_complete() ? End::kComplete : End::kIncomplete;
  } catch (const Killed&) {
    service.set_dead(true);
    try {
      calls.let_some_arrive();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  changes += service.changes();
  return end;
}

}  // namespace weir::test
