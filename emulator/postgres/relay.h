// Copies bytes between a client and its cluster until both have said all.
#pragma once

#include "emulator/postgres/client_stream.h"

namespace emulator {

/// Returns when the session is over or `stop` becomes readable. A side that is slow holds up the
/// other, so that at most two buffers are in memory.
void relay(ClientStream& client, int server, int stop);

}  // namespace emulator
