// Sees what is registered in Unity Catalog and copied from there, which no list of Lakebase has.
#pragma once

#include "core/lakehouse.h"
#include "engine/observer.h"

namespace weir {

/// Adds the catalogs and copies of all databases that Unity Catalog knows. What is not ours to see
/// is told to `leave_out`. Throws ApiError.
void observe_apart(Observations& observations, Lakehouse& lakehouse, Provider& provider,
                   const Catalogue& catalogue, const ObserveOptions& options);

}  // namespace weir
