// Projects: the defaults of their endpoints, and what comes into being with them.
#include "emulator/api/endpoint_state.h"
#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kSettings = "spec.default_endpoint_settings.";

std::string root_branch_of(const std::string& project) {
  return project + "/branches/production";
}

void complete(World& /*world*/, Row& row) {
  default_input(row, "spec.display_name", last_segment(row.name));
  default_input(row, "spec.pg_version", 17);
  default_input(row, "spec.history_retention_duration", "604800s");
  default_input(row, "spec.enable_pg_native_login", false);
  default_input(row, "spec.default_branch", root_branch_of(row.name));
  const std::string settings = kSettings;
  // A bound that the client leaves out follows the one it gives, so that the pair stays legal.
  const Json* maximum = input_at(row, settings + "autoscaling_limit_max_cu");
  const Json minimum_default = maximum == nullptr || *maximum >= 1 ? Json(1) : *maximum;
  default_input(row, settings + "autoscaling_limit_min_cu", minimum_default);
  const Json minimum = *input_at(row, settings + "autoscaling_limit_min_cu");
  default_input(row, settings + "autoscaling_limit_max_cu", minimum > 1 ? minimum : Json(1));
  if (!has_input(row, settings + "no_suspension")) {
    default_input(row, settings + "suspend_timeout_duration", "86400s");
  }
}

void check(World& world, const Row& row, const Row* before, const Call& call) {
  if (before == nullptr) {
    const std::size_t limit = world.contract.assumptions.integer("projects_per_workspace");
    if (world.store.count("", "project") >= limit) {
      throw world.contract.problem("project_limit", {{"limit", std::to_string(limit)}});
    }
    return;
  }
  const std::string branch = input_at(row, "spec.default_branch")->get<std::string>();
  if (parent_of(branch) != row.name || !is_visible(world, branch)) {
    throw world.contract.problem("default_branch_not_found",
                                 {{"value", last_segment(branch)}, {"trace", call.trace}});
  }
}

void show(World& world, Row& row) {
  if (row.shown["status"].size() == 1) {
    // The constant parts come first, as the service orders them.
    set_path(row.shown, "status.display_name", "");
    set_path(row.shown, "status.owner", text_at(row.hidden, "creator"));
  }
  show_values(world.contract.kind("project"), row.hidden["input"], row.shown);
  const std::string shown = "status.default_endpoint_settings.";
  const std::string wanted = kSettings;
  erase_path(row.shown, shown + "suspend_timeout_duration");
  erase_path(row.shown, shown + "no_suspension");
  if (const Json* timeout = input_at(row, wanted + "suspend_timeout_duration")) {
    set_path(row.shown, shown + "suspend_timeout_duration", *timeout);
  } else if (world.contract.assumptions.is("project_no_suspension_shown", "echoed")) {
    set_path(row.shown, shown + "no_suspension", true);
  }
  set_path(row.shown, "status.branch_logical_size_limit_bytes", 8'796'093'022'208);
  if (at_path(row.shown, "status.synthetic_storage_size_bytes") == nullptr) {
    set_path(row.shown, "status.synthetic_storage_size_bytes", 0);
  }
  show_switched_forms(world, row);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  for (const Row& branch : world.store.children(row.name, "branch")) {
    if (!branch.is_deleted && flag_at(branch.shown, "status.is_protected")) {
      throw world.contract.problem("project_protected", {{"branch", last_segment(branch.name)}});
    }
  }
}

/// The wanted values of the first endpoint: `initial_endpoint_spec` in an endpoint's own words.
Json primary_input(const Row& project) {
  Json input = {{"spec", {{"endpoint_type", "ENDPOINT_TYPE_READ_WRITE"}}}};
  if (const Json* initial = input_at(project, "initial_endpoint_spec")) {
    input["spec"].update(*initial);
  }
  return input;
}

