// The door to time, so that tests choose it.
#pragma once

#include "core/units.h"

namespace weir {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual Instant now() const = 0;
};

class SystemClock : public Clock {
 public:
  Instant now() const override { return std::chrono::system_clock::now(); }
};

}  // namespace weir
