// The requests about Databricks apps, below /api/2.0/apps.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

/// Answers a request; `path` is what follows "/api/2.0/apps/", "" for all apps.
ApiAnswer handle_apps(World& world, const Call& call, const std::string& path, const Json& body);

}  // namespace emulator
