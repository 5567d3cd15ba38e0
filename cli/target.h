// What a manifest is applied to: a workspace, or a PostgreSQL server without a control plane.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/invocation.h"
#include "core/databases.h"
#include "core/entrances.h"
#include "core/lakehouse.h"
#include "core/performer.h"
#include "core/provider.h"
#include "manifest/manifest.h"
#include "planner/plan.h"
#include "providers/http/configuration.h"

namespace weir {

/// The doors to it, and what they need to know of each other.
class Target {
 public:
  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  virtual ~Target() = default;

  virtual Provider& provider() = 0;
  virtual Performer& performer() = 0;
  virtual Databases& databases() = 0;
  virtual Entrances& entrances() = 0;
  /// What tables are copied from; null where none are.
  virtual Lakehouse* lakehouse() = 0;
  /// Into databases so far.
  virtual std::size_t round_trips() const = 0;
  /// By which plans and states know it.
  virtual std::string host() const = 0;
  virtual std::string workspace_id() const = 0;
  /// Requests a second that may be sent.
  virtual double pace() const = 0;
  /// After that a change is given up, and has arrived or never will.
  virtual Duration longest_change() const = 0;
  /// Asks the workspace who it is, unless an answer has told.
  virtual void meet() = 0;
  /// How weir logs in there, in words; "" where every database is asked for it apart.
  virtual std::string login() const = 0;
  /// By how much its clock is ahead of ours; nothing when it has not told.
  virtual std::optional<Duration> clock_skew() const = 0;
};

/// What the manifest, or the saved plan, is for. Throws ConfigurationError or UsageError when
/// flags, environment and profiles do not say which it is, or say another one than the plan is for.
std::unique_ptr<Target> target_of(const Invocation& invocation, const Manifest& manifest);
std::unique_ptr<Target> target_of(const Invocation& invocation, const Plan& plan);

/// Whether databases that do not answer are waited for.
enum class Patience : std::uint8_t { kUntilAwake, kNone };

/// The two kinds of it.
std::unique_ptr<Target> workspace_target(const Invocation& invocation,
                                         const http::Suggestion& suggestion,
                                         Patience patience = Patience::kUntilAwake);
std::unique_ptr<Target> server_target(const Invocation& invocation, const ServerChoice& server);

}  // namespace weir
