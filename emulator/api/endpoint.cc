// Endpoints: sizes, suspension, groups and hosts.
#include <algorithm>

#include "emulator/api/addresses.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kReadOnly = "ENDPOINT_TYPE_READ_ONLY";
constexpr const char* kMinimum = "spec.autoscaling_limit_min_cu";
constexpr const char* kMaximum = "spec.autoscaling_limit_max_cu";

bool is_read_only(const Row& row) {
  const Json* type = input_at(row, "spec.endpoint_type");
  return type != nullptr && *type == kReadOnly;
}

void complete(World& world, Row& row) {
  const auto project = world.store.find(project_of(row.name));
  const Json settings =
      project ? project->shown.at("status").at("default_endpoint_settings") : Json::object();
  default_input(row, kMinimum, settings.value("autoscaling_limit_min_cu", Json(1)));
  default_input(row, kMaximum, settings.value("autoscaling_limit_max_cu", Json(1)));
  if (!has_input(row, "spec.no_suspension")) {
    const std::string timeout = settings.value("suspend_timeout_duration", std::string());
    if (timeout.empty()) {
      default_input(row, "spec.no_suspension", true);
    } else {
      default_input(row, "spec.suspend_timeout_duration", timeout);
    }
  }
  default_input(row, "spec.disabled", false);
  default_input(row, "spec.group.min", 1);
  default_input(row, "spec.group.max", 1);
  default_input(row, "spec.group.enable_readable_secondaries", false);
  default_input(row, "spec.settings",
                settings.contains("pg_settings") ? Json{{"pg_settings", settings.at("pg_settings")}}
                                                 : Json::object());
}

void check(World& world, const Row& row, const Row* before, const Call& /*call*/) {
  if (before != nullptr) return refuse_reconciling(world, *before);
  if (world.store.find_timer(row.parent, "reconcile")) {
    throw world.contract.problem("endpoint_reconciling");
  }
  if (is_read_only(row)) return;
  for (const Row& other : world.store.children(row.parent, "endpoint")) {
    if (!is_read_only(other)) throw world.contract.problem("endpoint_read_write_exists");
  }
}

void show_hosts(World& world, Row& row) {
  const std::string uid = text_at(row.shown, "uid");
  if (text_at(row.hidden, "host").empty()) row.hidden["host"] = next_host(world, row, uid);
  const std::string host = text_at(row.hidden, "host");
  Json hosts = {{"host", host}};
  const bool has_secondaries =
      flag_at(row.hidden, "input.spec.group.enable_readable_secondaries") &&
      *input_at(row, "spec.group.max") > 1;
  if (is_read_only(row)) {
    hosts["read_only_host"] = host;
    hosts["read_only_pooled_host"] = host;
  } else {
    hosts["read_write_pooled_host"] = host;
  }
  if (!is_read_only(row) && has_secondaries) {
    if (text_at(row.hidden, "read_only_host").empty()) {
      row.hidden["read_only_host"] = next_host(world, row, uid + "-ro");
    }
    hosts["read_only_host"] = row.hidden["read_only_host"];
    hosts["read_only_pooled_host"] = row.hidden["read_only_host"];
  }
  set_path(row.shown, "status.hosts", hosts);
}

void show(World& world, Row& row) {
  if (at_path(row.shown, "status.current_state") == nullptr) {
    set_path(row.shown, "status.endpoint_type", *input_at(row, "spec.endpoint_type"));
    set_path(row.shown, "status.current_state", "INIT");
    set_path(row.shown, "status.pending_state", "ACTIVE");
    set_path(row.shown, "status.settings", Json::object());
  }
  show_values(world.contract.kind("endpoint"), row.hidden["input"], row.shown);
  const Json* settings = input_at(row, "spec.settings.pg_settings");
  if (settings == nullptr || settings->empty()) {
    set_path(row.shown, "status.settings", Json::object());
  }
  if (const Json* timeout = input_at(row, "spec.suspend_timeout_duration")) {
    set_path(row.shown, "status.suspend_timeout_duration", *timeout);
  } else if (world.contract.assumptions.is("no_suspension_shown_as", "zero")) {
    set_path(row.shown, "status.suspend_timeout_duration", "0s");
  } else {
    erase_path(row.shown, "status.suspend_timeout_duration");
  }
  show_hosts(world, row);
  show_switched_forms(world, row);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  if (!is_read_only(row)) {
    throw world.contract.problem("endpoint_read_write_delete", {{"name", row.name}});
  }
  const auto branch = world.store.find(row.parent);
  if (branch && flag_at(branch->shown, "status.is_protected")) {
    throw world.contract.problem("endpoint_protected", {{"branch", last_segment(branch->name)}});
  }
  refuse_reconciling(world, row);
}

