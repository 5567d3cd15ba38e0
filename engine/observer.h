// Sees the world: one paged list for each parent, several at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/observations.h"
#include "core/provider.h"
#include "core/store.h"
#include "manifest/manifest.h"
#include "planner/plan.h"

namespace weir {

enum class Extent {
  kDeclared,   ///< what the manifest and the records name, and its siblings
  kEverything  ///< all that the workspace has, for `export`
};

/// What is asked for by its name when it is not in its list, which may be behind the world.
enum class Confirm {
  kApplied,   ///< what the records name: it was there
  kDeclared,  ///< and what the manifest names, for `drift`, which says what is missing
};

struct ObserveOptions {
  Extent extent = Extent::kDeclared;
  std::size_t parallelism = 10;
  Confirm confirm = Confirm::kApplied;
  /// Called about once a second while the answers are awaited; what it throws ends the observing.
  std::function<void()> meanwhile = {};
  /// For kEverything: told why the permissions of a project were not seen, instead of failing.
  std::function<void(const std::string& why)> leave_out = {};
};

/// Lists what is needed to compare. Fills in the names of roles that belong to apps: the
/// declarations get their `id` and `postgres_role`. Throws ApiError.
Observations observe(Manifest& manifest, const Records& records, Provider& provider,
                     const Catalogue& catalogue, const ObserveOptions& options);

/// Adds what was not asked for yet inside of what a plan is to end, so that it shows all that goes
/// along. Throws ApiError.
Observations look_into(const Plan& plan, Observations observations, Provider& provider,
                       const Catalogue& catalogue, const ObserveOptions& options);

}  // namespace weir
