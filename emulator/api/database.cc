// Databases of a branch: their names inside Postgres and their owners.
#include <algorithm>
#include <array>

#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

void complete(World& /*world*/, Row& /*row*/) {}

void check(World& world, const Row& row, const Row* before, const Call& call) {
  constexpr std::array kReserved = {"postgres", "template0", "template1"};
  const std::string name = text_at(row.hidden, "input.spec.postgres_database");
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
    throw world.contract.problem("database_reserved", {{"name", name}});
  }
  const std::string owner = text_at(row.hidden, "input.spec.role");
  const bool is_of_branch = parent_of(owner) == row.parent;
  if (!is_of_branch || !is_visible(world, owner)) {
    throw world.contract.problem("owner_role_not_found",
                                 {{"role_id", last_segment(owner)}, {"trace", call.trace}});
  }
  const bool is_renamed =
      before == nullptr || text_at(before->shown, "status.postgres_database") != name;
  for (const Row& other : world.store.children(row.parent, "database")) {
    const bool is_other = other.name != row.name;
    if (is_renamed && is_other && text_at(other.shown, "status.postgres_database") == name) {
      throw world.contract.problem("database_exists");
    }
  }
}

void show(World& world, Row& row) {
  show_values(world.contract.kind("database"), row.hidden["input"], row.shown);
  show_switched_forms(world, row);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

DatabaseDefinition definition_of(World& world, const Row& row) {
  const auto owner = world.store.find(text_at(row.shown, "status.role"));
  return {.name = text_at(row.shown, "status.postgres_database"),
          .owner = owner ? text_at(owner->shown, "status.postgres_role") : ""};
}

void work(World& world, const Job& job, Computes::Done done) {
  auto row = world.store.find(job.name);
  const auto branch = world.store.find(branch_of(job.name));
  if (!row || !branch) return done({});
  const std::string uid = text_at(branch->shown, "uid");
  const std::string name = text_at(row->shown, "status.postgres_database");
  if (job.verb == "create") {
    return world.computes.create_database(uid, definition_of(world, *row), std::move(done));
  }
  if (job.verb == "update") {
    apply_update(world, *row, job.values, job.cleared);
    return world.computes.alter_database(uid, name, definition_of(world, *row), std::move(done));
  }
  world.computes.drop_database(uid, name, std::move(done));
}

void finish(World& world, const Job& job) {
  if (job.verb == "delete") {
    world.store.erase_below(job.name);
    return world.store.erase(job.name);
  }
  if (job.verb == "update") store_update(world, job);
}

}  // namespace

const KindRules kDatabaseRules = {.kind = "database",
                                  .complete = &complete,
                                  .check = &check,
                                  .show = &show,
                                  .check_delete = &check_delete,
                                  .companions = &no_companions,
                                  .work = &work,
                                  .finish = &finish};

}  // namespace emulator
