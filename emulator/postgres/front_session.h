// One client's session: handshake, login, and the bytes between it and its cluster.
#pragma once

#include <string>

#include "emulator/gatekeeper.h"
#include "emulator/loop.h"
#include "emulator/postgres/client_stream.h"
#include "emulator/postgres/front.h"
#include "emulator/postgres/startup_message.h"

namespace emulator {

struct FrontSession {
  Loop& loop;
  Gatekeeper& gatekeeper;
  FrontLimits limits;
  std::string address;
  TlsContext context;
  int client = -1;  ///< owned
  int stop = -1;    ///< becomes readable when all sessions must end
  bool is_one_too_many = false;
};

/// Serves the client to its end; never throws.
void serve(const FrontSession& session);

}  // namespace emulator
