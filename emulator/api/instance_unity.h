// Catalogs, tables and synced tables of the Provisioned API: what instances show in Unity Catalog.
#pragma once

#include <string>

#include "emulator/api/instance_calls.h"
#include "emulator/api/world.h"

namespace emulator {

/// Whether `path`, behind "/api/2.0/database/", is about one of them.
bool is_unity_path(const std::string& path);
ApiAnswer handle_instance_unity(World& world, const Call& call, const std::string& path,
                                const Json& body);

/// The instance that a new row names; throws the 404. Who makes the row may use the instance.
Row require_home(World& world, const Row& row, const Call& call);
/// Refuses a database that the instance lacks, unless it may be made; that needs it to run.
void check_home_database(const World& world, const Row& instance, const std::string& database,
                         bool may_be_made);
/// Adds the database to those of the instance; false when it was there.
bool add_database(World& world, const std::string& instance, const std::string& database);
void forget_database(World& world, const std::string& instance, const std::string& database);

/// In the catalog of an instance a table may leave out where it lies, and must not contradict it.
void complete_from_catalog(World& world, Row& row);
/// The catalog of an instance that a new table lies in; nothing for a standard one, where the table
/// must say where it lies.
std::optional<Row> check_table_place(const World& world, const Row& row);

}  // namespace emulator
