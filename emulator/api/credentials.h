// POST /api/2.0/postgres/credentials: tokens that open one endpoint for a while.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

Json make_credential(World& world, const Call& call, const Json& body);

}  // namespace emulator
