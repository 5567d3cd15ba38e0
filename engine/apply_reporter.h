// Who is told what an apply does, while it does it.
#pragma once

#include <cstddef>
#include <string>

#include "core/units.h"
#include "planner/plan.h"

namespace weir {

/// How far an apply is.
struct Standing {
  Duration elapsed = {};
  std::size_t running = 0;
  std::size_t open = 0;           ///< steps that have not begun and still may
  std::string oldest = {};        ///< what runs for the longest time, by its address
  const Step* waiting = nullptr;  ///< one of them, with what it waits for; null: none waits
  const Step* cause = nullptr;
};

class ApplyReporter {
 public:
  ApplyReporter() = default;
  ApplyReporter(const ApplyReporter&) = delete;
  ApplyReporter& operator=(const ApplyReporter&) = delete;
  virtual ~ApplyReporter() = default;

  virtual void begun(const Step& step) = 0;
  virtual void done(const Step& step, Duration took) = 0;
  virtual void failed(const Step& step, const std::string& why) = 0;
  /// It never began, because `cause` failed.
  virtual void blocked(const Step& step, const Step& cause) = 0;
  /// Something that takes time or goes on in another way; "" for step-less news.
  virtual void tell(const std::string& news) = 0;
  /// Now and then, however long nothing happens.
  virtual void tick(const Standing& standing) = 0;
  /// The apply ended before the step did, or before it began.
  virtual void left(const Step& step, const std::string& why) = 0;
};

}  // namespace weir
