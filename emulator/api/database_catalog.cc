// Catalogs of the Provisioned API: databases of an instance that are registered in Unity Catalog.
#include "emulator/api/instance_role.h"
#include "emulator/api/instance_unity.h"
#include "emulator/api/kinds.h"
#include "emulator/api/registration.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kInstance = "database_instance_name";
constexpr const char* kDatabase = "database_name";

void check(World& world, const Row& row, const Row* /*before*/, const Call& call) {
  const Row instance = require_home(world, row, call);
  const std::string database = text_input(row, kDatabase);
  check_registration(world, text_input(row, "name"), {text_at(instance.shown, "uid"), database});
  check_home_database(world, instance, database,
                      flag_at(row.hidden, "input.create_database_if_not_exists"));
}

void show(World& world, Row& row) {
  const auto instance = world.store.find("instances/" + text_input(row, kInstance));
  row.hidden["cluster"] = instance ? text_at(instance->shown, "uid") : "";
  row.hidden["database"] = text_input(row, kDatabase);
  row.hidden["guard"] = "instances/" + text_input(row, kInstance);
  show_values(world.contract.kind("database_catalog"), row.hidden["input"], row.shown);
}

void check_delete(World& world, const Row& row, const Call& /*call*/) {
  refuse_full_catalog(world, text_input(row, "name"));
}

std::vector<Row> companions(World& world, const Row& row, const Call& /*call*/) {
  Row with_database = row;
  with_database.hidden["makes_database"] =
      add_database(world, text_input(row, kInstance), text_input(row, kDatabase));
  world.store.put(with_database);
  show_in_unity(world, text_input(row, "name"), row);
  return {};
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create" || !flag_at(row->hidden, "makes_database")) return done({});
  // Whoever has no role in the instance cannot own the database.
  const std::string creator = text_at(row->hidden, "creator");
  const bool has_role =
      world.store.find(role_row_name(text_at(row->hidden, "guard"), creator)).has_value();
  world.computes.create_database(
      text_at(row->hidden, "cluster"),
      {.name = text_input(*row, kDatabase), .owner = has_role ? creator : ""}, std::move(done));
}

void finish(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "delete") return;
  hide_from_unity(world, text_input(*row, "name"));
  world.store.erase(job.name);
}

void undo(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create") return;
  hide_from_unity(world, text_input(*row, "name"));
  if (flag_at(row->hidden, "makes_database")) {
    forget_database(world, text_input(*row, kInstance), text_input(*row, kDatabase));
  }
}

}  // namespace

const KindRules kDatabaseCatalogRules = {.kind = "database_catalog",
                                         .complete = &complete_by_contract,
                                         .check = &check,
                                         .show = &show,
                                         .check_delete = &check_delete,
                                         .companions = &companions,
                                         .work = &work,
                                         .finish = &finish,
                                         .undo = &undo,
                                         .is_awaited = &is_always_awaited};

}  // namespace emulator
