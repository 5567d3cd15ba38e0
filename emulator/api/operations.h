// Long-running operations: they begin with a request, wait for their time, work, and end.
#pragma once

#include <string>

#include "emulator/api/kinds.h"
#include "emulator/api/world.h"

namespace emulator {

/// Refuses when a change runs that excludes one of `name`: at the same branch, or its project.
void refuse_conflict(World& world, const std::string& name);

/// Writes the operation down, due after the configured time, and gives what the client sees.
/// Must run in the transaction that writes what the operation works on.
Json begin_operation(World& world, const Job& job);

/// Does the operation's work and ends it. Safe to call again after a crash.
void carry_out(World& world, const std::string& operation);

/// Lets operations go on that a fault has made to hang.
void release_hanging_operations(World& world);

/// Takes up what an earlier process left.
void resume_operations(World& world);

}  // namespace emulator
