// What differs between environments, and the choice of one.
#pragma once

#include <string>

#include "core/diagnostic.h"
#include "manifest/node.h"

namespace weir {

/// Takes `environments` out of the tree and puts what `name` changes over the rest; values that it
/// brings carry `origin`. Gives the environment's values of variables, a map or null.
Node apply_environment(Node& root, const std::string& name, std::uint16_t origin,
                       Diagnostics& diagnostics);

}  // namespace weir
