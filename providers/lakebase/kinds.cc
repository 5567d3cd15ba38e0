#include "providers/lakebase/kinds.h"

namespace weir {

const Catalogue& lakebase_catalogue() {
  static constexpr std::array<const Kind*, 17> kKinds = {
      // Autoscaling
      &kProject, &kPermissionsOfProject, &kBranch, &kEndpoint, &kRole, &kDatabase, &kCatalog,
      &kSyncedTable, &kDataApi, &kChangeFeed,
      // Provisioned
      &kInstance, &kPermissionsOfInstance, &kInstanceRole, &kInstanceDatabase, &kInstanceCatalog,
      &kInstanceSyncedTable,
      // Both
      &kApp};
  static constexpr Catalogue kCatalogue(kKinds);
  return kCatalogue;
}

}  // namespace weir
