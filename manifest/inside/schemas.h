// `schemas`: the schemas of a database, with their owners and the access to all that is in them.
#pragma once

#include <cstddef>

#include "manifest/inside/reading.h"

namespace weir::inside {

/// In `created_by`: each wish for later objects is repeated for each of them.
inline constexpr std::size_t kMostCreators = 100;

void read_schemas(const Node& schemas, const Part& database, Reading& reading);

}  // namespace weir::inside
