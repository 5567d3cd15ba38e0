// How long to wait before something is tried again.
#pragma once

#include <algorithm>

#include "providers/http/timing.h"

namespace weir::postgres {

/// Doubles from one to the next up to a limit, with chance, so that those who met do not meet
/// again.
class Pauses {
 public:
  Pauses(Duration first, Duration longest) : next_(first), longest_(longest) {}

  Duration next(const http::Timing& timing) {
    const Duration whole = next_;
    next_ = std::min(2 * next_, longest_);
    return std::chrono::duration_cast<Duration>(whole * (0.5 + 0.5 * timing.random()));
  }

 private:
  Duration next_;
  Duration longest_;
};

}  // namespace weir::postgres
