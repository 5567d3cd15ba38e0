#include "emulator/latency.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(HumanDurations, HaveLessThanASecondOfNanoseconds) {
  EXPECT_EQ(parse_human_duration("1.5s"), (Duration{1, 500'000'000}));
  EXPECT_EQ(parse_human_duration("250ms"), (Duration{0, 250'000'000}));
  EXPECT_EQ(parse_human_duration("2h"), (Duration{7'200, 0}));
  // In binary 0.7 days end a little before a whole second.
  EXPECT_EQ(parse_human_duration(".7d"), (Duration{60'480, 0}));
}

TEST(HumanDurations, RefuseWhatIsNoLengthOfTime) {
  for (const char* text : {"", "1", "s", "-1s", "1y", "1e10s", "nans", "infs"}) {
    EXPECT_THROW(parse_human_duration(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace emulator
