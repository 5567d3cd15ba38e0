// `after_create`: what tables of a schema have whenever somebody else has made them.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

void read_after_create(const Node& tables, const Part& schema, Reading& reading);
/// The same of its synced tables; `after_create` is that of the schema, or null.
void read_synced_tables(const Node& tables, const Node* after_create, const Part& schema,
                        Reading& reading);

}  // namespace weir::inside
