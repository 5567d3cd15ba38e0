// Synced tables of the Provisioned API: a Delta table's rows in a table of an instance.
#include "emulator/api/instance_unity.h"
#include "emulator/api/kinds.h"
#include "emulator/api/sync_checks.h"
#include "emulator/api/sync_stage.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kInstance = "database_instance_name";
constexpr const char* kDatabase = "logical_database_name";
constexpr const char* kMayMake = "input.spec.create_database_objects_if_missing";

void complete(World& world, Row& row) {
  complete_by_contract(world, row);
  complete_from_catalog(world, row);
}

void check(World& world, const Row& row, const Row* /*before*/, const Call& call) {
  const auto catalog = check_table_place(world, row);
  const Row instance = require_home(world, row, call);
  check_sync(world, row, catalog.has_value(), call);
  check_home_database(world, instance, text_input(row, kDatabase), flag_at(row.hidden, kMayMake));
}

Json shown_progress(const Row& row, const Json& sync) {
  Json progress = {{"sync_progress_completion", 0.0},
                   {"synced_row_count", 0},
                   {"total_row_count", sync.at("total_rows")},
                   {"latest_version_currently_processing", sync.at("processing")}};
  if (is_first_sync(row)) progress["provisioning_phase"] = "PROVISIONING_PHASE_MAIN";
  return progress;
}

/// The one block that goes with the state, by its key.
std::pair<const char*, Json> shown_block(const std::string& state, const Row& row,
                                         const Json& sync) {
  if (state.starts_with("SYNCED_TABLE_PROVISIONING")) {
    Json block = Json::object();
    if (is_syncing(row)) block["initial_pipeline_sync_progress"] = shown_progress(row, sync);
    return {"provisioning_status", block};
  }
  Json block = Json::object();
  if (sync.contains("version")) {
    block["last_processed_commit_version"] = sync.at("version");
    block["timestamp"] = sync.at("end");
  }
  if (state.ends_with("FAILED")) return {"failed_status", block};
  if (policy_of(row) == "CONTINUOUS") return {"continuous_update_status", block};
  if (is_syncing(row)) block["triggered_update_progress"] = shown_progress(row, sync);
  return {"triggered_update_status", block};
}

Json shown_status(const World& world, const Row& row) {
  const Json& sync = row.hidden.at("sync");
  const std::string state = detailed_state(world, row);
  Json status = {{"detailed_state", state}};
  if (sync.contains("message")) status["message"] = sync.at("message");
  if (unity_state(row) != "PROVISIONING") status["pipeline_id"] = sync.at("pipeline_id");
  if (sync.contains("version")) {
    status["last_sync"] = {{"sync_start_timestamp", sync.at("last_start")},
                           {"sync_end_timestamp", sync.at("end")},
                           {"delta_table_sync_info",
                            {{"delta_commit_timestamp", sync.at("commit_time")},
                             {"delta_commit_version", sync.at("version")}}}};
  }
  const auto [key, block] = shown_block(state, row, sync);
  if (!block.empty()) status[key] = block;
  return status;
}

void show(World& world, Row& row) {
  const auto instance = world.store.find("instances/" + text_input(row, kInstance));
  const std::string cluster = instance ? text_at(instance->shown, "uid") : "";
  plan_sync(world, row, text_input(row, "name"), {cluster, text_input(row, kDatabase)});
  row.hidden["guard"] = "instances/" + text_input(row, kInstance);
  show_values(world.contract.kind("synced_database_table"), row.hidden["input"], row.shown);
  row.shown["data_synchronization_status"] = shown_status(world, row);
  row.shown["unity_catalog_provisioning_state"] = unity_state(row);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

std::vector<Row> companions(World& world, const Row& row, const Call& /*call*/) {
  Row with_database = row;
  with_database.hidden["makes_database"] =
      add_database(world, text_input(row, kInstance), text_input(row, kDatabase));
  world.store.put(with_database);
  show_table_in_unity(world, row);
  return {};
}

void undo(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (row && job.verb == "create" && flag_at(row->hidden, "makes_database")) {
    forget_database(world, text_input(*row, kInstance), text_input(*row, kDatabase));
  }
  sync_undo(world, job);
}

}  // namespace

const KindRules kSyncedDatabaseTableRules = {.kind = "synced_database_table",
                                             .complete = &complete,
                                             .check = &check,
                                             .show = &show,
                                             .check_delete = &check_delete,
                                             .companions = &companions,
                                             .work = &sync_work,
                                             .finish = &sync_finish,
                                             .undo = &undo,
                                             .is_awaited = &is_always_awaited};

}  // namespace emulator
