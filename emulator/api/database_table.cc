// Tables of the Provisioned API: tables in PostgreSQL that are registered in Unity Catalog.
#include <algorithm>

#include "emulator/api/instance_unity.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/registration.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kInstance = "database_instance_name";
constexpr const char* kDatabase = "logical_database_name";

void check(World& world, const Row& row, const Row* /*before*/, const Call& call) {
  check_table_place(world, row);
  const Row instance = require_home(world, row, call);
  check_home_database(world, instance, text_input(row, kDatabase), false);
}

void show(World& world, Row& row) {
  const auto instance = world.store.find("instances/" + text_input(row, kInstance));
  row.hidden["cluster"] = instance ? text_at(instance->shown, "uid") : "";
  row.hidden["guard"] = "instances/" + text_input(row, kInstance);
  show_values(world.contract.kind("database_table"), row.hidden["input"], row.shown);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

std::vector<Row> companions(World& world, const Row& row, const Call& /*call*/) {
  put_unity_table(world, {.full_name = text_input(row, "name"),
                          .table_id = world.ids.uuid(),
                          .pipeline_id = "",
                          .owner = text_at(row.hidden, "creator")});
  return {};
}

/// Only what is there can be registered. Without PostgreSQL everything is.
void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create" || !world.network.has_postgres) return done({});
  const auto parts = name_parts(text_input(*row, "name"), 3);
  const std::string database = text_input(*row, kDatabase);
  const Problem missing =
      world.contract.problem("database_table_missing",
                             {{"name", parts->at(1) + "." + parts->at(2)}, {"database", database}});
  world.computes.list_tables(text_at(row->hidden, "cluster"), database, parts->at(1),
                             [table = parts->at(2), missing, done = std::move(done)](
                                 const Outcome& outcome, const std::vector<std::string>& names) {
                               const bool is_there =
                                   std::find(names.begin(), names.end(), table) != names.end();
                               if (!outcome.error_code.empty() || is_there) return done(outcome);
                               done({.error_code = missing.code, .message = missing.message});
                             });
}

void undo(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (row && job.verb == "create") hide_from_unity(world, text_input(*row, "name"));
}

void finish(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "delete") return;
  hide_from_unity(world, text_input(*row, "name"));
  world.store.erase(job.name);
}

}  // namespace

const KindRules kDatabaseTableRules = {.kind = "database_table",
                                       .complete = &complete_from_catalog,
                                       .check = &check,
                                       .show = &show,
                                       .check_delete = &check_delete,
                                       .companions = &companions,
                                       .work = &work,
                                       .finish = &finish,
                                       .undo = &undo,
                                       .is_awaited = &is_always_awaited};

}  // namespace emulator
