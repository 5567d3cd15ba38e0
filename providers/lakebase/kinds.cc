#include "providers/lakebase/kinds.h"

namespace weir {

const Catalogue& lakebase_catalogue() {
  static constexpr std::array<const Kind*, 10> kKinds = {
      &kProject,  &kPermissionsOfProject,  &kBranch,       &kEndpoint,        &kRole, &kDatabase,
      &kInstance, &kPermissionsOfInstance, &kInstanceRole, &kInstanceDatabase};
  static constexpr Catalogue kCatalogue(kKinds);
  return kCatalogue;
}

}  // namespace weir
