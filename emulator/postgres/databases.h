// Databases of one awake cluster.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "emulator/computes.h"

namespace emulator {

/// Creates the database, or gives an existing one to `database.owner`.
void create_database(const std::filesystem::path& socket_folder,
                     const DatabaseDefinition& database);
/// Renames `name`, whose sessions end, and gives it to its new owner.
void alter_database(const std::filesystem::path& socket_folder, const std::string& name,
                    const DatabaseDefinition& wanted);
/// Ends the database's sessions too.
void drop_database(const std::filesystem::path& socket_folder, const std::string& name);
/// Lets `role` connect to a database and make schemas there; "" means to every database.
void grant_database(const std::filesystem::path& socket_folder, const std::string& name,
                    const std::string& role);
std::vector<DatabaseDefinition> databases_of(const std::filesystem::path& socket_folder);

}  // namespace emulator
