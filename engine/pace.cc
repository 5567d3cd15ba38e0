#include "engine/pace.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

using Seconds = std::chrono::duration<double>;

Duration duration_of(double seconds) {
  return std::chrono::duration_cast<Duration>(Seconds(seconds));
}

}  // namespace

Duration poll_delay(Duration age, std::size_t open, double per_second) {
  const double seconds = std::chrono::duration_cast<Seconds>(age).count();
  // What takes no time at all is seen at once, where the rate allows so many questions.
  const double least = std::clamp(seconds, 0.002, 0.15);
  const double adaptive = std::clamp(0.04 * seconds, least, 10.0);
  return duration_of(std::max(adaptive, static_cast<double>(open) / per_second));
}

Duration retry_delay(int misses, double random) {
  const double longest = std::min(20.0, 0.25 * std::exp2(std::max(misses - 1, 0)));
  return duration_of(longest * (0.5 + random / 2));
}

}  // namespace weir
