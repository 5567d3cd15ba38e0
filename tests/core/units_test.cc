#include "core/units.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct DurationCase {
  const char* written;
  Duration means;
  const char* shown;
  const char* wire;
};

TEST(Duration, IsReadAndWrittenAsPeopleAndAsTheServiceDo) {
  const DurationCase cases[] = {
      {"7d", hours(168), "7d", "604800s"},
      {"1w", hours(168), "7d", "604800s"},
      {"604800s", hours(168), "7d", "604800s"},
      {"1h30m", seconds(5400), "1h30m", "5400s"},
      {"30m1h", seconds(5400), "1h30m", "5400s"},
      {"1.5h", seconds(5400), "1h30m", "5400s"},
      {"90s", seconds(90), "1m30s", "90s"},
      {"500ms", milliseconds(500), "500ms", "0.500s"},
      {"1.5s", milliseconds(1500), "1s500ms", "1.500s"},
      {"0s", seconds(0), "0s", "0s"},
      {"0.000000001s", Duration(1), "0.000000001s", "0.000000001s"},
  };
  for (const DurationCase& one : cases) {
    const auto read = parse_duration(one.written);
    ASSERT_TRUE(read) << one.written;
    EXPECT_EQ(read->count(), one.means.count()) << one.written;
    EXPECT_EQ(duration_text(*read), one.shown) << one.written;
    EXPECT_EQ(wire_duration(*read), one.wire) << one.written;
  }
}

TEST(Duration, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "7", "d", "7 days", "7d ", " 7d", "-7d", "7d7d", "1.h", ".5h", "7D",
                           "1e3s", "99999999999999999999s", "400000d", "0.0000000001s", "7dd"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, IsShownRoughlyForPeople) {
  EXPECT_EQ(rough_duration(seconds(45)), "45 s");
  EXPECT_EQ(rough_duration(seconds(600)), "10 min");
  EXPECT_EQ(rough_duration(hours(2)), "2 h");
  EXPECT_EQ(rough_duration(seconds(7500)), "2 h 5 min");
  EXPECT_EQ(rough_duration(hours(148)), "6 d 4 h");
  EXPECT_EQ(rough_duration(hours(168)), "7 d");
}

TEST(Timestamp, IsWrittenInUtcWithAsManyDigitsAsNeeded) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-08-20T12:00:00Z", "2026-08-20T12:00:00Z"},
      {"2026-08-20T14:00:00+02:00", "2026-08-20T12:00:00Z"},
      {"2026-08-20T12:00:00.5Z", "2026-08-20T12:00:00.500Z"},
      {"2026-08-20T12:00:00.000001Z", "2026-08-20T12:00:00.000001Z"},
      {"2026-08-20T12:00:00.123456789z", "2026-08-20T12:00:00.123456789Z"},
      {"2024-02-29T23:59:59-00:30", "2024-03-01T00:29:59Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
  };
  for (const auto& [written, shown] : cases) {
    const auto read = parse_timestamp(written);
    ASSERT_TRUE(read) << written;
    EXPECT_EQ(timestamp_text(*read), shown);
  }
}

TEST(Timestamp, IsNotReadFromAnythingElse) {
  for (const char* text :
       {"", "2026-08-20", "2026-08-20T12:00:00", "2026-08-20 12:00:00Z", "2026-13-20T12:00:00Z",
        "2026-02-29T12:00:00Z", "2026-08-20T24:00:00Z", "2026-08-20T12:60:00Z",
        "2026-08-20T12:00:60Z", "2026-08-20T12:00:00.Z", "2026-08-20T12:00:00.1234567890Z",
        "2026-08-20T12:00:00+2:00", "2026-08-20T12:00:00Zx", "1600-01-01T00:00:00Z",
        "2300-01-01T00:00:00Z", "2026-08-2aT12:00:00Z"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace weir
