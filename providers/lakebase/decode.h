// From an object of the API to an observation, by the kind's table.
#pragma once

#include "core/observations.h"

namespace weir {

/// Tolerant: unknown members and values are kept or passed over, missing ones are absent. `name`
/// stands in for objects that do not carry their own. References stay remote names.
Observed decode(const Kind& kind, const Document& resource, const std::string& name);

}  // namespace weir
