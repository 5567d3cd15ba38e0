#include "emulator/api/endpoint_state.h"

#include <utility>

#include "emulator/api/addresses.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

std::map<std::string, std::string> settings_of(const Row& endpoint) {
  const Json* settings = input_at(endpoint, "spec.settings.pg_settings");
  return settings == nullptr ? std::map<std::string, std::string>{}
                             : settings->get<std::map<std::string, std::string>>();
}

/// Calls `step` for every compute of the endpoint, one after another.
void for_each_compute(World& world, const std::optional<Row>& endpoint,
                      const std::function<void(const ComputeDefinition&, Computes::Done)>& step,
                      Computes::Done done) {
  std::vector<Step> steps;
  if (endpoint) {
    for (const ComputeDefinition& compute : computes_of(world, *endpoint)) {
      steps.emplace_back([step, compute](Computes::Done next) { step(compute, std::move(next)); });
    }
  }
  run_in_order(std::move(steps), std::move(done));
}

void for_each_endpoint(World& world, const std::string& branch,
                       void (*action)(World&, const std::string&, Computes::Done),
                       Computes::Done done) {
  std::vector<Step> steps;
  for (const Row& endpoint : world.store.children(branch, "endpoint")) {
    steps.emplace_back([&world, action, name = endpoint.name](Computes::Done next) {
      action(world, name, std::move(next));
    });
  }
  run_in_order(std::move(steps), std::move(done));
}

}  // namespace

std::vector<ComputeDefinition> computes_of(World& world, const Row& endpoint) {
  const auto branch = world.store.find(endpoint.parent);
  const bool is_read_only =
      text_at(endpoint.shown, "status.endpoint_type") == "ENDPOINT_TYPE_READ_ONLY";
  const std::string uid = text_at(endpoint.shown, "uid");
  ComputeDefinition own{.endpoint = uid,
                        .branch = branch ? text_at(branch->shown, "uid") : "",
                        .is_read_only = is_read_only,
                        .settings = settings_of(endpoint)};
  std::vector<ComputeDefinition> computes = {own};
  if (!is_read_only && !text_at(endpoint.shown, "status.hosts.read_only_host").empty()) {
    own.endpoint = uid + "-ro";
    own.is_read_only = true;
    computes.push_back(own);
  }
  return computes;
}

void make_computes(World& world, const Row& endpoint, const Computes::Done& done) {
  guarded(done, [&](const Computes::Done& next) {
    for (const std::string& address : addresses_of(endpoint)) world.open_address(address);
    for_each_compute(
        world, endpoint,
        [&world](const ComputeDefinition& compute, Computes::Done made) {
          world.computes.create_compute(compute, std::move(made));
        },
        next);
  });
}

void start_computes(World& world, const Row& endpoint, Computes::Done done) {
  if (flag_at(endpoint.shown, "status.disabled")) return done({});
  for_each_compute(
      world, endpoint,
      [&world](const ComputeDefinition& compute, const Computes::Done& next) {
        world.computes.wake(compute,
                            [next](const Outcome& woken, const std::string&) { next(woken); });
      },
      std::move(done));
}

void start_endpoint(World& world, const std::string& endpoint, Computes::Done done) {
  const auto row = world.store.find(endpoint);
  if (!row) return done({});
  make_computes(world, *row, [&world, row = *row, done = std::move(done)](const Outcome& outcome) {
    if (!outcome.error_code.empty()) return done(outcome);
    start_computes(world, row, done);
  });
}

void remove_endpoint(World& world, const std::string& endpoint, Computes::Done done) {
  const auto row = world.store.find(endpoint);
  const auto addresses = row ? addresses_of(*row) : std::vector<std::string>{};
  for (const std::string& address : addresses) world.close_address(address);
  for_each_compute(
      world, row,
      [&world](const ComputeDefinition& compute, Computes::Done next) {
        world.computes.destroy_compute(compute.endpoint, std::move(next));
      },
      [&world, addresses, done = std::move(done)](const Outcome& outcome) {
        if (!outcome.error_code.empty()) {
          // It stays, so it must be reached.
          for (const std::string& address : addresses) world.open_address(address);
        }
        done(outcome);
      });
}

