#include "providers/http/rate_limit.h"

#include <algorithm>

namespace weir::http {
namespace {

constexpr double kLeastRate = 0.5;
constexpr double kSecondsToRecover = 60;

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

RateLimit::RateLimit(double per_second, Timing timing)
    : full_rate_(std::max(per_second, kLeastRate)),
      timing_(std::move(timing)),
      state_(State{
          .rate = full_rate_, .tokens = std::max(full_rate_, 1.0), .refilled = timing_.elapsed()}) {
}

void RateLimit::refill(State& state) const {
  const Duration now = timing_.elapsed();
  const double passed = std::max(0.0, seconds_of(now - state.refilled));
  state.refilled = now;
  state.tokens = std::min(std::max(state.rate, 1.0), state.tokens + passed * state.rate);
  state.rate = std::min(full_rate_, state.rate + passed * full_rate_ / kSecondsToRecover);
}

void RateLimit::wait() {
  // The place in the queue is taken under the lock, the waiting is done outside.
  const double seconds = state_.with([&](State& state) {
    refill(state);
    state.tokens -= 1;
    return state.tokens >= 0 ? 0.0 : -state.tokens / state.rate;
  });
  if (seconds > 0) {
    timing_.sleep(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
  }
}

void RateLimit::slow_down() {
  state_.with([&](State& state) {
    refill(state);
    const bool is_same_cause =
        state.was_slowed && state.refilled - state.slowed < std::chrono::seconds(1);
    if (is_same_cause) return;
    state.was_slowed = true;
    state.slowed = state.refilled;
    state.rate = std::max(std::min(kLeastRate, full_rate_), state.rate / 2);
    state.tokens = std::min(state.tokens, 1.0);
  });
}

double RateLimit::per_second() const {
  return state_.with([&](const State& state) {
    State now = state;
    refill(now);
    return now.rate;
  });
}

}  // namespace weir::http
