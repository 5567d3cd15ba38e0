// Branches: where their data comes from, when they end, and what protects them.
#include "emulator/api/endpoint_state.h"
#include "emulator/api/identities.h"
#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

bool is_root(const Row& row) {
  return flag_at(row.hidden, "is_root");
}

void complete(World& world, Row& row) {
  default_input(row, "spec.is_protected", false);
  if (is_root(row)) return;
  const auto project = world.store.find(row.parent);
  if (!project) return;
  default_input(row, "spec.source_branch", text_at(project->shown, "status.default_branch"));
}

/// When the branch ends by its wanted values: never, or so long after its creation, or then.
std::optional<Instant> expiry_of(const Row& row) {
  if (const auto ttl = parse_duration(text_input(row, "spec.ttl"))) {
    return parse_timestamp(text_at(row.shown, "create_time")).value_or(Instant{}) + *ttl;
  }
  return parse_timestamp(text_input(row, "spec.expire_time"));
}

void check_expiry(World& world, const Row& row) {
  const auto expiry = expiry_of(row);
  if (!expiry) return;
  const Assumptions& assumptions = world.contract.assumptions;
  if (is_root(row)) throw world.contract.problem("branch_root_expiry");
  if (*expiry <= world.clock.now()) throw world.contract.problem("branch_expiry_past");
  const Instant creation =
      parse_timestamp(text_at(row.shown, "create_time")).value_or(world.clock.now());
  const bool is_from_creation = assumptions.is("ttl_limit_from", "creation");
  const Duration longest = assumptions.duration("branch_ttl_maximum");
  if (*expiry > (is_from_creation ? creation : world.clock.now()) + longest) {
    throw world.contract.problem("branch_ttl_limit",
                                 {{"limit", to_text(longest)},
                                  {"start", is_from_creation ? "after its creation" : "from now"}});
  }
  if (*input_at(row, "spec.is_protected") == true &&
      assumptions.is("protected_branch_expiry", "refused")) {
    throw world.contract.problem("branch_protected_expiry");
  }
}

void check_protection(World& world, const Row& row, const Row* before) {
  const bool was_protected = before != nullptr && flag_at(before->shown, "status.is_protected");
  if (was_protected || *input_at(row, "spec.is_protected") != true) return;
  std::size_t others = 0;
  for (const Row& branch : world.store.children(row.parent, "branch")) {
    const bool is_other = branch.name != row.name && !branch.is_deleted;
    if (is_other && flag_at(branch.shown, "status.is_protected")) ++others;
  }
  const std::size_t limit = world.contract.assumptions.integer("protected_branches_per_project");
  if (others >= limit) {
    throw world.contract.problem("branch_protected_limit", {{"limit", std::to_string(limit)}});
  }
}

void check_source(World& world, const Row& row, const Call& call) {
  const std::string source = text_input(row, "spec.source_branch");
  if (parent_of(source) != row.parent || !is_visible(world, source)) {
    throw world.contract.problem("source_branch_not_found",
                                 {{"value", last_segment(source)}, {"trace", call.trace}});
  }
  const Row origin = require_visible(world, source, call.trace);
  if (text_at(origin.shown, "status.pending_state") == "DELETED") {
    throw world.contract.problem("conflict");
  }
  const auto time = parse_timestamp(text_input(row, "spec.source_branch_time"));
  if (!time) return;
  const Row project = require_visible(world, row.parent, call.trace);
  const Instant now = world.clock.now();
  const Duration retention =
      parse_duration(text_at(project.shown, "status.history_retention_duration"))
          .value_or(Duration{});
  const Instant birth = parse_timestamp(text_at(origin.shown, "create_time")).value_or(now);
  if (*time > now || *time < birth || *time < now - retention) {
    throw world.contract.problem("branch_point_outside_window",
                                 {{"value", text_input(row, "spec.source_branch_time")}});
  }
}

void check_limit(World& world, const Row& row) {
  const std::size_t limit = world.contract.assumptions.integer("branches_per_project");
  if (world.store.count(row.parent, "branch") >= limit) {
    throw world.contract.problem("branch_limit", {{"limit", std::to_string(limit)}});
  }
}

void check(World& world, const Row& row, const Row* before, const Call& call) {
  if (before == nullptr) check_limit(world, row);
  if (row.is_deleted) return;  // an undelete brings nothing new but its number
  check_expiry(world, row);
  check_protection(world, row, before);
  if (before == nullptr) check_source(world, row, call);
}