/// Whether an update changes what only a newly started compute takes up.
bool needs_restart(const Job& job) {
  const auto touches = [&](const std::string& path) {
    return at_path(job.values, path) != nullptr ||
           std::find(job.cleared.begin(), job.cleared.end(), path) != job.cleared.end();
  };
  return touches("spec.settings.pg_settings") || touches("spec.disabled") ||
         touches("spec.group.max") || touches("spec.group.enable_readable_secondaries");
}

/// A host that an update brings belongs to the endpoint from here on, whether the update succeeds
/// or not: its address is taken.
void keep_new_hosts(World& world, const Row& before, const Row& changed) {
  if (text_at(before.hidden, "read_only_host") == text_at(changed.hidden, "read_only_host")) return;
  world.store.transaction([&] {
    Row row = before;
    row.hidden["read_only_host"] = changed.hidden.at("read_only_host");
    world.store.put(row);
  });
}

/// Restarts an awake compute with its new wishes; when it does not start, with its old ones.
void restart(World& world, const Row& before, const Row& changed, const Computes::Done& done) {
  stop_endpoint(world, before.name, [&world, before, changed, done](const Outcome& stopped) {
    if (!stopped.error_code.empty()) return done(stopped);
    start_computes(world, changed, [&world, before, done](const Outcome& started) {
      if (started.error_code.empty()) return done(started);
      start_computes(world, before, [done, started](const Outcome&) { done(started); });
    });
  });
}

void update(World& world, const Job& job, const Row& row, const Computes::Done& done) {
  if (!needs_restart(job)) return done({});
  Row changed = row;
  apply_update(world, changed, job.values, job.cleared);
  keep_new_hosts(world, row, changed);
  const bool is_awake = text_at(row.shown, "status.current_state") == "ACTIVE";
  make_computes(world, changed, [&world, row, changed, is_awake, done](const Outcome& outcome) {
    if (!outcome.error_code.empty() || !is_awake) return done(outcome);
    restart(world, row, changed, done);
  });
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row) return done({});
  if (job.verb == "create") return start_endpoint(world, job.name, std::move(done));
  if (job.verb == "update") return update(world, job, *row, done);
  remove_endpoint(world, job.name, std::move(done));
}

void finish(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "delete") {
    erase_resource(world, job.name);
    const Duration time = world.latency.of("endpoint", "settle");
    if (time != Duration{}) {
      world.store.set_timer({row->parent, "reconcile", world.clock.now() + time});
    }
    return;
  }
  if (job.verb == "update") {
    apply_update(world, *row, job.values, job.cleared);
    world.store.put(*row);
  }
  const std::string state = text_at(row->shown, "status.current_state");
  const bool is_disabled = flag_at(row->shown, "status.disabled");
  settle_endpoint(world, job.name, is_disabled ? "IDLE" : job.verb == "create" ? "ACTIVE" : state);
}

}  // namespace

const KindRules kEndpointRules = {.kind = "endpoint",
                                  .complete = &complete,
                                  .check = &check,
                                  .show = &show,
                                  .check_delete = &check_delete,
                                  .companions = &no_companions,
                                  .work = &work,
                                  .finish = &finish,
                                  .has_clusters = true};

}  // namespace emulator
