// Whether changes may still leave.
#pragma once

#include <atomic>

#include "core/units.h"

namespace weir {

/// The coordinator says until when, and each worker looks right before its request leaves: a
/// process may have stood still between the two.
class Gate {
 public:
  void open_until(Duration time) { until_ = time.count(); }
  void close() { until_ = 0; }
  bool is_open(Duration now) const { return now.count() < until_; }

 private:
  std::atomic<Duration::rep> until_ = 0;
};

}  // namespace weir
