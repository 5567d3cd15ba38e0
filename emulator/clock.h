// The emulator's time: the machine's, or a virtual one that stands still until it is moved.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "emulator/store.h"
#include "emulator/time_values.h"

namespace emulator {

enum class ClockKind { kReal, kVirtual };

/// Answers what time it is for the service. A virtual clock survives restarts in the store.
class Clock {
 public:
  /// A virtual clock that the store does not know yet starts at `start`, or now.
  Clock(Store& store, ClockKind kind, std::optional<Instant> start = std::nullopt);
  /// A real clock that is read elsewhere than from the machine.
  Clock(Store& store, std::function<Instant()> machine);

  bool is_virtual() const { return kind_ == ClockKind::kVirtual; }
  Instant now() const;
  /// Moves a virtual clock; it never goes back.
  void advance(Duration length);
  /// The real moment at which this clock left `time` behind: what happened while a virtual clock
  /// stood still belongs to the time that it showed.
  std::chrono::system_clock::time_point real_time_of(Instant time) const;
  /// Forgets the moves that tell only about times before `oldest`.
  void forget_moves_before(Instant oldest);

 private:
  Store& store_;
  ClockKind kind_;
  Instant now_;
  std::function<Instant()> machine_;
};

}  // namespace emulator
