// The requests of the Provisioned API, below /api/2.0/database/.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// Answers a request; `path` is what follows "/api/2.0/database/".
ApiAnswer handle_database(World& world, const Call& call, const std::string& path,
                          const Json& body);

/// The instance whose roles or databases a request is about: SQL may have changed them.
std::string instance_to_inspect(const std::string& path);

}  // namespace emulator
