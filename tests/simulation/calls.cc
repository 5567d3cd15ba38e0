#include "tests/simulation/calls.h"

namespace weir::test {
namespace {

/// Far more than any schedule needs.
constexpr std::size_t kMostWaits = 200'000;

}  // namespace

SimulatedCalls::Pending SimulatedCalls::take_one() {
  const auto chosen =
      std::next(pending_.begin(), static_cast<std::ptrdiff_t>(random_() % pending_.size()));
  Pending call = std::move(*chosen);
  pending_.erase(chosen);
  return call;
}

void SimulatedCalls::pass(Duration duration) {
  workspace_.world.now += duration;
  workspace_.let_arrive();
}

void SimulatedCalls::make(const Pending& call) {
  if (before_call) before_call(call.may_send);
  call.work();
}

void SimulatedCalls::wait(Duration time) {
  if (++waits_ > kMostWaits) throw std::logic_error("it waits for ever");
  if (pending_.empty()) {
    pass(std::max(Duration::zero(), time - elapsed()));
    return;
  }
  std::vector<Work> arrived;
  do {
    const Pending call = take_one();
    pass(std::chrono::milliseconds(1 + random_() % 40));
    make(call);
    arrived.push_back(call.then);
  } while (!pending_.empty() && random_() % 2 == 0);
  for (const Work& then : arrived) then();
}

void SimulatedCalls::let_some_arrive() {
  while (!pending_.empty()) {
    const Pending call = take_one();
    if (random_() % 2 == 0) make(call);
  }
}

}  // namespace weir::test
