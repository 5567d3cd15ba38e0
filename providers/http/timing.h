// The doors to time and chance, so that tests of retries wait for nothing, and to whoever waits.
#pragma once

#include <functional>
#include <string>

#include "core/units.h"

namespace weir::http {

/// What may be told of a request: no query, no header, no body.
struct Exchange {
  std::string method;
  std::string path;
  int status = 0;  ///< of the last answer; 0: none came
  Duration took = {};
  int attempts = 1;
};

struct Timing {
  std::function<Instant()> now;         ///< the calendar's time
  std::function<Duration()> elapsed;    ///< never goes back
  std::function<void(Duration)> sleep;  ///< blocks the caller
  std::function<double()> random;       ///< from 0 up to, but not, 1
  /// Told why a request is sent again, from any thread; may be empty.
  std::function<void(const std::string& why)> tell = {};
  /// Told of each request when it is over, from any thread; may be empty.
  std::function<void(const Exchange& exchange)> watch = {};

  static Timing real();
};

}  // namespace weir::http
