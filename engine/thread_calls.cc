#include "engine/thread_calls.h"

#include <chrono>
#include <ctime>
#include <utility>

namespace weir {

void ThreadCalls::post(Work work, Work then) {
  workers_.post([this, work = std::move(work), then = std::move(then)]() mutable {
    work();
    inbox_.put(std::move(then));
  });
}

void ThreadCalls::wait(Duration time) {
  const auto end = std::chrono::steady_clock::now() + (time - elapsed());
  for (const Work& then : inbox_.take(1, end)) then();
}

Duration ThreadCalls::elapsed() const {
  // Leases go on while a machine sleeps, and the steady clock stands still.
  timespec now = {};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace weir
