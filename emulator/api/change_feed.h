// Change data feeds of a database: what Unity Catalog gets of the tables in a schema.
#pragma once

#include <string>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

/// The config whose statuses a request reads, which follow from the tables that there are.
std::optional<Row> feed_to_follow(World& world, const Request& request);
/// Asks PostgreSQL for the tables of the config's schema.
void list_fed_tables(World& world, const Row& config, const Computes::Listed& listed);
/// Shows a status and a Delta table for each; a table that has gone is terminated.
void follow_tables(World& world, const std::string& config, const std::vector<std::string>& tables);

}  // namespace emulator
