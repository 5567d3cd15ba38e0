#include "emulator/api/instance_state.h"

#include "emulator/api/addresses.h"

namespace emulator {
namespace {

constexpr std::int64_t kSecondsOfADay = 86'400;

std::string uid_of(const Row& instance) {
  return text_at(instance.shown, "uid");
}

std::string standby_of(const Row& instance) {
  return uid_of(instance) + "-ro";
}

bool has_standby(const Row& instance) {
  return !text_at(instance.shown, "read_only_dns").empty();
}

Step sleep_step(World& world, const std::string& compute) {
  return [&world, compute](Computes::Done next) { world.computes.sleep(compute, std::move(next)); };
}

Step remove_step(World& world, const std::string& compute) {
  return [&world, compute](Computes::Done next) {
    world.computes.destroy_compute(compute, std::move(next));
  };
}

void add_start(World& world, const ComputeDefinition& compute, std::vector<Step>& steps) {
  steps.emplace_back([&world, compute](Computes::Done next) {
    world.computes.create_compute(compute, std::move(next));
  });
  steps.emplace_back([&world, compute](const Computes::Done& next) {
    world.computes.wake(compute, [next](const Outcome& woken, const std::string&) { next(woken); });
  });
}

void add_descendants(World& world, const Row& instance, std::vector<Row>& found) {
  found.push_back(instance);
  for (const Row& child : children_of_instance(world, instance)) {
    add_descendants(world, child, found);
  }
}

}  // namespace

std::string instance_row_name(const std::string& instance) {
  return "instances/" + instance;
}

std::optional<Row> find_instance(const World& world, const std::string& instance) {
  auto row = world.store.find(instance_row_name(instance));
  return row && row->kind == "instance" ? row : std::nullopt;
}

bool is_stopped(const Row& instance) {
  return flag_at(instance.hidden, "input.stopped");
}

std::vector<ComputeDefinition> computes_of_instance(const Row& instance) {
  const std::string uid = uid_of(instance);
  std::vector<ComputeDefinition> computes = {{.endpoint = uid, .branch = uid}};
  if (has_standby(instance)) {
    computes.push_back({.endpoint = standby_of(instance), .branch = uid, .is_read_only = true});
  }
  return computes;
}

void fit_computes(World& world, const Row& instance, const Computes::Done& done) {
  guarded(done, [&](const Computes::Done& next) {
    for (const std::string& address : addresses_of(instance)) world.open_address(address);
    std::vector<Step> steps;
    if (is_stopped(instance)) {
      steps = {sleep_step(world, standby_of(instance)), sleep_step(world, uid_of(instance))};
    } else {
      for (const ComputeDefinition& compute : computes_of_instance(instance)) {
        add_start(world, compute, steps);
      }
    }
    if (!has_standby(instance)) steps.push_back(remove_step(world, standby_of(instance)));
    run_in_order(std::move(steps), next);
  });
}

void restart_computes(World& world, const Row& instance, const Computes::Done& done) {
  std::vector<Step> steps = {sleep_step(world, uid_of(instance))};
  for (const ComputeDefinition& compute : computes_of_instance(instance)) {
    add_start(world, compute, steps);
  }
  run_in_order(std::move(steps), done);
}

void remove_instance(World& world, const Row& instance, const Computes::Done& done) {
  const std::vector<std::string> addresses = addresses_of(instance);
  for (const std::string& address : addresses) world.close_address(address);
  std::vector<Step> steps = {remove_step(world, standby_of(instance)),
                             remove_step(world, uid_of(instance))};
  steps.emplace_back([&world, uid = uid_of(instance)](Computes::Done next) {
    world.computes.destroy_branch(uid, std::move(next));
  });
  run_in_order(std::move(steps), [&world, addresses, done](const Outcome& outcome) {
    // It stays, so it must be reached.
    const bool has_failed = !outcome.error_code.empty();
    for (const std::string& address : addresses) {
      if (has_failed) world.open_address(address);
    }
    done(outcome);
  });
}

void settle_instance(World& world, Row& instance) {
  instance.shown["state"] = is_stopped(instance) ? "STOPPED" : "AVAILABLE";
  instance.hidden["is_awake"] = !is_stopped(instance);
  world.store.put(instance);
}

void mark_instance(World& world, Row instance, bool is_awake) {
  if (flag_at(instance.hidden, "is_awake") == is_awake) return;
  instance.hidden["is_awake"] = is_awake;
  world.store.put(instance);
}

void mark_instances_asleep(World& world, const std::string& compute) {
  for (const Row& instance : world.store.all("instance")) {
    if (compute.empty() || compute == uid_of(instance)) mark_instance(world, instance, false);
  }
}

std::vector<Row> children_of_instance(World& world, const Row& instance) {
  std::vector<Row> children;
  for (Row& other : world.store.all("instance")) {
    if (text_at(other.shown, "parent_instance_ref.uid") == uid_of(instance)) {
      children.push_back(std::move(other));
    }
  }
  return children;
}

std::vector<Row> with_descendants(World& world, const Row& instance) {
  std::vector<Row> found;
  add_descendants(world, instance, found);
  return found;
}

void show_children(World& world, const std::string& parent) {
  auto row = world.store.find(instance_row_name(parent));
  if (!row) return;
  Json refs = Json::array();
  for (const Row& child : children_of_instance(world, *row)) {
    Json ref = child.shown.at("parent_instance_ref");
    ref["name"] = child.shown.at("name");
    ref["uid"] = uid_of(child);
    refs.push_back(std::move(ref));
  }
  if (refs.empty()) {
    row->shown.erase("child_instance_refs");
  } else {
    row->shown["child_instance_refs"] = std::move(refs);
  }
  world.store.put(*row);
}

void keep_instance_history(World& world, const Row& instance) {
  const auto days = input_at(instance, "retention_window_in_days")->get<std::int64_t>();
  world.computes.keep_history(uid_of(instance), machine_time_of(world, {days * kSecondsOfADay, 0}));
}

}  // namespace emulator
