#include "emulator/api/timekeeper.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/api/endpoint_state.h"
#include "emulator/api/identities.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

/// How soon a timer that could not do its work is tried again.
constexpr Duration kLater{3600, 0};
constexpr Duration kDay{86'400, 0};
/// A clock that is corrected by so little cuts nothing short.
constexpr Duration kSmallStep{1, 0};

void suspend(World& world, const std::string& endpoint) {
  if (has_sessions(world, endpoint)) return;
  ++world.work_under_way;
  stop_endpoint(world, endpoint, [&world, endpoint](const Outcome&) {
    --world.work_under_way;
    // Somebody may have connected while the compute was going down; then it is awake again.
    if (has_sessions(world, endpoint)) return;
    world.store.transaction([&] { mark_endpoint(world, endpoint, "IDLE"); });
  });
}

void begin_delete(World& world, const Row& row, bool is_purge) {
  world.store.transaction([&] {
    begin_operation(world,
                    {.verb = "delete", .kind = row.kind, .name = row.name, .is_purge = is_purge});
  });
}

bool is_busy(World& world, const std::string& name) {
  try {
    refuse_conflict(world, name);
    return false;
  } catch (const Problem&) {
    return true;
  }
}

void expire(World& world, const Timer& timer) {
  const auto row = world.store.find(timer.name);
  if (!row || row->is_deleted) return;
  // A branch that others come from outlives its time: deleting it is refused, so it waits.
  if (is_busy(world, row->name) || !children_text(world, *row).empty()) {
    return world.store.set_timer({timer.name, timer.what, world.clock.now() + kLater});
  }
  begin_delete(world, *row, world.contract.assumptions.is("expired_branch", "purge"));
}

Duration longest_retention(const World& world) {
  const Field* field = world.contract.kind("project").field("spec.history_retention_duration");
  const auto longest = parse_duration(field->maximum.get<std::string>());
  if (!longest) throw std::logic_error("the longest history retention is not a duration");
  const Field* days = world.contract.kind("instance").field("retention_window_in_days");
  return std::max(*longest, Duration{days->maximum.get<std::int64_t>() * kDay.seconds, 0});
}

/// Once a day what lies beyond the retention of a project or an instance is dropped.
void forget_history(World& world, const Timer& timer) {
  const auto row = world.store.find(timer.name);
  if (!row) return;
  // A leap of a virtual clock over years looks once, where it arrives.
  if (world.clock.now() < world.leap_goal) {
    return world.store.set_timer({timer.name, timer.what, world.leap_goal});
  }
  row->kind == "instance" ? keep_instance_history(world, *row) : keep_history(world, *row);
  world.clock.forget_moves_before(world.clock.now() - longest_retention(world));
  world.store.set_timer({timer.name, timer.what, world.clock.now() + kDay});
}

void purge(World& world, const Timer& timer) {
  const auto row = world.store.find(timer.name);
  if (!row || !row->is_deleted) return;
  if (is_busy(world, row->name) || !children_text(world, *row).empty()) {
    return world.store.set_timer({timer.name, timer.what, world.clock.now() + kLater});
  }
  begin_delete(world, *row, true);
}

/// How long an operation or a settling endpoint may be on its way at all.
Duration longest_wait(const World& world, const Timer& timer) {
  if (timer.what == "settle") return world.latency.of("endpoint", "settle");
  const auto operation = world.store.find_operation(timer.name);
  if (!operation) return {};
  return world.latency.of(text_at(operation->job, "kind"), text_at(operation->job, "verb"));
}

/// When a timer of a row should have done its work; nothing when the row has no such time.
std::optional<Instant> due_time(const Row& row, const std::string& what) {
  const std::string place = row.kind == "branch" ? "status." : "";
  return parse_timestamp(
      text_at(row.shown, place + (what == "expire" ? "expire_time" : "purge_time")));
}

void wake_overdue(World& world, const std::string& name, const std::string& what) {
  const auto row = world.store.find_timer(name, what) ? world.store.find(name) : std::nullopt;
  const auto due = row ? due_time(*row, what) : std::nullopt;
  const Instant now = world.clock.now();
  if (due && *due <= now) world.store.set_timer({name, what, now});
}

}  // namespace

