// What Unity Catalog knows: catalogs, schemas and tables. There is no lakehouse behind them, so
// source tables are put here through the control calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

inline constexpr const char* kStandardCatalog = "MANAGED_CATALOG";

/// "main.shop.trips" → its parts; nothing unless there are `count` of them and none is empty.
std::optional<std::vector<std::string>> name_parts(const std::string& full_name, std::size_t count);

/// "main.shop.trips" → the name of its row; also of a catalog and a schema.
std::string unity_row_name(const std::string& full_name);
/// The catalog, schema or table of that name, as many parts as the name has.
std::optional<Row> find_in_unity(const World& world, const std::string& full_name);
/// The same, or the 404 that names the first that is missing.
Row require_in_unity(const World& world, const std::string& full_name);

/// A column of a Delta table and how PostgreSQL stores it.
struct SourceColumn {
  std::string name;
  std::string type;       ///< "decimal(10,2)"
  std::string type_name;  ///< "DECIMAL"
  std::string postgres;   ///< "numeric(10,2)", "" when a synced table cannot have it
  bool is_nullable = true;
  std::string comment = {};
  bool operator==(const SourceColumn&) const = default;
};

/// Reads a type of Delta; nothing for a type that there is not.
std::optional<SourceColumn> read_column_type(const World& world, const std::string& type);

struct SourceTable {
  std::string full_name;
  std::vector<SourceColumn> columns = {};
  std::vector<std::string> primary_key = {};
  bool has_change_data_feed = false;
  Json rows = Json::array();  ///< objects, by column
  bool operator==(const SourceTable&) const = default;
};

/// Make what is not there yet; all run in a transaction of the caller.
void put_catalog(World& world, const std::string& name, const std::string& type);
void put_schema(World& world, const std::string& full_name);
/// Writes a table with its catalog and schema, or a new version of one that is there and differs.
void put_table(World& world, const SourceTable& table);
/// The table behind a row that `put_table` wrote.
SourceTable to_source_table(const World& world, const Row& row);

/// A table that Unity Catalog shows and that is no source: of PostgreSQL, or fed from there.
struct UnityTable {
  std::string full_name;
  std::string table_id;
  std::string pipeline_id = {};  ///< "" for a table that nothing fills
  std::string owner;
  Json columns = Json::array();  ///< as they are shown of its source
  std::string table_type = "FOREIGN";
  std::string format = "POSTGRESQL_FORMAT";
};
/// Writes it with its schema; its catalog is there.
void put_unity_table(World& world, const UnityTable& entry);

/// Milliseconds since 1970, as Unity Catalog writes times.
std::int64_t unity_time(Instant time);

}  // namespace emulator
