// `schemas`: the schemas of a database, with their owners and the access to all that is in them.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

void read_schemas(const Node& schemas, const Part& database, Reading& reading);

}  // namespace weir::inside
