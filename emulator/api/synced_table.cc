// Synced tables: a Delta table's rows in a table of a branch's database.
#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/permissions.h"
#include "emulator/api/registration.h"
#include "emulator/api/resource_name.h"
#include "emulator/api/sync_checks.h"
#include "emulator/api/sync_stage.h"

namespace emulator {
namespace {

constexpr const char* kBranch = "spec.branch";
constexpr const char* kDatabase = "spec.postgres_database";

/// "synced_tables/shop.public.trips" → "shop"
std::string catalog_name(const Row& row) {
  const std::string full_name = last_segment(row.name);
  return full_name.substr(0, full_name.find('.'));
}

std::optional<Row> own_catalog(const World& world, const Row& row) {
  auto catalog = registered_catalog(world, catalog_name(row));
  return catalog && catalog->kind == "catalog" ? catalog : std::nullopt;
}

/// In a registered database branch and database are the catalog's.
void complete(World& world, Row& row) {
  complete_by_contract(world, row);
  const auto catalog = own_catalog(world, row);
  if (!catalog) return;
  default_input(row, kBranch, text_at(catalog->shown, "status.branch"));
  default_input(row, kDatabase, text_at(catalog->shown, "status.postgres_database"));
}

/// A branch that has come under the name of another has none of its catalogs.
bool is_of_branch(const World& world, const Row& catalog, const std::string& branch) {
  const auto row = world.store.find(branch);
  return row && text_at(row->shown, "uid") == text_at(catalog.hidden, "cluster");
}

void check_target(const World& world, const Row& row, const Row& catalog) {
  for (const auto& [path, shown] :
       {std::pair{kBranch, "status.branch"}, std::pair{kDatabase, "status.postgres_database"}}) {
    const std::string expected = text_at(catalog.shown, shown);
    if (text_input(row, path) == expected) continue;
    throw world.contract.problem(
        "synced_table_target",
        {{"path", path}, {"expected", expected}, {"value", text_input(row, path)}});
  }
}

void check_standard_catalog(const World& world, const Row& row, const Row& catalog) {
  if (text_at(catalog.shown, "catalog_type") != kStandardCatalog) {
    throw world.contract.problem("synced_table_catalog_foreign", {{"name", catalog_name(row)}});
  }
  for (const char* path : {kBranch, kDatabase}) {
    if (has_input(row, path)) continue;
    throw world.contract.problem("field_required", {{"path", row.kind + "." + path}});
  }
  const std::string full_name = last_segment(row.name);
  require_in_unity(world, full_name.substr(0, full_name.rfind('.')));
}

void check(World& world, const Row& row, const Row* before, const Call& call) {
  if (before != nullptr) return;
  const Row shown = require_in_unity(world, catalog_name(row));
  const auto catalog = own_catalog(world, row);
  catalog ? check_target(world, row, *catalog) : check_standard_catalog(world, row, shown);
  const std::string branch = text_input(row, kBranch);
  if (!is_visible(world, branch) || (catalog && !is_of_branch(world, *catalog, branch))) {
    throw world.contract.problem("branch_not_found",
                                 {{"value", last_segment(branch)}, {"trace", call.trace}});
  }
  require_use(world, call, branch);
  if (find_in_unity(world, last_segment(row.name))) {
    throw world.contract.problem("synced_table_exists");
  }
  check_sync(world, row, catalog.has_value(), call);
  const bool may_make = flag_at(row.hidden, "input.spec.create_database_objects_if_missing");
  if (!may_make && !find_database(world, branch, text_input(row, kDatabase))) {
    throw world.contract.problem("catalog_database_not_found",
                                 {{"name", text_input(row, kDatabase)}, {"trace", call.trace}});
  }
}

Json shown_last_sync(const Json& sync) {
  return {{"sync_start_time", sync.at("last_start")},
          {"sync_end_time", sync.at("end")},
          {"delta_table_sync_info",
           {{"delta_commit_time", sync.at("commit_time")},
            {"delta_commit_version", sync.at("version")}}}};
}

void show(World& world, Row& row) {
  const std::string branch = text_input(row, kBranch);
  const auto branch_row = world.store.find(branch);
  const std::string cluster = branch_row ? text_at(branch_row->shown, "uid") : "";
  plan_sync(world, row, last_segment(row.name), {cluster, text_input(row, kDatabase)});
  row.hidden["guard"] = project_of(branch);
  const Json& sync = row.hidden.at("sync");
  Json status = {{"detailed_state", detailed_state(world, row)},
                 {"unity_catalog_provisioning_state", unity_state(row)}};
  if (sync.contains("message")) status["message"] = sync.at("message");
  if (unity_state(row) != "PROVISIONING") status["pipeline_id"] = sync.at("pipeline_id");
  status["project"] = project_of(branch);
  if (is_first_sync(row)) status["provisioning_phase"] = "PROVISIONING_PHASE_MAIN";
  if (sync.contains("version")) {
    status["last_processed_commit_version"] = sync.at("version");
    status["last_sync_time"] = sync.at("end");
    status["last_sync"] = shown_last_sync(sync);
  }
  if (is_syncing(row)) {
    status["ongoing_sync_progress"] = {
        {"sync_progress_completion", 0.0},
        {"synced_row_count", 0},
        {"total_row_count", sync.at("total_rows")},
        {"latest_version_currently_processing", sync.at("processing")}};
  }
  row.shown["status"] = std::move(status);
  show_switched_forms(world, row);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

std::vector<Row> companions(World& world, const Row& row, const Call& /*call*/) {
  const std::string branch = text_input(row, kBranch);
  if (!find_database(world, branch, text_input(row, kDatabase))) {
    Row with_database = row;
    with_database.hidden["made"] = put_database(world, branch, text_input(row, kDatabase), "").name;
    with_database.hidden["makes_database"] = true;
    world.store.put(with_database);
  }
  show_table_in_unity(world, row);
  return {};
}

void work(World& world, const Job& job, Computes::Done done) {
  Job wanted = job;
  wanted.is_purge = world.contract.assumptions.is("synced_table_delete", "drops_table");
  sync_work(world, wanted, std::move(done));
}

void undo(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  const std::string database = row ? text_at(row->hidden, "made") : "";
  if (job.verb == "create" && !database.empty()) world.store.erase(database);
  sync_undo(world, job);
}

}  // namespace

const KindRules kSyncedTableRules = {.kind = "synced_table",
                                     .complete = &complete,
                                     .check = &check,
                                     .show = &show,
                                     .check_delete = &check_delete,
                                     .companions = &companions,
                                     .work = &work,
                                     .finish = &sync_finish,
                                     .undo = &undo};

}  // namespace emulator
