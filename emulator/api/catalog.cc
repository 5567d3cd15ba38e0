// Catalogs: databases of a branch that are registered in Unity Catalog.
#include "emulator/api/identities.h"
#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/permissions.h"
#include "emulator/api/registration.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kBranch = "spec.branch";
constexpr const char* kDatabase = "spec.postgres_database";

std::string uid_of(const World& world, const std::string& branch) {
  const auto row = world.store.find(branch);
  return row ? text_at(row->shown, "uid") : "";
}

/// A branch has what its source had: a database that came from there is registered with it.
void refuse_inherited(const World& world, const std::string& branch, const std::string& database) {
  const auto row = find_database(world, branch, database);
  const auto branch_row = world.store.find(branch);
  if (!row || !branch_row || !flag_at(row->hidden, "is_inherited")) return;
  const std::string source = text_input(*branch_row, "spec.source_branch");
  if (const auto catalog = catalog_of_database(world, {uid_of(world, source), database})) {
    throw world.contract.problem("catalog_database_inherited",
                                 {{"name", database}, {"catalog", last_segment(catalog->name)}});
  }
  refuse_inherited(world, source, database);
}

void check(World& world, const Row& row, const Row* before, const Call& call) {
  if (before != nullptr) return;
  const std::string branch = text_input(row, kBranch);
  const std::string database = text_input(row, kDatabase);
  if (!is_visible(world, branch)) {
    throw world.contract.problem("branch_not_found",
                                 {{"value", last_segment(branch)}, {"trace", call.trace}});
  }
  require_use(world, call, branch);
  check_registration(world, last_segment(row.name), {uid_of(world, branch), database});
  refuse_inherited(world, branch, database);
  const bool is_made = *input_at(row, "spec.create_database_if_missing") == true;
  if (!is_made && !find_database(world, branch, database)) {
    throw world.contract.problem("catalog_database_not_found",
                                 {{"name", database}, {"trace", call.trace}});
  }
}

void show(World& world, Row& row) {
  const std::string branch = text_input(row, kBranch);
  row.hidden["cluster"] = uid_of(world, branch);
  row.hidden["database"] = text_input(row, kDatabase);
  row.hidden["guard"] = project_of(branch);
  show_values(world.contract.kind("catalog"), row.hidden["input"], row.shown);
  set_path(row.shown, "status.project", project_of(branch));
  show_switched_forms(world, row);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  refuse_full_catalog(world, last_segment(row.name));
}

/// The role of the caller in the branch, which is made when there is none.
std::string role_of_caller(World& world, const std::string& branch, const Identity& caller,
                           Json& made) {
  for (const Row& role : world.store.children(branch, "role")) {
    if (text_at(role.shown, "status.postgres_role") == caller.name) return role.name;
  }
  const Json input = {{"spec", {{"postgres_role", caller.name}, {"identity_type", caller.kind}}}};
  const std::string id = free_id_for(world, branch + "/roles/", caller.name);
  const Row role = made_by_service(world, new_row(world, "role", branch, id, input));
  world.store.put(role);
  made.push_back(role.name);
  return role.name;
}

/// Unity Catalog shows it at once. What the branch lacks is made with it and goes if that fails.
std::vector<Row> companions(World& world, const Row& row, const Call& call) {
  const std::string branch = text_input(row, kBranch);
  Json made = Json::array();
  if (!find_database(world, branch, text_input(row, kDatabase))) {
    const std::string owner = role_of_caller(world, branch, call.caller, made);
    made.push_back(put_database(world, branch, text_input(row, kDatabase), owner).name);
  }
  Row with_made = row;
  with_made.hidden["made"] = std::move(made);
  world.store.put(with_made);
  show_in_unity(world, last_segment(row.name), with_made);
  return {};
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create") return done({});
  std::vector<Step> steps;
  for (const Json& name : row->hidden.at("made")) {
    const auto part = world.store.find(name.get<std::string>());
    if (!part) continue;
    steps.emplace_back([&world, kind = part->kind, name = part->name](Computes::Done next) {
      rules_of(kind).work(world, {.verb = "create", .kind = kind, .name = name}, std::move(next));
    });
  }
  run_in_order(std::move(steps), std::move(done));
}

void finish(World& world, const Job& job) {
  if (job.verb != "delete") return;
  hide_from_unity(world, last_segment(job.name));
  world.store.erase(job.name);
}

void undo(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create") return;
  for (const Json& name : row->hidden.at("made")) world.store.erase(name.get<std::string>());
  hide_from_unity(world, last_segment(job.name));
}

}  // namespace

const KindRules kCatalogRules = {.kind = "catalog",
                                 .complete = &complete_by_contract,
                                 .check = &check,
                                 .show = &show,
                                 .check_delete = &check_delete,
                                 .companions = &companions,
                                 .work = &work,
                                 .finish = &finish,
                                 .undo = &undo};

}  // namespace emulator
