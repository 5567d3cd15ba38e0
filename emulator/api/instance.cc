// Provisioned instances: capacity, nodes, stop and start, children at a point in time.
#include <algorithm>

#include "emulator/api/addresses.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/instance_role.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kParent = "parent_instance_ref.name";
constexpr const char* kParentTime = "parent_instance_ref.branch_time";
constexpr const char* kParentLsn = "parent_instance_ref.lsn";
constexpr const char* kSecondaries = "effective_enable_readable_secondaries";

void check_point(World& world, const Row& row, const Row& parent) {
  // With both, the position wins.
  const auto time = parse_timestamp(text_input(row, kParentTime));
  if (!time || has_input(row, kParentLsn)) return;
  const Instant now = world.clock.now();
  const Instant birth = parse_timestamp(text_at(parent.shown, "creation_time")).value_or(now);
  const auto days = input_at(parent, "retention_window_in_days")->get<std::int64_t>();
  if (*time > now || *time < birth || *time < now - Duration{days * 86'400, 0}) {
    throw world.contract.problem("instance_point_outside_window",
                                 {{"value", text_input(row, kParentTime)}});
  }
}

void check_parent(World& world, const Row& row) {
  const std::string name = text_input(row, kParent);
  if (name.empty()) return;
  const auto parent = find_instance(world, name);
  if (!parent) throw world.contract.problem("parent_instance_not_found", {{"name", name}});
  const std::string state = text_at(parent->shown, "state");
  if (state == "STARTING" || state == "DELETING") {
    throw world.contract.problem("instance_unavailable", {{"name", name}, {"state", state}});
  }
  check_point(world, row, *parent);
}

void check(World& world, const Row& row, const Row* before, const Call& /*call*/) {
  if (before != nullptr) return;
  const std::size_t limit = world.contract.assumptions.integer("instances_per_workspace");
  if (world.store.count("", "instance") >= limit) {
    throw world.contract.problem("instance_limit", {{"limit", std::to_string(limit)}});
  }
  check_parent(world, row);
}

void show_hosts(World& world, Row& row, bool has_secondaries) {
  const std::string label = "instance-" + text_at(row.shown, "uid");
  if (text_at(row.hidden, "host").empty()) row.hidden["host"] = next_host(world, row, label);
  row.shown["read_write_dns"] = row.hidden["host"];
  if (!has_secondaries) {
    row.shown.erase("read_only_dns");
    return;
  }
  if (text_at(row.hidden, "read_only_host").empty()) {
    row.hidden["read_only_host"] = next_host(world, row, label + "-ro");
  }
  row.shown["read_only_dns"] = row.hidden["read_only_host"];
}

/// The parent as it was found at creation: its name may go to another instance later.
void show_parent(World& world, Row& row) {
  const std::string name = text_input(row, kParent);
  if (name.empty() || !text_at(row.shown, "parent_instance_ref.uid").empty()) return;
  const auto parent = find_instance(world, name);
  if (!parent) return;
  set_path(row.shown, "parent_instance_ref.uid", parent->shown.at("uid"));
}

void show(World& world, Row& row) {
  const KindContract& kind = world.contract.kind("instance");
  for (const Field& field : kind.fields) {
    const bool is_cleared = field.is_input && !field.shown_as.empty() && field.type != "object" &&
                            !has_input(row, field.path);
    if (is_cleared) erase_path(row.shown, field.shown_as);
  }
  show_values(kind, row.hidden["input"], row.shown);
  show_parent(world, row);
  row.shown["effective_capacity"] = row.shown["capacity"];
  const bool has_secondaries =
      flag_at(row.hidden, "input.enable_readable_secondaries") && *input_at(row, "node_count") > 1;
  if (!has_secondaries && world.contract.assumptions.is("secondaries_without_nodes", "off")) {
    row.shown[kSecondaries] = false;
  }
  show_hosts(world, row, has_secondaries);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  std::string names;
  for (const Row& child : children_of_instance(world, row)) {
    names += (names.empty() ? "" : ", ") + last_segment(child.name);
  }
  if (names.empty()) return;
  throw world.contract.problem("instance_has_children",
                               {{"name", last_segment(row.name)}, {"children", names}});
}

std::vector<Row> companions(World& world, const Row& row, const Call& call) {
  std::vector<Row> rows;
  const std::string parent = text_input(row, kParent);
  if (!parent.empty()) {
    for (const Row& role : world.store.children(instance_row_name(parent), "instance_role")) {
      rows.push_back(inherited_role(world, role, row.name));
    }
  }
  Row owner = owner_of_instance(world, row.name, call.caller);
  const bool is_there = std::any_of(rows.begin(), rows.end(),
                                    [&](const Row& other) { return other.name == owner.name; });
  if (!is_there) rows.push_back(std::move(owner));
  return rows;
}

BranchPoint point_of(World& world, const Row& row) {
  BranchPoint point{.parent = text_at(row.shown, "parent_instance_ref.uid")};
  const auto time = parse_timestamp(text_input(row, kParentTime));
  if (has_input(row, kParentLsn)) {
    point.lsn = text_input(row, kParentLsn);
  } else if (time) {
    point.time = world.clock.real_time_of(*time);
  }
  return point;
}

void note_point(World& world, const std::string& name, const std::string& lsn) {
  world.store.transaction([&] {
    auto row = world.store.find(name);
    if (!row || lsn.empty()) return;
    set_path(row->shown, "parent_instance_ref.effective_lsn", lsn);
    world.store.put(*row);
    show_children(world, text_input(*row, kParent));
  });
}

Step make_cluster(World& world, const Row& row) {
  const std::string uid = text_at(row.shown, "uid");
  if (!has_input(row, kParent)) {
    return [&world, uid](Computes::Done next) { world.computes.create_root(uid, std::move(next)); };
  }
  return [&world, uid, row](const Computes::Done& next) {
    world.computes.create_branch(uid, point_of(world, row),
                                 [&world, name = row.name, next](const Outcome& outcome) {
                                   if (!outcome.error_code.empty()) return next(outcome);
                                   guarded(next, [&](const Computes::Done& noted) {
                                     note_point(world, name, outcome.lsn);
                                     noted(outcome);
                                   });
                                 });
  };
}

/// The roles that its data do not bring along, and the database that is always there.
void add_contents(World& world, const Row& row, std::vector<Step>& steps) {
  for (const Row& role : world.store.children(row.name, "instance_role")) {
    if (flag_at(role.hidden, "is_inherited")) continue;
    steps.emplace_back([&world, name = role.name](Computes::Done next) {
      const Job job{.verb = "create", .kind = "instance_role", .name = name};
      rules_of("instance_role").work(world, job, std::move(next));
    });
  }
  if (has_input(row, kParent)) return;
  const DatabaseDefinition standard{.name = kStandardDatabase,
                                    .owner = text_at(row.hidden, "creator")};
  steps.emplace_back([&world, uid = text_at(row.shown, "uid"), standard](Computes::Done next) {
    world.computes.create_database(uid, standard, std::move(next));
  });
}

/// Roles that the parent had only before or after the point show up once the child runs.
Step take_inventory(World& world, const Row& row) {
  return [&world, name = row.name, uid = text_at(row.shown, "uid")](const Computes::Done& next) {
    world.computes.inspect(uid, [&world, name, next](const std::optional<Inventory>& inventory) {
      guarded(next, [&](const Computes::Done& done) {
        if (inventory) world.store.transaction([&] { sync_instance(world, name, *inventory); });
        done({});
      });
    });
  };
}

void create(World& world, const Row& row, Computes::Done done) {
  std::vector<Step> steps = {make_cluster(world, row)};
  add_contents(world, row, steps);
  steps.emplace_back([&world, row](const Computes::Done& next) { fit_computes(world, row, next); });
  if (has_input(row, kParent)) steps.push_back(take_inventory(world, row));
  run_in_order(std::move(steps), std::move(done));
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row) return done({});
  if (job.verb == "create") return create(world, *row, std::move(done));
  if (job.verb == "delete") return remove_instance(world, *row, done);
  if (job.verb == "failover") return restart_computes(world, *row, done);
  fit_computes(world, *row, done);
}

void finish(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "delete") {
    erase_resource(world, job.name);
    return show_children(world, text_input(*row, kParent));
  }
  settle_instance(world, *row);
  if (job.verb == "create") world.store.set_timer({job.name, "history", world.clock.now()});
  if (job.verb == "update") keep_instance_history(world, *row);
}

/// What a failed update wanted is forgotten; its job holds what was wanted before.
void undo(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "create") {
    erase_resource(world, job.name);
    return show_children(world, text_input(*row, kParent));
  }
  if (job.verb == "update") {
    row->hidden["input"] = job.values;
    show(world, *row);
  }
  settle_instance(world, *row);
}

}  // namespace

const KindRules kInstanceRules = {.kind = "instance",
                                  .complete = &complete_by_contract,
                                  .check = &check,
                                  .show = &show,
                                  .check_delete = &check_delete,
                                  .companions = &companions,
                                  .work = &work,
                                  .finish = &finish,
                                  .undo = &undo,
                                  .has_clusters = true};

}  // namespace emulator
