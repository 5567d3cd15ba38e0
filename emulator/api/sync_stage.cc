#include "emulator/api/sync_stage.h"

#include <map>

#include "emulator/api/lakehouse.h"
#include "emulator/api/operations.h"
#include "emulator/api/registration.h"
#include "emulator/api/sync_checks.h"

namespace emulator {
namespace {

constexpr const char* kSource = "spec.source_table_full_name";
constexpr const char* kMayMake = "spec.create_database_objects_if_missing";

std::string stage_of(const Row& row) {
  return text_at(row.hidden, "sync.stage");
}

bool has_rows(const Row& row) {
  return row.hidden.at("sync").contains("version");
}

void enter(World& world, Row row, const std::string& stage) {
  row.hidden["sync"]["stage"] = stage;
  if (stage != "failed") row.hidden["sync"].erase("message");
  rules_of(row.kind).show(world, row);
  world.store.put(row);
}

/// The row that a job is about, unless it has gone and another has come under its name.
std::optional<Row> row_of(const World& world, const Job& job) {
  auto row = world.store.find(job.name);
  const std::string id = text_at(job.values, "table_id");
  const bool is_other = row && !id.empty() && text_at(row->hidden, "table_id") != id;
  return is_other ? std::nullopt : row;
}

void begin(World& world, const Row& row, const std::string& verb) {
  begin_operation(world, {.verb = verb,
                          .kind = row.kind,
                          .name = row.name,
                          .values = {{"table_id", row.hidden.at("table_id")}}});
}

void enter_and_sync(World& world, Row row, const std::string& stage) {
  const auto source = find_in_unity(world, text_input(row, kSource));
  Json& sync = row.hidden["sync"];
  sync["start"] = to_text(world.clock.now());
  sync["total_rows"] = source ? source->hidden.at("rows").size() : 0;
  sync["processing"] = source ? source->hidden.at("version") : Json(0);
  begin(world, row, "sync");
  enter(world, std::move(row), stage);
}

std::string cluster_of(const Row& row) {
  return text_at(row.hidden, "place.cluster");
}

void make_room(World& world, const Row& row, Computes::Done done) {
  const SchemaPlace place{.database = text_at(row.hidden, "place.database"),
                          .schema = text_at(row.hidden, "place.schema"),
                          .may_be_made = flag_at(row.hidden.at("input"), kMayMake)};
  std::vector<Step> steps;
  if (flag_at(row.hidden, "makes_database")) {
    steps.emplace_back([&world, cluster = cluster_of(row), place](Computes::Done next) {
      world.computes.create_database(cluster, {.name = place.database, .owner = ""},
                                     std::move(next));
    });
  }
  steps.emplace_back([&world, cluster = cluster_of(row), place](Computes::Done next) {
    world.computes.prepare_schema(cluster, place, std::move(next));
  });
  run_in_order(std::move(steps), std::move(done));
}

/// Writes down what became of an attempt, before its operation ends.
void note_sync(World& world, const Job& job, const Row& source, const Outcome& outcome) {
  world.store.transaction([&] {
    auto row = row_of(world, job);
    if (!row) return;
    Json& sync = row->hidden["sync"];
    if (outcome.error_code.empty()) {
      sync["version"] = source.hidden.at("version");
      sync["commit_time"] = source.hidden.at("commit_time");
      sync["last_start"] = sync.at("start");
      sync["end"] = to_text(world.clock.now());
    } else {
      sync["message"] = outcome.message;
    }
    world.store.put(*row);
  });
}

void bring_rows(World& world, const Job& job, const Row& row, const Computes::Done& done) {
  const std::string name = text_input(row, kSource);
  const auto source = find_in_unity(world, name);
  const auto noted = [&world, job, source, done](const Outcome& outcome) {
    guarded(done, [&](const Computes::Done& next) {
      note_sync(world, job, source.value_or(Row()), outcome);
      next(outcome);
    });
  };
  if (!source) {
    const Problem missing = world.contract.problem("unity_table_not_found", {{"name", name}});
    return noted({.error_code = missing.code, .message = missing.message});
  }
  world.computes.write_table(cluster_of(row),
                             synced_definition(row, to_source_table(world, *source)), noted);
}

/// Whether the branch or instance that has the table is still there.
bool has_home(const World& world, const Row& row) {
  for (const char* kind : {"branch", "instance"}) {
    for (const Row& home : world.store.all(kind)) {
      if (text_at(home.shown, "uid") == cluster_of(row)) return true;
    }
  }
  return false;
}

void drop(World& world, const Job& job, const Row& row, Computes::Done done) {
  if (!job.is_purge || !has_home(world, row)) return done({});
  world.computes.drop_table(cluster_of(row),
                            {.database = text_at(row.hidden, "place.database"),
                             .schema = text_at(row.hidden, "place.schema"),
                             .name = text_at(row.hidden, "place.table")},
                            std::move(done));
}

bool is_behind(const World& world, const Row& row) {
  const auto source = find_in_unity(world, text_input(row, kSource));
  return source && source->hidden.at("version") != row.hidden.at("sync").value("version", Json());
}

void rest(World& world, const Row& row) {
  enter(world, row, "online");
  if (policy_of(row) == "CONTINUOUS" && is_behind(world, row)) {
    begin_sync(world, text_at(row.hidden, "full_name"));
  }
}

}  // namespace

void plan_sync(World& world, Row& row, const std::string& full_name, const SyncPlace& place) {
  if (row.hidden.contains("sync")) return;
  const auto parts = name_parts(full_name, 3);
  const std::string shown_id = text_at(row.shown, "uid");
  row.hidden["full_name"] = full_name;
  row.hidden["table_id"] = shown_id.empty() ? world.ids.uuid() : shown_id;
  row.hidden["place"] = {{"cluster", place.cluster},
                         {"database", place.database},
                         {"schema", parts->at(1)},
                         {"table", parts->at(2)}};
  const std::string shared = text_input(row, "spec.existing_pipeline_id");
  row.hidden["sync"] = {{"stage", "accepted"},
                        {"pipeline_id", shared.empty() ? world.ids.uuid() : shared}};
}

void show_table_in_unity(World& world, const Row& row) {
  const auto source = find_in_unity(world, text_input(row, kSource));
  put_unity_table(world, {.full_name = text_at(row.hidden, "full_name"),
                          .table_id = text_at(row.hidden, "table_id"),
                          .pipeline_id = text_at(row.hidden, "sync.pipeline_id"),
                          .owner = text_at(row.hidden, "creator"),
                          .columns = source->shown.at("columns")});
}

std::string detailed_state(const World& world, const Row& row) {
  const std::string stage = stage_of(row);
  const bool is_continuous = policy_of(row) == "CONTINUOUS";
  if (stage == "online") {
    if (world.contract.assumptions.is("synced_table_online_state", "plain")) {
      return "SYNCED_TABLE_ONLINE";
    }
    return is_continuous ? "SYNCED_TABLE_ONLINE_CONTINUOUS_UPDATE"
                         : "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE";
  }
  if (stage == "updating") {
    return is_continuous ? "SYNCED_TABLE_ONLINE_CONTINUOUS_UPDATE"
                         : "SYNCED_TABLE_ONLINE_TRIGGERED_UPDATE";
  }
  if (stage == "failed") {
    return has_rows(row) ? "SYNCED_TABLE_ONLINE_PIPELINE_FAILED" : "SYNCED_TABLE_OFFLINE_FAILED";
  }
  static const std::map<std::string, std::string> states = {
      {"accepted", "SYNCED_TABLE_PROVISIONING"},
      {"resources", "SYNCED_TABLE_PROVISIONING_PIPELINE_RESOURCES"},
      {"snapshot", "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT"}};
  return states.at(stage);
}

std::string unity_state(const Row& row) {
  const std::string stage = stage_of(row);
  if (stage == "accepted") return "PROVISIONING";
  if (stage == "failed") return has_rows(row) ? "DEGRADED" : "FAILED";
  return "ACTIVE";
}

bool is_first_sync(const Row& row) {
  return stage_of(row) == "snapshot";
}

bool is_syncing(const Row& row) {
  return is_first_sync(row) || stage_of(row) == "updating";
}

void sync_work(World& world, const Job& job, Computes::Done done) {
  const auto row = row_of(world, job);
  if (!row) return done({});
  if (job.verb == "create") return make_room(world, *row, std::move(done));
  if (job.verb == "sync") return bring_rows(world, job, *row, done);
  if (job.verb == "delete") return drop(world, job, *row, std::move(done));
  done({});
}

void sync_finish(World& world, const Job& job) {
  const auto row = row_of(world, job);
  if (!row) return;
  if (job.verb == "delete") {
    hide_from_unity(world, text_at(row->hidden, "full_name"));
    return world.store.erase(job.name);
  }
  if (job.verb == "create") {
    begin(world, *row, "prepare");
    return enter(world, *row, "resources");
  }
  if (job.verb == "prepare") return enter_and_sync(world, *row, "snapshot");
  rest(world, *row);
}

void sync_undo(World& world, const Job& job) {
  const auto row = row_of(world, job);
  if (!row) return;
  if (job.verb == "sync") return enter(world, *row, "failed");
  if (job.verb == "create") hide_from_unity(world, text_at(row->hidden, "full_name"));
}

bool begin_sync(World& world, const std::string& full_name) {
  for (const Row& row : all_synced_tables(world)) {
    if (text_at(row.hidden, "full_name") != full_name) continue;
    const std::string stage = stage_of(row);
    if (stage != "online" && stage != "failed") return false;
    enter_and_sync(world, row, has_rows(row) ? "updating" : "snapshot");
    return true;
  }
  return false;
}

void follow_source(World& world, const std::string& source) {
  for (const Row& row : all_synced_tables(world)) {
    const bool follows = text_input(row, kSource) == source && policy_of(row) == "CONTINUOUS";
    if (follows && is_behind(world, row)) begin_sync(world, text_at(row.hidden, "full_name"));
  }
}

}  // namespace emulator
