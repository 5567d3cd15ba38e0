// Who stands in the way, as far as the server lets us see it.
#pragma once

#include <string>

#include "providers/postgres/session.h"

namespace weir::postgres {

enum class Obstacle : std::uint8_t {
  kTurn,  ///< another apply
  kLock,  ///< whoever has been in a transaction for so long
};

/// "session 4242 of role app, in a transaction for 3 min"; "" when nothing can be seen. Throws
/// StatementFailure.
std::string blockers(Session& session, Obstacle obstacle);

}  // namespace weir::postgres
