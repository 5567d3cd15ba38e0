// Calls on real threads, in real time.
#pragma once

#include <cstddef>

#include "core/clock.h"
#include "engine/calls.h"
#include "engine/inbox.h"
#include "engine/workers.h"

namespace weir {

class ThreadCalls : public Calls {
 public:
  ThreadCalls(std::size_t threads, const Clock& clock) : clock_(clock), workers_(threads) {}

  void post(Work work, Work then) override;
  void wait(Duration time) override;
  Duration elapsed() const override;
  Instant now() const override { return clock_.now(); }

 private:
  const Clock& clock_;
  Inbox<Work> inbox_;
  Workers workers_;  // last: its threads use the inbox
};

}  // namespace weir
