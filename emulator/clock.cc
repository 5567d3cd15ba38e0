#include "emulator/clock.h"

#include <algorithm>

#include <fmt/format.h>

namespace emulator {
namespace {

constexpr const char* kNow = "clock/now";
constexpr const char* kMoves = "clock/move/";

Instant machine_time() {
  return to_instant(std::chrono::system_clock::now());
}

std::optional<Instant> shown_at(const std::string& key) {
  return parse_timestamp(key.substr(std::string_view(kMoves).size()));
}

Instant whole_seconds(Instant instant) {
  return {instant.seconds, 0};
}

}  // namespace

Clock::Clock(Store& store, ClockKind kind, std::optional<Instant> start)
    : store_(store), kind_(kind), machine_(&machine_time) {
  if (kind_ == ClockKind::kReal) return;
  now_ = parse_timestamp(store_.fact(kNow)).value_or(start.value_or(whole_seconds(machine_time())));
  store_.set_fact(kNow, to_text(now_));
}

Clock::Clock(Store& store, std::function<Instant()> machine)
    : store_(store), kind_(ClockKind::kReal), machine_(std::move(machine)) {}

Instant Clock::now() const {
  return is_virtual() ? now_ : machine_();
}

void Clock::advance(Duration length) {
  const Instant later = now_ + length;
  store_.transaction([&] {
    store_.set_fact(kMoves + to_text(now_), to_text(machine_time()));
    store_.set_fact(kNow, to_text(later));
  });
  now_ = later;
}

std::chrono::system_clock::time_point Clock::real_time_of(Instant time) const {
  if (!is_virtual()) return to_system_time(time);
  if (time >= now_) return std::chrono::system_clock::now();
  Instant last_shown;
  Instant left;
  for (const auto& [key, moved_at] : store_.facts(kMoves)) {
    const auto shown = shown_at(key);
    if (!shown || *shown > time || *shown < last_shown) continue;
    last_shown = *shown;
    left = parse_timestamp(moved_at).value_or(left);
  }
  return to_system_time(left);
}

void Clock::forget_moves_before(Instant oldest) {
  // The newest of them tells when `oldest` itself was left behind.
  std::optional<std::pair<Instant, std::string>> newest;
  for (const auto& [key, moved_at] : store_.facts(kMoves)) {
    const auto shown = shown_at(key);
    if (!shown || *shown > oldest) continue;
    const std::pair<Instant, std::string> move{*shown, key};
    if (newest) store_.erase_fact(std::min(*newest, move).second);
    newest = newest ? std::max(*newest, move) : move;
  }
}

}  // namespace emulator
