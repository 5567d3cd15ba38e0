// The doors to time and chance, so that tests of retries wait for nothing, and to whoever waits.
#pragma once

#include <functional>
#include <string>

#include "core/units.h"

namespace weir::http {

struct Timing {
  std::function<Instant()> now;         ///< the calendar's time
  std::function<Duration()> elapsed;    ///< never goes back
  std::function<void(Duration)> sleep;  ///< blocks the caller
  std::function<double()> random;       ///< from 0 up to, but not, 1
  /// Told why a request is sent again, from any thread; may be empty.
  std::function<void(const std::string& why)> tell = {};

  static Timing real();
};

}  // namespace weir::http
