// The workspace that a command looks at, and the plan that follows from it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/invocation.h"
#include "cli/session.h"
#include "core/databases.h"
#include "core/observations.h"
#include "core/performer.h"
#include "core/provider.h"
#include "core/store.h"
#include "engine/inside_observer.h"
#include "engine/observer.h"
#include "planner/planner.h"
#include "providers/http/configuration.h"
#include "providers/http/workspace.h"

namespace weir {

class ApiProvider;

/// A connection to the workspace that flags, environment, manifest and profiles name.
class World {
 public:
  /// Throws ConfigurationError or UsageError when they do not say which.
  World(const Invocation& invocation, const http::Suggestion& suggestion);
  ~World();

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
  /// Sees again what the plan's scripts were worked out from.
  InsideViews look_again_into_databases(const Plan& plan);
  Provider& provider();
  Databases& databases();
  Performer& performer();
  /// Requests a second that may be sent.
  double pace() const { return workspace_.pace(); }
  std::size_t parallelism() const { return parallelism_; }
  /// After that a change is given up, and has arrived or never will.
  Duration longest_change() const { return workspace_.longest_change(); }
  /// Asks the workspace who it is, unless an answer has told.
  void meet();
  const std::string& host() const { return workspace_.host(); }
  std::string workspace_id() const { return workspace_.workspace_id(); }
  /// Notes in the plan where it comes from and what it cost to see the world.
  void sign(Plan& plan) const;

 private:
  LookOptions look_options(Wake wake) const;

  std::size_t parallelism_;
  PasswordOf password_of_;
  std::function<void()> meanwhile_;
  http::Workspace workspace_;
  // Last: it uses the workspace.
  std::unique_ptr<ApiProvider> provider_;
  std::unique_ptr<Databases> databases_;  ///< made when they are needed
};

/// What the manifest's environment says about the workspace.
http::Suggestion suggestion_of(const Manifest& manifest);

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
