// The Data API of a database: its settings. Nothing answers at its address.
#include <algorithm>

#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

bool says_something(const Json& spec) {
  return std::any_of(spec.begin(), spec.end(), [](const Json& value) {
    const bool is_zero = value == false || value == 0 || value == "";
    return !is_zero && !(value.is_structured() && value.empty());
  });
}

/// The defaults are filled in later, so that a creation can be refused for saying nothing.
void complete(World& /*world*/, Row& /*row*/) {}

void check(World& world, const Row& row, const Row* before, const Call& /*call*/) {
  const Json* spec = input_at(row, "spec");
  if (before == nullptr && (spec == nullptr || !says_something(*spec))) {
    throw world.contract.problem("data_api_required");
  }
}

std::string host_of(World& world, const std::string& branch) {
  for (const Row& endpoint : world.store.children(branch, "endpoint")) {
    if (text_at(endpoint.shown, "status.endpoint_type") != "ENDPOINT_TYPE_READ_WRITE") continue;
    return text_at(endpoint.shown, "status.hosts.host");
  }
  return "";
}

void show(World& world, Row& row) {
  complete_by_contract(world, row);
  row.shown["status"] = Json::object();
  show_values(world.contract.kind("data_api"), row.hidden["input"], row.shown);
  if (row.hidden.contains("available_schemas")) {
    row.shown["status"]["available_schemas"] = row.hidden.at("available_schemas");
  }
  const std::string host = host_of(world, branch_of(row.name));
  row.shown["status"]["url"] = "https://" + host + "/" + last_segment(row.parent);
  show_switched_forms(world, row);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

/// The refusal of a schema that the database lacks; success when there is none.
Outcome check_schemas(const World& world, const Row& row, const std::string& database,
                      const std::vector<std::string>& available) {
  for (const Json& schema : *input_at(row, "spec.db_schemas")) {
    const auto name = schema.get<std::string>();
    const bool is_there = std::find(available.begin(), available.end(), name) != available.end();
    // Without PostgreSQL nobody knows what there is.
    if (is_there || !world.network.has_postgres) continue;
    const Problem problem =
        world.contract.problem("data_api_schema", {{"name", name}, {"database", database}});
    return {.error_code = problem.code, .message = problem.message};
  }
  return {};
}

void note_schemas(World& world, const std::string& name,
                  const std::vector<std::string>& available) {
  world.store.transaction([&] {
    auto row = world.store.find(name);
    if (!row) return;
    row->hidden["available_schemas"] = available;
    world.store.put(*row);
  });
}

void work(World& world, const Job& job, Computes::Done done) {
  auto row = world.store.find(job.name);
  const auto database = world.store.find(parent_of(job.name));
  const auto branch = world.store.find(branch_of(job.name));
  if (!row || !database || !branch || job.verb == "delete") return done({});
  if (job.verb == "update") apply_update(world, *row, job.values, job.cleared);
  const std::string name = text_at(database->shown, "status.postgres_database");
  world.computes.list_schemas(
      text_at(branch->shown, "uid"), name,
      [&world, row = *row, name, done = std::move(done)](
          const Outcome& outcome, const std::vector<std::string>& available) {
        if (!outcome.error_code.empty()) return done(outcome);
        guarded(done, [&](const Computes::Done& next) {
          note_schemas(world, row.name, available);
          next(check_schemas(world, row, name, available));
        });
      });
}

void finish(World& world, const Job& job) {
  if (job.verb == "delete") return world.store.erase(job.name);
  if (job.verb == "update") return store_update(world, job);
  auto row = world.store.find(job.name);
  if (!row) return;
  show(world, *row);
  world.store.put(*row);
}

}  // namespace

const KindRules kDataApiRules = {.kind = "data_api",
                                 .complete = &complete,
                                 .check = &check,
                                 .show = &show,
                                 .check_delete = &check_delete,
                                 .companions = &no_companions,
                                 .work = &work,
                                 .finish = &finish};

}  // namespace emulator
