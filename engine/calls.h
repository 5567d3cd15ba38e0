// The door to whatever makes calls beside the coordinator: threads, or a simulation of them.
#pragma once

#include <functional>

#include "core/units.h"

namespace weir {

class Calls {
 public:
  /// Must not throw, but for what ends the process in a simulation.
  using Work = std::function<void()>;

  Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;
  virtual ~Calls() = default;

  /// Does `work` beside the coordinator, and `then` in the coordinator's next `wait`.
  virtual void post(Work work, Work then) = 0;
  /// Runs what calls that have ended brought; waits for one until `time` has come.
  virtual void wait(Duration time) = 0;

  /// Never goes back.
  virtual Duration elapsed() const = 0;
  /// The calendar's time.
  virtual Instant now() const = 0;
};

}  // namespace weir
