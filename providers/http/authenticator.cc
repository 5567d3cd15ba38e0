#include "providers/http/authenticator.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

constexpr Duration kLongestLead = std::chrono::minutes(20);
constexpr Duration kPauseAfterFailure = std::chrono::minutes(1);

}  // namespace

Authenticator::Authenticator(std::string type, std::string origin, FetchToken fetch, Timing timing)
    : type_(std::move(type)),
      origin_(std::move(origin)),
      fetch_(std::move(fetch)),
      timing_(std::move(timing)) {}

std::string Authenticator::description() const {
  return fmt::format("{} ({})", type_, origin_);
}

bool Authenticator::is_fresh(const State& state) const {
  if (state.token.value.is_empty()) return false;
  return !state.token.expiry || timing_.now() < state.refresh_from;
}

void Authenticator::fetch_into(State& state) const {
  const Instant start = timing_.now();
  state.token = fetch_();
  if (!state.token.expiry) return;
  const Duration life = std::max(Duration::zero(), *state.token.expiry - start);
  state.refresh_from = *state.token.expiry - std::min(life / 2, kLongestLead);
}

Token Authenticator::current() {
  return state_.with([&](State& state) {
    if (is_fresh(state)) return state.token;
    const bool is_usable = !state.token.value.is_empty() && timing_.now() < *state.token.expiry;
    try {
      fetch_into(state);
    } catch (const Error&) {
      // The next attempt, or the end of the old token, will tell.
      if (!is_usable) throw;
      state.refresh_from = timing_.now() + kPauseAfterFailure;
    }
    return state.token;
  });
}

bool Authenticator::renew(const Secret& refused) {
  return state_.with([&](State& state) {
    if (!state.token.expiry) return false;
    // Another thread may have renewed it meanwhile.
    if (state.token.value == refused) fetch_into(state);
    return true;
  });
}

}  // namespace weir::http
