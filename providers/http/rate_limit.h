// What the threads that talk to one workspace share: the pace, and values behind a lock.
#pragma once

#include <mutex>
#include <utility>

#include "providers/http/timing.h"

namespace weir::http {

/// A value that only one thread at a time sees. Keeps the words of concurrency out of other files.
template <typename Value>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(Value value) : value_(std::move(value)) {}

  /// Calls `use` with the value while no other thread has it; gives what `use` gives.
  template <typename Use>
  auto with(Use use) {
    const std::lock_guard lock(mutex_);
    return use(value_);
  }
  template <typename Use>
  auto with(Use use) const {
    const std::lock_guard lock(mutex_);
    return use(std::as_const(value_));
  }

 private:
  mutable std::mutex mutex_;
  Value value_ = {};
};

/// Lets so many requests a second through. Halves the pace when the service refuses some, and
/// comes back to the full pace within a minute.
class RateLimit {
 public:
  /// As many requests as one second allows may come at once.
  RateLimit(double per_second, Timing timing);

  /// Blocks until the next request may be sent.
  void wait();
  /// The service said 429. Refusals within one second count once: they have one cause.
  void slow_down();
  double per_second() const;

 private:
  struct State {
    double rate = 0;
    double tokens = 0;
    Duration refilled = {};
    Duration slowed = {};
    bool was_slowed = false;
  };

  void refill(State& state) const;

  const double full_rate_;
  const Timing timing_;
  Guarded<State> state_;
};

}  // namespace weir::http