void show(World& world, Row& row) {
  if (at_path(row.shown, "status.current_state") == nullptr) {
    set_path(row.shown, "status.current_state", "INIT");
    set_path(row.shown, "status.pending_state", "READY");
    set_path(row.shown, "status.state_change_time", row.shown["create_time"]);
    set_path(row.shown, "status.default", is_root(row));
    set_path(row.shown, "status.is_protected", false);
    set_path(row.shown, "status.logical_size_bytes", 0);
  }
  show_values(world.contract.kind("branch"), row.hidden["input"], row.shown);
  const auto expiry = expiry_of(row);
  if (expiry) {
    set_path(row.shown, "status.expire_time", to_text(*expiry));
  } else {
    erase_path(row.shown, "status.expire_time");
  }
  show_switched_forms(world, row);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  const Contract& contract = world.contract;
  if (flag_at(row.shown, "status.is_protected")) throw contract.problem("branch_protected");
  if (is_root(row)) throw contract.problem("branch_root", {{"name", row.name}});
  if (flag_at(row.shown, "status.default") &&
      contract.assumptions.is("default_branch_delete", "refused")) {
    throw contract.problem("branch_default", {{"name", row.name}});
  }
  refuse_children(world, row);
}

/// A copy of a role or database of the source, as it stands in the new branch.
Row inherited(World& world, const Row& original, const Row& branch) {
  Json input = original.hidden.at("input");
  const std::string owner = text_at(input, "spec.role");
  if (!owner.empty()) set_path(input, "spec.role", branch.name + "/roles/" + last_segment(owner));
  Row copy = new_row(world, original.kind, branch.name, last_segment(original.name), input);
  copy.hidden["is_inherited"] = true;
  return made_by_service(world, std::move(copy));
}

std::vector<Row> companions(World& world, const Row& row, const Call& call) {
  std::vector<Row> rows;
  rows.push_back(
      made_by_service(world, new_row(world, "endpoint", row.name, "primary",
                                     {{"spec", {{"endpoint_type", "ENDPOINT_TYPE_READ_WRITE"}}}})));
  const std::string source = text_input(row, "spec.source_branch");
  for (const char* kind : {"role", "database"}) {
    for (const Row& original : world.store.children(source, kind)) {
      rows.push_back(inherited(world, original, row));
    }
  }
  if (world.contract.assumptions.is("creator_role_on_branch", "also_creator")) {
    Row role = owner_role(world, row.name, call.caller);
    const bool is_there = std::any_of(rows.begin(), rows.end(),
                                      [&](const Row& other) { return other.name == role.name; });
    if (!is_there) rows.push_back(made_by_service(world, std::move(role)));
  }
  return rows;
}

BranchPoint point_of(World& world, const Row& row) {
  const auto source = world.store.find(text_input(row, "spec.source_branch"));
  BranchPoint point{.parent = source ? text_at(source->shown, "uid") : ""};
  if (has_input(row, "spec.source_branch_lsn")) {
    point.lsn = text_input(row, "spec.source_branch_lsn");
  }
  if (const auto time = parse_timestamp(text_input(row, "spec.source_branch_time"))) {
    point.time = world.clock.real_time_of(*time);
  }
  return point;
}

void note_branch_point(World& world, const std::string& branch, const std::string& lsn) {
  world.store.transaction([&] {
    auto row = world.store.find(branch);
    if (!row) return;
    if (!lsn.empty()) set_path(row->shown, "status.source_branch_lsn", lsn);
    if (at_path(row->shown, "status.source_branch_time") == nullptr) {
      set_path(row->shown, "status.source_branch_time", row->shown["create_time"]);
    }
    world.store.put(*row);
  });
}

/// PostgreSQL finds out that a point does not exist; the service has its own words for that.
Outcome in_words_of_the_service(const World& world, const Row& row, Outcome outcome) {
  if (outcome.error_code != "INVALID_PARAMETER_VALUE") return outcome;
  const std::string lsn = text_input(row, "spec.source_branch_lsn");
  const Problem problem = world.contract.problem(
      "branch_point_unknown",
      {{"value", lsn.empty() ? text_input(row, "spec.source_branch_time") : lsn}});
  return {.error_code = problem.code, .message = problem.message};
}

