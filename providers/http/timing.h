// The doors to time and chance, so that tests of retries wait for nothing.
#pragma once

#include <functional>

#include "core/units.h"

namespace weir::http {

struct Timing {
  std::function<Instant()> now;         ///< the calendar's time
  std::function<Duration()> elapsed;    ///< never goes back
  std::function<void(Duration)> sleep;  ///< blocks the caller
  std::function<double()> random;       ///< from 0 up to, but not, 1

  static Timing real();
};

}  // namespace weir::http
