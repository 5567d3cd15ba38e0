// `grants` and `default_privileges`: privileges one by one, as SQL has them.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

void read_grants(const Node& grants, const Part& database, Reading& reading);
void read_default_privileges(const Node& defaults, const Part& database, Reading& reading);

}  // namespace weir::inside
