// The workspace or server that a command looks at, and the plan that follows from it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/invocation.h"
#include "cli/session.h"
#include "cli/target.h"
#include "core/observations.h"
#include "core/store.h"
#include "engine/inside_observer.h"
#include "engine/observer.h"
#include "planner/planner.h"

namespace weir {

/// The target of a command, and how it is looked at and changed.
class World {
 public:
  /// Throws UsageError.
  World(const Invocation& invocation, std::unique_ptr<Target> target);

  /// Sees everything that the manifest and the records name. Throws ApiError.
  Observations observe(Manifest& manifest, const Records& records,
                       Confirm confirm = Confirm::kApplied);
  /// Called now and then while the workspace is looked at; what it throws ends that.
  void set_meanwhile(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }
  /// Sees besides all that goes with what the plan ends. Throws ApiError.
  Observations look_into(const Plan& plan, Observations observations);
  /// Sees what is inside of the databases that the manifest speaks of.
  InsideViews look_into_databases(Manifest& manifest, const Records& records,
                                  const Observations& observations, Wake wake);
  /// Sees what is inside of all databases; of those that cannot be looked into the views say why.
  InsideViews look_into_all_databases(const Observations& observations, Wake wake);
  /// Sees again what the plan's scripts were worked out from.
  InsideViews look_again_into_databases(const Plan& plan);
  /// Sees besides what the roles that the plan ends may have in databases.
  void look_into_databases(const Manifest& manifest, const Plan& plan,
                           const Observations& observations, Wake wake, InsideViews& seen);
  /// Refuses synced tables whose sources are not there or not fit. Throws ApiError.
  void look_at_sources(Plan& plan);
  Target& target() const { return *target_; }
  std::size_t parallelism() const { return parallelism_; }
  /// Notes in the plan where it comes from and what it cost to see the world.
  void sign(Plan& plan) const;

 private:
  /// Throws where somebody tried to look in vain; `may_be_forbidden`: unless it is not ours to.
  InsideViews look(const Manifest& manifest, const std::vector<InsideQuestion>& questions,
                   bool may_be_forbidden = false);

  std::size_t parallelism_;
  PasswordOf password_of_;
  std::function<void()> meanwhile_;
  std::unique_ptr<Target> target_;
};

/// Nothing for what is no whole number of at least `least`.
std::optional<std::int64_t> whole_number_in(const std::string& text, std::int64_t least);

/// From -wake, or `usually` where it is not given.
Wake wake_of(const Invocation& invocation, Wake usually);

/// From flags. Throws UsageError for values that are none.
PlanOptions plan_options(const Invocation& invocation);

/// Plans for the loaded manifest, with what earlier applies have left to remember.
Plan plan_for(World& world, Loaded& loaded, const Records& records, const PlanOptions& options,
              Wake wake);

/// The records of an apply that did everything that the manifest says: for drift it stands for what
/// was applied where nothing is remembered.
Records records_as_declared(const Manifest& manifest, const Observations& observations);

}  // namespace weir
