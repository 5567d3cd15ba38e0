#include "providers/http/timing.h"

#include <random>
#include <thread>

namespace weir::http {

Timing Timing::real() {
  return {.now = [] { return Instant(std::chrono::system_clock::now()); },
          .elapsed = [] { return Duration(std::chrono::steady_clock::now().time_since_epoch()); },
          .sleep = [](Duration duration) { std::this_thread::sleep_for(duration); },
          .random =
              [] {
                constexpr double kRange = 4294967296.0;
                return static_cast<double>(std::random_device()()) / kRange;
              }};
}

}  // namespace weir::http
