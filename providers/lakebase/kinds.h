// The kinds of both generations of Lakebase: one table each, and the catalogue of all.
#pragma once

#include "core/kind.h"

namespace weir {

extern const Kind kProject;
extern const Kind kPermissionsOfProject;
extern const Kind kBranch;
extern const Kind kInstance;
extern const Kind kPermissionsOfInstance;
extern const Kind kInstanceRole;
extern const Kind kInstanceDatabase;
extern const Kind kCatalog;
extern const Kind kSyncedTable;
extern const Kind kDataApi;
extern const Kind kChangeFeed;
extern const Kind kInstanceCatalog;
extern const Kind kInstanceSyncedTable;
extern const Kind kEndpoint;
extern const Kind kRole;
extern const Kind kDatabase;
extern const Kind kApp;

/// All of them, parents before children.
const Catalogue& lakebase_catalogue();

}  // namespace weir
