// Databricks apps, as far as their service principals are roles: nothing runs.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

/// Answers a call to /api/2.0/apps, `name` being what follows: an app's, or "" for all of them.
Json handle_apps(World& world, const Call& call, const std::string& name, const Json& body);

}  // namespace emulator
