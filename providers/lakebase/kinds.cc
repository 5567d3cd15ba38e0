#include "providers/lakebase/kinds.h"

namespace weir {

const Catalogue& lakebase_catalogue() {
  static constexpr std::array<const Kind*, 14> kKinds = {&kProject,
                                                         &kPermissionsOfProject,
                                                         &kBranch,
                                                         &kEndpoint,
                                                         &kRole,
                                                         &kDatabase,
                                                         &kCatalog,
                                                         &kSyncedTable,
                                                         &kInstance,
                                                         &kPermissionsOfInstance,
                                                         &kInstanceRole,
                                                         &kInstanceDatabase,
                                                         &kInstanceCatalog,
                                                         &kInstanceSyncedTable};
  static constexpr Catalogue kCatalogue(kKinds);
  return kCatalogue;
}

}  // namespace weir
