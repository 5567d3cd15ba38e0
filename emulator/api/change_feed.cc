#include "emulator/api/change_feed.h"

#include <algorithm>

#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/registration.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr std::string_view kPostgres = "/api/2.0/postgres/";

std::string target_of(const Row& config, const std::string& table) {
  return text_input(config, "catalog") + "." + text_input(config, "schema") + "." + table;
}

std::string database_of(const World& world, const Row& config) {
  const auto database = world.store.find(config.parent);
  return database ? text_at(database->shown, "status.postgres_database") : "";
}

void check(World& world, const Row& row, const Row* /*before*/, const Call& /*call*/) {
  const std::string catalog = text_input(row, "catalog");
  const Row shown = require_in_unity(world, catalog);
  if (text_at(shown.shown, "catalog_type") != kStandardCatalog) {
    throw world.contract.problem("synced_table_storage", {{"name", catalog}});
  }
  require_in_unity(world, catalog + "." + text_input(row, "schema"));
  const std::string schema = text_input(row, "postgres_schema");
  for (const Row& other : world.store.children(row.parent, "cdf_config")) {
    if (text_input(other, "postgres_schema") != schema) continue;
    throw world.contract.problem("cdf_config_schema_exists",
                                 {{"name", schema}, {"id", last_segment(other.name)}});
  }
}

void show(World& world, Row& row) {
  show_values(world.contract.kind("cdf_config"), row.hidden["input"], row.shown);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

/// The schema must be there; without PostgreSQL every schema is.
void check_schema(World& world, const Row& row, Computes::Done done) {
  const auto branch = world.store.find(branch_of(row.name));
  if (!branch || !world.network.has_postgres) return done({});
  const std::string schema = text_input(row, "postgres_schema");
  const std::string database = database_of(world, row);
  const Problem missing = world.contract.problem("cdf_config_schema_missing",
                                                 {{"name", schema}, {"database", database}});
  world.computes.list_schemas(text_at(branch->shown, "uid"), database,
                              [schema, missing, done = std::move(done)](
                                  const Outcome& outcome, const std::vector<std::string>& names) {
                                const bool is_there =
                                    std::find(names.begin(), names.end(), schema) != names.end();
                                if (!outcome.error_code.empty() || is_there) return done(outcome);
                                done({.error_code = missing.code, .message = missing.message});
                              });
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "create") return done({});
  check_schema(world, *row, std::move(done));
}

void finish(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (!row || job.verb != "delete") return;
  for (const Row& status : world.store.children(job.name, "cdf_status")) {
    if (job.is_purge) hide_from_unity(world, text_at(status.shown, "uc_table"));
  }
  world.store.erase_below(job.name);
  world.store.erase(job.name);
}

void show_fed_table(World& world, const Row& config, const std::string& table) {
  const std::string name = config.name + "/cdf-statuses/" + table;
  const auto known = world.store.find(name);
  if (known && text_at(known->shown, "state") == "CDF_STATE_STREAMING") return;
  Row row{.name = name, .kind = "cdf_status", .parent = config.name};
  const std::string now = to_text(world.clock.now());
  row.shown = {{"name", name},
               {"postgres_table", table},
               {"uc_table", target_of(config, table)},
               {"state", "CDF_STATE_STREAMING"},
               {"last_sync_time", now},
               {"create_time", now}};
  world.store.put(row);
  if (find_in_unity(world, target_of(config, table))) return;
  put_unity_table(world, {.full_name = target_of(config, table),
                          .table_id = world.ids.uuid(),
                          .owner = text_at(config.hidden, "creator"),
                          .table_type = "MANAGED",
                          .format = "DELTA"});
}

}  // namespace

std::optional<Row> feed_to_follow(World& world, const Request& request) {
  const std::size_t statuses = request.path.find("/cdf-statuses");
  const bool is_read = request.method == "GET" && statuses != std::string::npos &&
                       request.path.starts_with(kPostgres);
  if (!is_read) return std::nullopt;
  auto row = world.store.find(request.path.substr(kPostgres.size(), statuses - kPostgres.size()));
  const bool is_feed = row && row->kind == "cdf_config" && is_visible(world, row->name);
  return is_feed ? row : std::nullopt;
}

void list_fed_tables(World& world, const Row& config, const Computes::Listed& listed) {
  const auto branch = world.store.find(branch_of(config.name));
  world.computes.list_tables(branch ? text_at(branch->shown, "uid") : "",
                             database_of(world, config), text_input(config, "postgres_schema"),
                             listed);
}

void follow_tables(World& world, const std::string& config,
                   const std::vector<std::string>& tables) {
  const auto row = world.store.find(config);
  if (!row) return;
  for (const std::string& table : tables) {
    // A slash in its name would make another resource of it.
    if (table.find('/') == std::string::npos) show_fed_table(world, *row, table);
  }
  for (Row status : world.store.children(config, "cdf_status")) {
    const std::string table = text_at(status.shown, "postgres_table");
    if (std::find(tables.begin(), tables.end(), table) != tables.end()) continue;
    status.shown["state"] = "CDF_STATE_TERMINATED";
    world.store.put(status);
  }
}

const KindRules kCdfConfigRules = {.kind = "cdf_config",
                                   .complete = &complete_by_contract,
                                   .check = &check,
                                   .show = &show,
                                   .check_delete = &check_delete,
                                   .companions = &no_companions,
                                   .work = &work,
                                   .finish = &finish};

}  // namespace emulator
