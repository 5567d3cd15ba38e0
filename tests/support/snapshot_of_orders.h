// What the statement that reads a database answers of a small one.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"

namespace weir::test {

/// What the database "orders" holds, as its superuser sees it, with these schemas.
inline std::string a_snapshot(const std::vector<std::string>& schemas = {}) {
  Document snapshot = *parse_document(R"json({"version": 170002, "database": "orders", "user": 10,
    "roles": [[10, "boss", true, true, true, true, true, true, true, -1, false],
              [11, "ana", true, false, true, false, false, false, false, -1, false]],
    "memberships": [], "settings": [], "items": [],
    "groups": [["database", "", "", 10, null, false, ["orders"]]],
    "defaults": [], "extensions": [], "own_indexes": [], "comments": [], "linked": [], "routines": [],
    "hanging": [], "databases": [], "stays": []})json");
  for (const std::string& schema : schemas) {
    snapshot["groups"].push_back({"schema", "", "", 10, nullptr, false, {schema}});
  }
  return to_text(snapshot);
}

}  // namespace weir::test