namespace {

std::vector<Row> holders_of_addresses(const World& world, const std::string& name) {
  std::vector<Row> endpoints;
  const auto row = world.store.find(name);
  if (!row) return endpoints;
  if (row->kind == "endpoint" || row->kind == "instance") return {*row};
  std::vector<Row> branches = {*row};
  if (row->kind == "project") branches = world.store.children(name, "branch");
  for (const Row& branch : branches) {
    for (Row& endpoint : world.store.children(branch.name, "endpoint")) {
      endpoints.push_back(std::move(endpoint));
    }
  }
  return endpoints;
}

}  // namespace

void erase_resource(World& world, const std::string& name) {
  for (const Row& holder : holders_of_addresses(world, name)) {
    for (const std::string& address : addresses_of(holder)) {
      world.store.erase_fact(address_fact(address));
    }
  }
  world.store.erase_below(name);
  world.store.erase(name);
  world.store.clear_timers_below(name);
}

void stop_endpoint(World& world, const std::string& endpoint, Computes::Done done) {
  for_each_compute(
      world, world.store.find(endpoint),
      [&world](const ComputeDefinition& compute, Computes::Done next) {
        world.computes.sleep(compute.endpoint, std::move(next));
      },
      std::move(done));
}

void compute_ended(World& world, const std::string& compute) {
  world.computes.sleep(compute, [](const Outcome&) {});
  for (const Row& endpoint : world.store.all("endpoint")) {
    if (text_at(endpoint.shown, "uid") != compute) continue;
    world.store.transaction([&] { mark_endpoint(world, endpoint.name, "IDLE"); });
  }
  world.store.transaction([&] { mark_instances_asleep(world, compute); });
}

void stop_branch(World& world, const std::string& branch, Computes::Done done) {
  for_each_endpoint(world, branch, &stop_endpoint, std::move(done));
}

void remove_branch(World& world, const std::string& branch, Computes::Done done) {
  const auto row = world.store.find(branch);
  const std::string uid = row ? text_at(row->shown, "uid") : "";
  for_each_endpoint(world, branch, &remove_endpoint,
                    [&world, uid, done = std::move(done)](const Outcome& outcome) {
                      if (!outcome.error_code.empty() || uid.empty()) return done(outcome);
                      world.computes.destroy_branch(uid, done);
                    });
}

void settle_endpoint(World& world, const std::string& endpoint, const std::string& state) {
  auto row = world.store.find(endpoint);
  if (!row) return;
  set_path(row->shown, "status.pending_state", state);
  world.store.put(*row);
  const Duration time = world.latency.of("endpoint", "settle");
  if (time == Duration{}) return endpoint_settled(world, endpoint);
  world.store.set_timer({endpoint, "settle", world.clock.now() + time});
}

void endpoint_settled(World& world, const std::string& endpoint) {
  auto row = world.store.find(endpoint);
  if (!row) return;
  const std::string state = text_at(row->shown, "status.pending_state");
  erase_path(row->shown, "status.pending_state");
  world.store.put(*row);
  world.store.clear_timer(endpoint, "settle");
  if (!state.empty()) mark_endpoint(world, endpoint, state);
}

void mark_endpoint(World& world, const std::string& endpoint, const std::string& state) {
  auto row = world.store.find(endpoint);
  if (!row) return;
  const bool is_awake = state == "ACTIVE";
  set_path(row->shown, "status.current_state", state);
  if (is_awake) {
    const std::string now = to_text(world.clock.now());
    set_path(row->shown, "status.last_active_time", now);
    if (auto project = world.store.find(project_of(endpoint))) {
      set_path(project->shown, "status.compute_last_active_time", now);
      world.store.put(*project);
    }
  }
  world.store.put(*row);
  if (is_awake) {
    arm_suspension(world, *row);
  } else {
    world.store.clear_timer(endpoint, "suspend");
  }
}

void arm_suspension(World& world, const Row& endpoint) {
  const Json* timeout = input_at(endpoint, "spec.suspend_timeout_duration");
  const auto length =
      timeout == nullptr ? std::nullopt : parse_duration(timeout->get<std::string>());
  if (!length) return world.store.clear_timer(endpoint.name, "suspend");
  world.store.set_timer({endpoint.name, "suspend", world.clock.now() + *length});
}

void refuse_reconciling(World& world, const Row& endpoint) {
  if (world.store.find_timer(endpoint.name, "settle")) {
    throw world.contract.problem("endpoint_reconciling");
  }
}

}  // namespace emulator
