#include "engine/thread_calls.h"

#include <chrono>
#include <utility>

namespace weir {

void ThreadCalls::post(Work work, Work then) {
  workers_.post([this, work = std::move(work), then = std::move(then)]() mutable {
    work();
    inbox_.put(std::move(then));
  });
}

void ThreadCalls::wait(Duration time) {
  const auto end = std::chrono::steady_clock::time_point(
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(time));
  for (const Work& then : inbox_.take(1, end)) then();
}

Duration ThreadCalls::elapsed() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace weir
