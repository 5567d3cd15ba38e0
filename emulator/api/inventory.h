// Keeps the REST lists of roles and databases true to what SQL made of them.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// Adds what exists in Postgres only, drops what SQL has dropped, and follows SQL's changes.
void sync_inventory(World& world, const std::string& branch, const Inventory& inventory);

/// An id that nothing in `collection` has, made from a name inside Postgres.
std::string free_id_for(World& world, const std::string& collection,
                        const std::string& postgres_name);

/// Refuses to take away a branch that others come from.
void refuse_children(World& world, const Row& branch);

/// Names of the branches that come from `branch`, separated by commas.
std::string children_text(World& world, const Row& branch);

}  // namespace emulator
