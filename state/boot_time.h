// Time for leases: it goes on while the machine sleeps, and nobody can set it.
#pragma once

#include <ctime>

#include "core/units.h"

namespace weir {

inline Duration time_since_boot() {
  timespec now = {};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace weir
