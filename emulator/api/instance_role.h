// Roles of Provisioned instances, and what an instance takes over from what PostgreSQL has.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

inline constexpr const char* kStandardDatabase = "databricks_postgres";

/// The name of a role's row. Role names may contain slashes, which separate the parts of row names.
std::string role_row_name(const std::string& instance, const std::string& role);

Row new_instance_role(World& world, const std::string& instance, Json input);
/// The role that the creator of an instance owns it with.
Row owner_of_instance(World& world, const std::string& instance, const Identity& creator);
/// A copy of a parent's role, as it stands in the child `instance`.
Row inherited_role(World& world, const Row& original, const std::string& instance);

/// Adds roles and databases that exist in Postgres only, drops what SQL has dropped, and follows
/// SQL's changes.
void sync_instance(World& world, const std::string& instance, const Inventory& inventory);

}  // namespace emulator
