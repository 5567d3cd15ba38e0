// Carries out a plan: each step once, in order, with its intent on disk before its request leaves.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/databases.h"
#include "core/kind.h"
#include "core/performer.h"
#include "core/provider.h"
#include "core/store.h"
#include "engine/apply_reporter.h"
#include "engine/calls.h"
#include "engine/unresolved.h"
#include "planner/plan.h"
#include "planner/script.h"

namespace weir {

struct ApplyOptions {
  std::size_t parallelism = 10;
  double polls_per_second = 7.5;  ///< of all operations together
  /// What takes longer is left to the next apply, which goes on waiting.
  Duration longest_operation = std::chrono::hours(1);
  /// Requests that have left take no longer than this to arrive.
  Duration longest_request = kLongestRequest;
  /// Steps that are known not to fit the world any more, with what moved.
  std::map<std::size_t, std::string> stale = {};
  /// How often somebody has asked to stop: once, nothing new begins; twice, it ends at once.
  std::function<int()> interruptions = [] { return 0; };
  std::function<double()> random = [] { return 0.5; };  ///< from 0 to 1
};

struct StepResult {
  enum class State {
    kNotBegun,
    kDone,
    kFailed,
    kStale,       ///< the world has moved since the plan: nothing was done
    kBlocked,     ///< a step before it was not done
    kUnfinished,  ///< begun, and its end is not known; the next apply finds out
  };
  State state = State::kNotBegun;
  std::string message = {};
};

struct ApplyResult {
  std::vector<StepResult> steps = {};  ///< as in the plan
  std::string stopped = {};            ///< why it ended early; "" when it did not

  std::size_t count(StepResult::State state) const;
  bool is_complete() const;
};

/// The doors that an apply goes through.
struct ApplyDoors {
  const Catalogue& catalogue;
  Store& store;  ///< with its lease held
  Provider& provider;
  Performer& performer;
  Calls& calls;
  ApplyReporter& reporter;
  Databases* databases = nullptr;  ///< for plans with statements
  VerifierOf verifier_of = {};
};

/// Does not throw for what happens to single steps. The lease is neither taken nor given back.
ApplyResult apply(const Plan& plan, const ApplyDoors& doors, const ApplyOptions& options);

/// Finds out how what earlier applies left open has ended, and remembers it. Sends no change.
/// Answers what could not be found out.
std::vector<Unresolved> recover(const ApplyDoors& doors, const ApplyOptions& options);

}  // namespace weir
