// The workspace that a command looks at, and the plan that follows from it.
#pragma once

#include <memory>
#include <string>

#include "cli/invocation.h"
#include "cli/session.h"
#include "core/observations.h"
#include "core/provider.h"
#include "core/store.h"
#include "engine/observer.h"
#include "planner/planner.h"
#include "providers/http/configuration.h"
#include "providers/http/workspace.h"

namespace weir {

/// A connection to the workspace that flags, environment, manifest and profiles name.
class World {
 public:
  /// Throws ConfigurationError or UsageError when they do not say which.
  World(const Invocation& invocation, const http::Suggestion& suggestion);

  /// Sees everything that the manifest and the records name. Throws ApiError.
  Observations observe(Manifest& manifest, const Records& records,
                       Confirm confirm = Confirm::kApplied);
  /// Sees besides all that goes with what the plan ends. Throws ApiError.
  Observations look_into(const Plan& plan, Observations observations);
  Provider& provider() { return *provider_; }
  std::size_t parallelism() const { return parallelism_; }
  /// Notes in the plan where it comes from and what it cost to see the world.
  void sign(Plan& plan) const;

 private:
  std::size_t parallelism_;
  http::Workspace workspace_;
  // Last: it uses the workspace.
  std::unique_ptr<Provider> provider_;
};

/// What the manifest's environment says about the workspace.
http::Suggestion suggestion_of(const Manifest& manifest);

/// From flags. Throws UsageError for values that are none.
PlanOptions plan_options(const Invocation& invocation);

/// Plans for the loaded manifest, as if nothing had been applied before.
Plan plan_for(const Invocation& invocation, Loaded& loaded, const PlanOptions& options);

/// The records of an apply that did everything that the manifest says. Nothing is remembered
/// between runs in this version, so for drift the manifest stands for what was applied.
Records records_as_declared(const Manifest& manifest, const Observations& observations);

}  // namespace weir
