// Sees the world: one paged list for each parent, several at a time.
#pragma once

#include <cstddef>
#include <string>

#include "core/observations.h"
#include "core/provider.h"
#include "core/store.h"
#include "manifest/manifest.h"

namespace weir {

enum class Extent {
  kDeclared,   ///< what the manifest and the records name, and its siblings
  kEverything  ///< all that the workspace has, for `export`
};

struct ObserveOptions {
  Extent extent = Extent::kDeclared;
  std::size_t parallelism = 10;
};

/// Lists what is needed to compare. Fills in the names of roles that belong to apps: the
/// declarations get their `id` and `postgres_role`. Throws ApiError.
Observations observe(Manifest& manifest, const Records& records, Provider& provider,
                     const Catalogue& catalogue, const ObserveOptions& options);

}  // namespace weir
