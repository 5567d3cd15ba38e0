#include "providers/lakebase/kinds.h"

namespace weir {

const Catalogue& lakebase_catalogue() {
  static constexpr std::array<const Kind*, 6> kKinds = {
      &kProject, &kPermissionsOfProject, &kBranch, &kEndpoint, &kRole, &kDatabase};
  static constexpr Catalogue kCatalogue(kKinds);
  return kCatalogue;
}

}  // namespace weir
