#include "emulator/control/source_tables.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/api/endpoint_state.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/sync_stage.h"

namespace emulator {
namespace {

void refuse_other_keys(const Json& part, const std::string& place,
                       const std::vector<std::string>& known) {
  if (!part.is_object()) throw std::invalid_argument(fmt::format("{} is not an object", place));
  for (const auto& [key, value] : part.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw std::invalid_argument(fmt::format("{} has no {}", place, key));
    }
  }
}

/// Refuses what a registered database has put into Unity Catalog: that is not ours to change.
void require_standard(const World& world, const std::string& full_name) {
  const auto catalog = find_in_unity(world, full_name.substr(0, full_name.find('.')));
  if (catalog && text_at(catalog->shown, "catalog_type") != kStandardCatalog) {
    throw std::invalid_argument(
        fmt::format("{} lies in a catalog that is a registered database", full_name));
  }
}

std::string checked_name(const World& world, const Json& name, std::size_t parts) {
  if (!name.is_string() || !name_parts(name.get<std::string>(), parts)) {
    throw std::invalid_argument(
        fmt::format("{} is not a name of {} parts, joined by dots", name.dump(), parts));
  }
  require_standard(world, name.get<std::string>());
  return name.get<std::string>();
}

SourceColumn read_column(const World& world, const std::string& table, const Json& line) {
  refuse_other_keys(line, "a column of " + table, {"name", "type", "nullable", "comment"});
  const std::string name = text_at(line, "name");
  const std::string type = text_at(line, "type");
  if (name.empty()) throw std::invalid_argument(fmt::format("a column of {} has no name", table));
  auto column = read_column_type(world, type);
  if (!column) {
    throw std::invalid_argument(
        fmt::format("column {} of {}: \"{}\" is not a type, such as bigint or decimal(10,2)", name,
                    table, type));
  }
  column->name = name;
  column->is_nullable = line.value("nullable", true);
  column->comment = text_at(line, "comment");
  return *std::move(column);
}

bool has_column(const SourceTable& table, const std::string& name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const SourceColumn& column) { return column.name == name; });
}

void check_rows(const SourceTable& table) {
  if (!table.rows.is_array()) {
    throw std::invalid_argument(fmt::format("the rows of {} are not a list", table.full_name));
  }
  for (const Json& row : table.rows) {
    if (!row.is_object()) {
      throw std::invalid_argument(
          fmt::format("a row of {} is not an object by column", table.full_name));
    }
    for (const auto& [column, value] : row.items()) {
      if (has_column(table, column)) continue;
      throw std::invalid_argument(fmt::format("a row of {} has a value for {}, which is no column",
                                              table.full_name, column));
    }
  }
}

SourceTable read_table(const World& world, const Json& plan) {
  refuse_other_keys(plan, "a table",
                    {"name", "columns", "primary_key", "change_data_feed", "rows"});
  SourceTable table{.full_name = checked_name(world, plan.value("name", Json()), 3)};
  for (const Json& line : plan.value("columns", Json::array())) {
    SourceColumn column = read_column(world, table.full_name, line);
    if (has_column(table, column.name)) {
      throw std::invalid_argument(
          fmt::format("{} has two columns {}", table.full_name, column.name));
    }
    table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) {
    throw std::invalid_argument(fmt::format("{} has no columns", table.full_name));
  }
  table.primary_key = plan.value("primary_key", std::vector<std::string>{});
  for (const std::string& key : table.primary_key) {
    if (has_column(table, key)) continue;
    throw std::invalid_argument(
        fmt::format("the primary key of {} names {}, which is no column", table.full_name, key));
  }
  table.has_change_data_feed = plan.value("change_data_feed", false);
  table.rows = plan.value("rows", Json::array());
  check_rows(table);
  return table;
}

}  // namespace

void put_source_tables(World& world, const Json& plan) {
  refuse_other_keys(plan, "the plan", {"catalogs", "schemas", "tables"});
  world.store.transaction([&] {
    for (const Json& name : plan.value("catalogs", Json::array())) {
      put_catalog(world, checked_name(world, name, 1), kStandardCatalog);
    }
    for (const Json& given : plan.value("schemas", Json::array())) {
      const std::string name = checked_name(world, given, 2);
      put_catalog(world, name.substr(0, name.find('.')), kStandardCatalog);
      put_schema(world, name);
    }
    for (const Json& line : plan.value("tables", Json::array())) {
      const SourceTable table = read_table(world, line);
      put_table(world, table);
      follow_source(world, table.full_name);
    }
  });
}

Json described_source_tables(const World& world) {
  Json all = {{"catalogs", Json::array()}, {"schemas", Json::array()}, {"tables", Json::array()}};
  for (const Row& catalog : world.store.all("unity_catalog")) {
    if (text_at(catalog.shown, "catalog_type") != kStandardCatalog) continue;
    all["catalogs"].push_back(catalog.shown.at("name"));
    for (const Row& schema : world.store.children(catalog.name, "unity_schema")) {
      all["schemas"].push_back(schema.shown.at("full_name"));
    }
  }
  for (const Row& row : world.store.all("unity_table")) {
    if (!row.hidden.contains("rows")) continue;
    all["tables"].push_back({{"name", row.shown.at("full_name")},
                             {"version", row.hidden.at("version")},
                             {"rows", row.hidden.at("rows").size()}});
  }
  return all;
}

void drop_source(World& world, const std::string& full_name) {
  const auto row = find_in_unity(world, full_name);
  if (!row) throw std::invalid_argument(fmt::format("there is no {}", full_name));
  require_standard(world, full_name);
  for (const Row& table : world.store.all("unity_table")) {
    const bool is_below = (table.name + "/").starts_with(row->name + "/");
    if (!is_below || table.hidden.contains("rows")) continue;
    throw std::invalid_argument(fmt::format("{} was not put there by a plan; delete what made it",
                                            text_at(table.shown, "full_name")));
  }
  world.store.transaction([&] { erase_resource(world, row->name); });
}

}  // namespace emulator
