// Tables that the service writes in one awake cluster: their schemas, their rows, their end.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "emulator/computes.h"

namespace emulator {

/// Makes the schema ready for tables of the service. One that is missing is made when
/// `place.may_be_made` and is refused otherwise.
void prepare_schema(const std::filesystem::path& socket_folder, const SchemaPlace& place);
/// Makes the table and fills it, or gives an earlier one these rows: all of it or nothing.
/// Refuses to touch a table that the service did not make.
void write_table(const std::filesystem::path& socket_folder, const TableDefinition& table);
/// Drops a table that the service made; one that is gone or somebody else's stays as it is.
void drop_table(const std::filesystem::path& socket_folder, const TablePlace& place);
/// The schemas of a database, those of the system left out.
std::vector<std::string> schemas_of(const std::filesystem::path& socket_folder,
                                    const std::string& database);
/// The tables in a schema of a database.
std::vector<std::string> tables_of(const std::filesystem::path& socket_folder,
                                   const std::string& database, const std::string& schema);

}  // namespace emulator
