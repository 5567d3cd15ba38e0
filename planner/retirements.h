// Before a role ends it loses what it owns and may do in every database of its branch: a role on
// which anything anywhere depends cannot be deleted.
#pragma once

#include <vector>

#include "core/observations.h"
#include "planner/inside_view.h"
#include "planner/plan.h"

namespace weir {

/// The databases that have to be looked into for the roles that the plan ends, besides those that
/// `seen` shows already. Where nothing inside of a branch was ever declared nobody has to be able
/// to get there: only the roles of apps are looked for, where that succeeds, and the service
/// refuses to end another one that is needed; kAlways looks all the same.
std::vector<InsideQuestion> questions_about_retirements(const Manifest& manifest, const Plan& plan,
                                                        const Observations& observations,
                                                        const Catalogue& catalogue,
                                                        const InsideViews& seen, Wake wake);

}  // namespace weir
