// Sees what others have bound to something that a plan ends.
#pragma once

#include "core/observations.h"
#include "core/provider.h"
#include "engine/observer.h"
#include "planner/plan.h"

namespace weir {

/// Adds what other tools make, such as apps, where the plan ends something that it may be bound to.
/// Nothing where that is not ours to see. Throws ApiError.
void observe_bound(const Plan& plan, Observations& observations, Provider& provider,
                   const Catalogue& catalogue, const ObserveOptions& options);

}  // namespace weir
