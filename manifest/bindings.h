// What apps are bound to, in manifests: paths to databases and branches.
#pragma once

#include <vector>

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// Puts addresses in the place of the paths in `bind`, with or without "${…}" around them. Reports
/// what leads nowhere.
void resolve_bindings(MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics);

/// Gives declarations the references that their bindings are.
void refer_to_bound(std::vector<Declaration>& declarations);

}  // namespace weir
