// Which step may begin now: no threads, no clock, nothing outside.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "planner/plan.h"

namespace weir {

/// Steps become ready when those before them are done, and begin in the order of what still hangs
/// on them: the longest way to the end first. Steps with the same lock begin one after another.
class Schedule {
 public:
  explicit Schedule(const Plan& plan);

  /// Begins the step that is most urgent; nothing when none may begin now.
  std::optional<std::size_t> begin();
  void finish(std::size_t step);
  /// Ends the step without success: what depends on it is blocked. Answers which those are.
  std::vector<std::size_t> fail(std::size_t step);

  /// Steps that still may begin, now or later.
  std::size_t open() const { return open_; }
  /// The first step that waits, in the order of the plan, and the first that it waits for.
  std::optional<std::pair<std::size_t, std::size_t>> waiting();

 private:
  enum class State { kWaiting, kReady, kRunning, kDone, kFailed, kBlocked };
  struct Node {
    State state = State::kWaiting;
    std::size_t missing = 0;  ///< steps before it that are not done
    std::size_t length = 1;   ///< steps on the longest way from here to the end
    std::vector<std::size_t> next = {};
  };
  /// The most urgent one first; among equals the order of the plan.
  using Queue = std::set<std::pair<std::ptrdiff_t, std::size_t>>;
  struct Lock {
    bool is_taken = false;
    Queue waiting = {};
  };

  std::pair<std::ptrdiff_t, std::size_t> urgency(std::size_t step) const;
  void make_ready(std::size_t step);
  void end(std::size_t step, State state);

  const Plan& plan_;
  std::vector<Node> nodes_;
  Queue ready_;
  std::map<std::string, Lock> locks_;
  std::size_t open_ = 0;
  std::size_t first_waiting_ = 0;  ///< no step before it waits, nor ever will again
};

}  // namespace weir
