#include "emulator/clock.h"

#include <gtest/gtest.h>

namespace emulator {
namespace {

const Instant kNoon = parse_timestamp("2026-08-20T12:00:00Z").value();

TEST(VirtualClock, StandsStillUntilItIsMoved) {
  Store store(":memory:");
  Clock clock(store, ClockKind::kVirtual, kNoon);
  EXPECT_EQ(clock.now(), kNoon);
  clock.advance({3600, 0});
  EXPECT_EQ(to_text(clock.now()), "2026-08-20T13:00:00Z");
}

TEST(VirtualClock, KeepsItsTimeInTheStore) {
  Store store(":memory:");
  Clock(store, ClockKind::kVirtual, kNoon).advance({60, 0});
  EXPECT_EQ(to_text(Clock(store, ClockKind::kVirtual).now()), "2026-08-20T12:01:00Z");
}

TEST(VirtualClock, KnowsTheRealMomentAtWhichItLeftATime) {
  Store store(":memory:");
  Clock clock(store, ClockKind::kVirtual, kNoon);
  clock.advance({60, 0});
  const auto left_noon = std::chrono::system_clock::now();
  clock.advance({3540, 0});
  const auto left_first_minute = std::chrono::system_clock::now();
  const auto of_noon = clock.real_time_of(kNoon + Duration{30, 0});
  const auto of_half_past = clock.real_time_of(kNoon + Duration{1800, 0});
  EXPECT_LE(of_noon, left_noon);
  EXPECT_GE(of_half_past, left_noon);
  EXPECT_LE(of_half_past, left_first_minute);
  EXPECT_GE(clock.real_time_of(clock.now()), left_first_minute);
}

TEST(VirtualClock, ForgetsTheMovesThatTellOnlyOfOlderTimes) {
  Store store(":memory:");
  Clock clock(store, ClockKind::kVirtual, kNoon);
  for (int i = 0; i < 4; ++i) clock.advance({3600, 500'000'000});
  const auto before = clock.real_time_of(kNoon + Duration{9000, 0});
  clock.forget_moves_before(kNoon + Duration{9000, 0});
  EXPECT_EQ(store.facts("clock/move/").size(), 2U);
  EXPECT_EQ(clock.real_time_of(kNoon + Duration{9000, 0}), before);
}

}  // namespace
}  // namespace emulator
