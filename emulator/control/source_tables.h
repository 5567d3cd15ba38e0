// The tables that synced tables are made from: there is no lakehouse, so a plan puts them there.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

/// Makes the catalogs, schemas and tables of `plan`; a table that is there gets a new version.
/// Throws std::invalid_argument that names the mistake; then nothing has changed.
void put_source_tables(World& world, const Json& plan);
/// Every standard catalog, schema and source table, with versions and numbers of rows.
Json described_source_tables(const World& world);
/// Takes away a catalog, schema or table, with all in it.
void drop_source(World& world, const std::string& full_name);

}  // namespace emulator