/// Roles that the source had only before or after the branch point show up once it runs.
void take_inventory(World& world, const std::string& branch, const std::string& uid,
                    const Computes::Done& done) {
  world.computes.inspect(uid, [&world, branch, done](const std::optional<Inventory>& inventory) {
    guarded(done, [&](const Computes::Done& next) {
      if (inventory) world.store.transaction([&] { sync_inventory(world, branch, *inventory); });
      next({});
    });
  });
}

void create(World& world, const Row& row, Computes::Done done) {
  const std::string uid = text_at(row.shown, "uid");
  std::vector<Step> steps;
  steps.emplace_back([&world, uid, row](const Computes::Done& next) {
    world.computes.create_branch(uid, point_of(world, row),
                                 [&world, row, next](const Outcome& outcome) {
                                   if (!outcome.error_code.empty())
                                     return next(in_words_of_the_service(world, row, outcome));
                                   guarded(next, [&](const Computes::Done& noted) {
                                     note_branch_point(world, row.name, outcome.lsn);
                                     noted(outcome);
                                   });
                                 });
  });
  steps.emplace_back([&world, name = row.name](Computes::Done next) {
    start_endpoint(world, name + "/endpoints/primary", std::move(next));
  });
  steps.emplace_back([&world, name = row.name, uid](const Computes::Done& next) {
    take_inventory(world, name, uid, next);
  });
  run_in_order(std::move(steps), std::move(done));
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb == "update" || job.verb == "undelete") return done({});
  if (job.verb == "create") return create(world, *row, std::move(done));
  job.is_purge ? remove_branch(world, job.name, std::move(done))
               : stop_branch(world, job.name, std::move(done));
}

void arm_expiry(World& world, const Row& row) {
  const auto expiry = parse_timestamp(text_at(row.shown, "status.expire_time"));
  if (!expiry) return world.store.clear_timer(row.name, "expire");
  world.store.set_timer({row.name, "expire", *expiry});
}

void finish_create(World& world, Row& row) {
  erase_path(row.shown, "status.pending_state");
  set_path(row.shown, "status.current_state", "READY");
  set_path(row.shown, "status.state_change_time", to_text(world.clock.now()));
  world.store.put(row);
  arm_expiry(world, row);
  settle_endpoint(world, row.name + "/endpoints/primary", "ACTIVE");
}

/// Without its default branch a project falls back to its root.
void hand_over_default(World& world, const Row& row) {
  if (!flag_at(row.shown, "status.default")) return;
  const std::string root = row.parent + "/branches/production";
  rules_of("project").finish(world, {.verb = "update",
                                     .kind = "project",
                                     .name = row.parent,
                                     .values = {{"spec", {{"default_branch", root}}}}});
}

/// A branch whose time is over waits for those that come from it; one of them goes now.
void wake_expiry_of_source(World& world, const Row& row) {
  const auto source = world.store.find(text_input(row, "spec.source_branch"));
  if (source && world.store.find_timer(source->name, "expire")) arm_expiry(world, *source);
}

void finish_delete(World& world, const Job& job, Row& row) {
  wake_expiry_of_source(world, row);
  hand_over_default(world, row);
  set_path(row.shown, "status.default", false);
  if (job.is_purge) return erase_resource(world, job.name);
  world.store.clear_timer(job.name, "expire");
  soften(world, row);
  for (const Row& endpoint : world.store.children(job.name, "endpoint")) {
    mark_endpoint(world, endpoint.name, "IDLE");
  }
}

void finish_undelete(World& world, Row& row) {
  // An expiration that has passed would take the branch away again at once.
  const auto expiry = expiry_of(row);
  if (expiry && *expiry <= world.clock.now()) {
    for (const char* path : {"spec.ttl", "spec.expire_time"}) erase_path(row.hidden["input"], path);
    set_path(row.hidden["input"], "spec.no_expiry", true);
    show(world, row);
  }
  restore(world, row);
  arm_expiry(world, row);
}

void finish(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "create") return finish_create(world, *row);
  if (job.verb == "delete") return finish_delete(world, job, *row);
  if (job.verb == "undelete") return finish_undelete(world, *row);
  apply_update(world, *row, job.values, job.cleared);
  world.store.put(*row);
  arm_expiry(world, *row);
}

}  // namespace

const KindRules kBranchRules = {.kind = "branch",
                                .complete = &complete,
                                .check = &check,
                                .show = &show,
                                .check_delete = &check_delete,
                                .companions = &companions,
                                .work = &work,
                                .finish = &finish,
                                .has_clusters = true};

}  // namespace emulator