std::vector<Row> companions(World& world, const Row& project, const Call& call) {
  world.store.put(project);  // its children read their defaults from it
  Json branch_input = Json::object();
  if (const Json* initial = input_at(project, "initial_branch_spec")) {
    branch_input["spec"] = *initial;
  }
  Row branch = new_row(world, "branch", project.name, "production", branch_input);
  branch.hidden["is_root"] = true;
  branch.hidden["creator"] = call.caller.name;
  branch = made_by_service(world, std::move(branch));
  world.store.put(branch);
  std::vector<Row> rows = {branch};
  rows.push_back(made_by_service(
      world, new_row(world, "endpoint", branch.name, "primary", primary_input(project))));
  // The rules hold for what the endpoint really gets, defaults of the project included.
  check_rules(world.contract, world.contract.kind("endpoint"), rows.back().hidden["input"],
              Occasion::kUpdate);
  Row owner = made_by_service(world, owner_role(world, branch.name, call.caller));
  const std::string owner_name = owner.name;
  rows.push_back(std::move(owner));
  const Json database = {
      {"spec", {{"postgres_database", "databricks_postgres"}, {"role", owner_name}}}};
  rows.push_back(made_by_service(
      world, new_row(world, "database", branch.name, "databricks-postgres", database)));
  return rows;
}

void create(World& world, const std::string& project, Computes::Done done) {
  const std::string branch = root_branch_of(project);
  const auto row = world.store.find(branch);
  const std::string uid = row ? text_at(row->shown, "uid") : "";
  std::vector<Step> steps;
  steps.emplace_back(
      [&world, uid](Computes::Done next) { world.computes.create_root(uid, std::move(next)); });
  for (const char* kind : {"role", "database"}) {
    for (const Row& member : world.store.children(branch, kind)) {
      steps.emplace_back([&world, member](Computes::Done next) {
        const Job job{.verb = "create", .kind = member.kind, .name = member.name};
        rules_of(member.kind).work(world, job, std::move(next));
      });
    }
  }
  steps.emplace_back([&world, branch](Computes::Done next) {
    start_endpoint(world, branch + "/endpoints/primary", std::move(next));
  });
  run_in_order(std::move(steps), std::move(done));
}

void work(World& world, const Job& job, Computes::Done done) {
  if (job.verb == "create") return create(world, job.name, std::move(done));
  if (job.verb == "update") {
    return done({});
  }
  std::vector<Step> steps;
  for (const Row& branch : world.store.children(job.name, "branch")) {
    if (job.verb != "delete") break;
    steps.emplace_back([&world, name = branch.name, is_purge = job.is_purge](Computes::Done next) {
      is_purge ? remove_branch(world, name, std::move(next))
               : stop_branch(world, name, std::move(next));
    });
  }
  run_in_order(std::move(steps), std::move(done));
}

void finish_update(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  apply_update(world, *row, job.values, job.cleared);
  world.store.put(*row);
  keep_history(world, *row);
  const std::string standard = text_at(row->shown, "status.default_branch");
  for (Row branch : world.store.children(job.name, "branch")) {
    set_path(branch.shown, "status.default", branch.name == standard);
    world.store.put(branch);
  }
}

void finish_delete(World& world, const Job& job) {
  if (job.is_purge) return erase_resource(world, job.name);
  auto row = world.store.find(job.name);
  if (!row) return;
  soften(world, *row);
  for (const Row& branch : world.store.children(job.name, "branch")) {
    for (const Row& endpoint : world.store.children(branch.name, "endpoint")) {
      mark_endpoint(world, endpoint.name, "IDLE");
    }
  }
}

void finish(World& world, const Job& job) {
  if (job.verb == "update") return finish_update(world, job);
  if (job.verb == "delete") return finish_delete(world, job);
  if (job.verb == "undelete") {
    if (auto row = world.store.find(job.name)) restore(world, *row);
    return;
  }
  world.store.set_timer({job.name, "history", world.clock.now()});
  const std::string branch = root_branch_of(job.name);
  rules_of("branch").finish(world, {.verb = "create", .kind = "branch", .name = branch});
}

}  // namespace

std::chrono::seconds machine_time_of(const World& world, Duration retention) {
  // Archives are kept by the machine's time: a virtual clock may have shown much more of it.
  const auto oldest = world.clock.real_time_of(world.clock.now() - retention);
  return std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now() - oldest);
}

void keep_history(World& world, const Row& project) {
  const auto retention =
      parse_duration(text_at(project.shown, "status.history_retention_duration"));
  if (!retention) return;
  const auto kept = machine_time_of(world, *retention);
  for (const Row& branch : world.store.children(project.name, "branch")) {
    world.computes.keep_history(text_at(branch.shown, "uid"), kept);
  }
}

const KindRules kProjectRules = {.kind = "project",
                                 .complete = &complete,
                                 .check = &check,
                                 .show = &show,
                                 .check_delete = &check_delete,
                                 .companions = &companions,
                                 .work = &work,
                                 .finish = &finish,
                                 .has_clusters = true};

}  // namespace emulator
