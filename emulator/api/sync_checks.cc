#include "emulator/api/sync_checks.h"

#include <algorithm>
#include <array>

#include "emulator/api/kinds.h"

namespace emulator {
namespace {

constexpr const char* kSource = "spec.source_table_full_name";
constexpr const char* kKey = "spec.primary_key_columns";
constexpr const char* kTimeseries = "spec.timeseries_key";
constexpr const char* kOverrides = "spec.type_overrides";
constexpr const char* kExtra = "spec.extra_columns";
constexpr const char* kExistingPipeline = "spec.existing_pipeline_id";
constexpr const char* kStorageCatalog = "spec.new_pipeline_spec.storage_catalog";
constexpr const char* kStorageSchema = "spec.new_pipeline_spec.storage_schema";

const Json& list_input(const Row& row, const char* path) {
  static const Json nothing = Json::array();
  const Json* list = input_at(row, path);
  return list == nullptr ? nothing : *list;
}

const SourceColumn* find_column(const SourceTable& source, const std::string& name) {
  const auto found = std::find_if(source.columns.begin(), source.columns.end(),
                                  [&](const SourceColumn& column) { return column.name == name; });
  return found == source.columns.end() ? nullptr : &*found;
}

std::vector<std::string> key_of(const Row& row, const SourceTable& source) {
  const Json& wanted = list_input(row, kKey);
  return wanted.empty() ? source.primary_key : wanted.get<std::vector<std::string>>();
}

const Json* override_of(const Row& row, const std::string& column) {
  for (const Json& line : list_input(row, kOverrides)) {
    if (text_at(line, "column_name") == column) return &line;
  }
  return nullptr;
}

void require_column(const World& world, const SourceTable& source, const std::string& column,
                    const char* path) {
  if (find_column(source, column) != nullptr) return;
  throw world.contract.problem("synced_table_column",
                               {{"column", column}, {"path", path}, {"name", source.full_name}});
}

void check_columns(const World& world, const Row& row, const SourceTable& source) {
  for (const SourceColumn& column : source.columns) {
    if (!column.postgres.empty()) continue;
    throw world.contract.problem(
        "synced_table_column_type",
        {{"column", column.name}, {"name", source.full_name}, {"type", column.type}});
  }
  const std::vector<std::string> key = key_of(row, source);
  if (key.empty()) {
    throw world.contract.problem("synced_table_key_missing", {{"name", source.full_name}});
  }
  for (const std::string& column : key) require_column(world, source, column, kKey);
  const std::string timeseries = text_input(row, kTimeseries);
  if (!timeseries.empty()) require_column(world, source, timeseries, kTimeseries);
}

void check_types(const World& world, const Row& row, const SourceTable& source) {
  for (const Json& line : list_input(row, kOverrides)) {
    const std::string column = text_at(line, "column_name");
    require_column(world, source, column, kOverrides);
    if (override_of(row, column) != &line) {
      throw world.contract.problem("synced_table_column_twice",
                                   {{"column", column}, {"path", kOverrides}});
    }
    if (!line.contains("size")) {
      throw world.contract.problem("synced_table_override_size", {{"column", column}});
    }
  }
  std::vector<std::string> extra;
  for (const Json& line : list_input(row, kExtra)) {
    const std::string column = text_at(line, "column_name");
    const bool is_there = find_column(source, column) != nullptr ||
                          std::find(extra.begin(), extra.end(), column) != extra.end();
    if (is_there) {
      throw world.contract.problem("synced_table_column_twice",
                                   {{"column", column}, {"path", kExtra}});
    }
    extra.push_back(column);
  }
}

void check_policy(const World& world, const Row& row, const SourceTable& source) {
  const std::string policy = policy_of(row);
  if (policy != "SNAPSHOT" && !source.has_change_data_feed) {
    throw world.contract.problem("synced_table_change_feed",
                                 {{"name", source.full_name}, {"policy", policy}});
  }
}

void check_limit(const World& world, const std::string& source) {
  const std::size_t limit = world.contract.assumptions.integer("synced_tables_per_source");
  const auto all = all_synced_tables(world);
  const auto number = std::count_if(all.begin(), all.end(), [&](const Row& other) {
    return text_input(other, kSource) == source;
  });
  if (static_cast<std::size_t>(number) < limit) return;
  throw world.contract.problem("synced_table_limit", {{"limit", std::to_string(limit)}});
}

/// A pipeline is there as long as one of the tables that it fills.
void check_shared_pipeline(const World& world, const Row& row, const Call& call) {
  const std::string pipeline = text_input(row, kExistingPipeline);
  const auto all = all_synced_tables(world);
  const auto other = std::find_if(all.begin(), all.end(), [&](const Row& each) {
    return text_at(each.hidden, "sync.pipeline_id") == pipeline;
  });
  if (other == all.end()) {
    throw world.contract.problem("synced_table_pipeline_not_found",
                                 {{"value", pipeline}, {"trace", call.trace}});
  }
  if (policy_of(*other) == policy_of(row)) return;
  throw world.contract.problem(
      "synced_table_pipeline_policy",
      {{"value", pipeline}, {"expected", policy_of(*other)}, {"policy", policy_of(row)}});
}

void check_storage(const World& world, const Row& row, bool is_registered) {
  const std::string catalog = text_input(row, kStorageCatalog);
  const std::string schema = text_input(row, kStorageSchema);
  if (is_registered && (catalog.empty() || schema.empty())) {
    throw world.contract.problem("synced_table_storage_missing");
  }
  if (catalog.empty()) return;
  const Row found = require_in_unity(world, catalog);
  if (text_at(found.shown, "catalog_type") != kStandardCatalog) {
    throw world.contract.problem("synced_table_storage", {{"name", catalog}});
  }
  if (!schema.empty()) require_in_unity(world, catalog + "." + schema);
}

/// A column of another type than its own, if the row asks for it.
void override_type(const Row& row, TableDefinition::Column& column) {
  const Json* line = override_of(row, column.name);
  if (line == nullptr) return;
  const std::string type = text_at(*line, "pg_type");
  const std::string size = "(" + line->at("size").dump() + ")";
  if (type == "PG_SPECIFIC_TYPE_VARCHAR") {
    column.type = "character varying" + size;
    return;
  }
  column.type = (type == "PG_SPECIFIC_TYPE_VECTOR" ? "vector" : "halfvec") + size;
  column.extension = "vector";
}

}  // namespace

std::string policy_of(const Row& row) {
  return text_input(row, "spec.scheduling_policy");
}

std::vector<Row> all_synced_tables(const World& world) {
  std::vector<Row> rows = world.store.all("synced_table");
  for (Row& row : world.store.all("synced_database_table")) rows.push_back(std::move(row));
  return rows;
}

void check_sync(const World& world, const Row& row, bool is_registered, const Call& call) {
  const Row found = require_in_unity(world, text_input(row, kSource));
  if (!found.hidden.contains("rows")) {
    throw world.contract.problem("synced_table_source_form", {{"name", text_input(row, kSource)}});
  }
  const SourceTable source = to_source_table(world, found);
  check_columns(world, row, source);
  check_types(world, row, source);
  check_policy(world, row, source);
  if (has_input(row, kExistingPipeline)) {
    check_shared_pipeline(world, row, call);
  } else {
    check_storage(world, row, is_registered);
  }
  check_limit(world, source.full_name);
}

TableDefinition synced_definition(const Row& row, const SourceTable& source) {
  TableDefinition table{.place = {.database = text_at(row.hidden, "place.database"),
                                  .schema = text_at(row.hidden, "place.schema"),
                                  .name = text_at(row.hidden, "place.table")},
                        .columns = {},
                        .primary_key = key_of(row, source),
                        .latest_by = text_input(row, kTimeseries),
                        .rows = to_text(source.rows)};
  for (const SourceColumn& from : source.columns) {
    TableDefinition::Column column{
        .name = from.name, .type = from.postgres, .is_nullable = from.is_nullable};
    override_type(row, column);
    table.columns.push_back(std::move(column));
  }
  for (const Json& line : list_input(row, kExtra)) {
    table.columns.push_back({.name = text_at(line, "column_name"),
                             .type = text_at(line, "column_type"),
                             .generated_as = text_at(line, "compute")});
  }
  return table;
}

}  // namespace emulator
