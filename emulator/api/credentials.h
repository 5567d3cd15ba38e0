// POST /api/2.0/postgres/credentials: tokens that open one endpoint for a while, and POST
// /api/2.0/database/credentials: tokens that open the named instances for an hour.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

Json make_credential(World& world, const Call& call, const Json& body);
Json make_instance_credential(World& world, const Call& call, const Json& body);

}  // namespace emulator
