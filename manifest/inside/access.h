// `access` and `exclusive`: exactly what a grantee may do with a database, or in a schema.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

/// What access in a schema is about.
struct SchemaAccess {
  std::string schema;
  std::vector<std::string> creators = {};  ///< of the later objects that it covers
};

void read_database_access(const Node& access, const Part& database, Reading& reading);
void read_schema_access(const Node& access, const SchemaAccess& about, const Part& schema,
                        Reading& reading);

/// Nobody but those whom access names has anything.
void close_database(const Place& place, const Part& database, Reading& reading);
void close_schema(const Place& place, const std::string& name, const Part& schema,
                  Reading& reading);

}  // namespace weir::inside
