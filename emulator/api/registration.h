// Databases that are registered in Unity Catalog, by either generation of the API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

/// What a catalog stands for: a database of the cluster of a branch or an instance.
struct Registration {
  std::string cluster;   ///< uid of the branch or instance
  std::string database;  ///< its name inside Postgres
};

/// The row of the catalog that a database is registered as.
std::optional<Row> catalog_of_database(const World& world, const Registration& database);
/// The row of the registered database that Unity Catalog shows as catalog `name`.
std::optional<Row> registered_catalog(const World& world, const std::string& name);

/// Refuses a name that Unity Catalog has, and a database that is registered.
void check_registration(const World& world, const std::string& name, const Registration& wanted);
/// Shows the catalog in Unity Catalog; `row` is the resource behind it.
void show_in_unity(World& world, const std::string& name, const Row& row);
/// Refuses to take away a catalog with synced tables in it.
void refuse_full_catalog(const World& world, const std::string& name);
void hide_from_unity(World& world, const std::string& full_name);

/// The database of that name inside Postgres, among those of a branch.
std::optional<Row> find_database(const World& world, const std::string& branch,
                                 const std::string& postgres_database);
/// Writes the row of a database that the service makes by itself; `owner` may be "".
Row put_database(World& world, const std::string& branch, const std::string& postgres_database,
                 const std::string& owner);

/// The branch or instance whose databases the creation of a catalog or table asks for; "" for any
/// other request.
std::string home_of_creation(const World& world, const Request& request);

}  // namespace emulator
