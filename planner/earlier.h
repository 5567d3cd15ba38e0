// What the manifest says of what was declared before.
#pragma once

#include <string>

#include "planner/draft.h"

namespace weir {

/// What `removed` says of an address that is declared no more, as on_remove would: "keep",
/// "delete", or "" when it says nothing.
std::string said_of_removal(const Manifest& manifest, const Address& address);

/// Refuses moves from one id to another: the service renames nothing.
void check_moves(Draft& draft);

}  // namespace weir
