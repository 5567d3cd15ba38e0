// What a synced table asks for, of either generation of the API: its source, its key, its types.
#pragma once

#include <string>
#include <vector>

#include "emulator/api/lakehouse.h"
#include "emulator/api/world.h"

namespace emulator {

/// "spec.scheduling_policy" of a synced table.
std::string policy_of(const Row& row);
/// The rows of the synced tables of both generations.
std::vector<Row> all_synced_tables(const World& world);

/// Refuses a source, key, type, policy or pipeline that cannot be synced.
/// `is_registered` says that the destination is a registered database.
void check_sync(const World& world, const Row& row, bool is_registered, const Call& call);

/// The columns of the table in PostgreSQL with the rows of the source, as the row asks for it.
TableDefinition synced_definition(const Row& row, const SourceTable& source);

}  // namespace emulator
