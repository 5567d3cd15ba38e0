#include "engine/pace.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// When an operation of a length is seen to be over, if it is alone.
Duration seen_after(Duration length) {
  Duration age = {};
  while (age < length) age += poll_delay(age, 1, 100'000);
  return age;
}

/// How often an operation of a length is asked about, if it is alone.
int looks_until(Duration length) {
  int looks = 0;
  for (Duration age = {}; age < length; age += poll_delay(age, 1, 100'000)) ++looks;
  return looks;
}

TEST(Pace, AddsLittleToOperationsThatTakeLong) {
  for (const Duration length : {Duration(seconds(10)), Duration(seconds(30))}) {
    Duration added = {};
    Duration worked = {};
    for (Duration shift = {}; shift < seconds(5); shift += milliseconds(50)) {
      added += seen_after(length + shift) - (length + shift);
      worked += length + shift;
    }
    EXPECT_LE(added, worked / 20) << length.count();
  }
}

TEST(Pace, AddsLittleToTheWorstLengthAsWell) {
  for (Duration length = seconds(10); length < seconds(250); length += milliseconds(70)) {
    EXPECT_LE(seen_after(length) - length, length / 24) << length.count();
  }
}

TEST(Pace, AsksSeldomEnough) {
  EXPECT_EQ(looks_until(seconds(1)), 13);
  EXPECT_EQ(looks_until(seconds(10)), 57);
  EXPECT_EQ(looks_until(seconds(30)), 85);
  EXPECT_EQ(looks_until(std::chrono::minutes(5)), 144);
  EXPECT_EQ(looks_until(std::chrono::hours(1)), 474);
}

TEST(Pace, SeesAtOnceWhatTakesNoTime) {
  EXPECT_LE(seen_after(milliseconds(1)), milliseconds(2));
  EXPECT_LE(seen_after(milliseconds(100)), milliseconds(200));
}

TEST(Pace, AsksNoMoreThanItMay) {
  EXPECT_EQ(poll_delay(seconds(1), 100, 10), seconds(10));
  EXPECT_EQ(poll_delay(seconds(1), 1, 10), milliseconds(150));
  EXPECT_EQ(poll_delay(std::chrono::hours(1), 1, 10), seconds(10));
}

TEST(Pace, WaitsLongerAfterEachMiss) {
  EXPECT_EQ(retry_delay(1, 1), milliseconds(250));
  EXPECT_EQ(retry_delay(3, 1), seconds(1));
  EXPECT_EQ(retry_delay(3, 0), milliseconds(500));
  EXPECT_EQ(retry_delay(1000, 1), seconds(20));
}

}  // namespace
}  // namespace weir
