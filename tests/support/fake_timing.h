// Time that only passes when somebody sleeps, and chance that is always the same.
#pragma once

#include <memory>
#include <vector>

#include "providers/http/timing.h"

namespace weir::test {

class FakeTiming {
 public:
  /// Refers to this object, which must outlive what uses it.
  http::Timing timing() {
    return {.now = [this] { return now; },
            .elapsed = [this] { return now.time_since_epoch(); },
            .sleep =
                [this](Duration duration) {
                  now += duration;
                  sleeps.push_back(duration);
                },
            .random = [this] { return random; }};
  }

  Instant now = Instant(std::chrono::hours(24 * 365 * 50));
  std::vector<Duration> sleeps;
  double random = 0.5;
};

}  // namespace weir::test
