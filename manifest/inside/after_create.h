// `after_create`: what tables of a schema have whenever somebody else has made them.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

void read_after_create(const Node& tables, const std::string& name, const Part& schema,
                       Reading& reading);

}  // namespace weir::inside