void wake_what_waited(World& world, const std::string& name) {
  const std::string project = project_of(name);
  wake_overdue(world, project, "purge");
  for (const char* what : {"expire", "purge"}) {
    const std::string branch = branch_of(name);
    const bool is_project_wide =
        branch.empty() || world.contract.assumptions.is("conflict_scope", "project");
    if (!is_project_wide) {
      wake_overdue(world, branch, what);
      continue;
    }
    for (const Row& other : world.store.children(project, "branch")) {
      wake_overdue(world, other.name, what);
    }
  }
}

Timekeeper::Timekeeper(World& world, Duration longest_rest)
    : world_(world), longest_rest_(longest_rest) {
  world_.timers_changed = [this] {
    if (is_posted_) return;
    is_posted_ = true;
    world_.loop.post([this] {
      is_posted_ = false;
      look();
    });
  };
}

Timekeeper::~Timekeeper() {
  world_.loop.cancel(alarm_);
  world_.timers_changed = [] {};
}

void Timekeeper::look() {
  if (is_looking_) return;
  is_looking_ = true;
  world_.loop.cancel(alarm_);
  try {
    notice_set_clock();
    run_due();
  } catch (const std::exception& error) {
    // The timer is still in the store: a full disk delays what is due and loses nothing.
    fmt::print(stderr, "cannot do what is due: {}; trying again\n", error.what());
    alarm_ = world_.loop.after(std::chrono::seconds(1), [this] { look(); });
  }
  is_looking_ = false;
}

/// When the machine's clock was set back, also between two runs, what has begun would last as much
/// longer: what lies further away than it may take is due now.
void Timekeeper::notice_set_clock() {
  const Instant now = world_.clock.now();
  const bool may_be_set_back = !last_look_ || now < *last_look_;
  for (const char* what : {"finish", "settle"}) {
    if (world_.clock.is_virtual() || !may_be_set_back) break;
    for (const Timer& timer : world_.store.timers(what)) {
      if (timer.due <= now + longest_wait(world_, timer) + kSmallStep) continue;
      world_.store.set_timer({timer.name, timer.what, now});
    }
  }
  last_look_ = now;
}

void Timekeeper::run_due() {
  while (true) {
    const auto next = world_.store.next_timer();
    if (!next) return;
    if (next->due <= world_.clock.now()) {
      run(*next);
      continue;
    }
    if (world_.clock.is_virtual()) return;
    // The loop's time stands still while the machine sleeps; the clock's does not.
    const Duration rest = std::min(next->due - world_.clock.now(), longest_rest_);
    alarm_ = world_.loop.after(to_nanoseconds(rest), [this] { look(); });
    return;
  }
}

void Timekeeper::run(const Timer& timer) {
  if (timer.what == "finish") {
    world_.store.clear_timer(timer.name, timer.what);
    return carry_out(world_, timer.name);
  }
  world_.store.transaction([&] {
    world_.store.clear_timer(timer.name, timer.what);
    if (timer.what == "settle") endpoint_settled(world_, timer.name);
    if (timer.what == "expire") expire(world_, timer);
    if (timer.what == "purge") purge(world_, timer);
    if (timer.what == "history") forget_history(world_, timer);
    if (timer.what == "forget") forget_token(world_, timer.name);
  });
  if (timer.what == "suspend") suspend(world_, timer.name);
}

bool has_sessions(const World& world, const std::string& endpoint) {
  const auto found = world.open_sessions.find(endpoint);
  return found != world.open_sessions.end() && found->second > 0;
}

}  // namespace emulator
