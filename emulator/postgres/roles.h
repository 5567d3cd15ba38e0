// Roles of one awake cluster.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "emulator/computes.h"

namespace emulator {

/// Creates the role, or gives an existing one these attributes.
void create_role(const std::filesystem::path& socket_folder, const RoleDefinition& role);
void alter_role(const std::filesystem::path& socket_folder, const RoleDefinition& role);
/// Ends the role's sessions too. Throws BAD_REQUEST when something depends on the role, which
/// `reassign_to`, unless empty, gets first.
void drop_role(const std::filesystem::path& socket_folder, const std::string& name,
               const std::string& reassign_to);
std::vector<RoleDefinition> roles_of(const std::filesystem::path& socket_folder);

}  // namespace emulator
