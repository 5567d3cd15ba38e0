// The look-ups of Unity Catalog, below /api/2.1/unity-catalog/: what stands in lakehouse.h.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// Answers a GET; `path` is what follows "/api/2.1/unity-catalog/". Nothing can be changed here.
std::string handle_unity_catalog(World& world, const Call& call, const std::string& path);

}  // namespace emulator
