#include "emulator/time_values.h"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct Text {
  const char* written;
  const char* printed;  ///< null when it must be refused
};

TEST(Durations, AreReadAndPrintedAsProtobufDoes) {
  const Text cases[] = {
      {"0s", "0s"},
      {"86400s", "86400s"},
      {"1.5s", "1.500s"},
      {"1.000001s", "1.000001s"},
      {"0.000000001s", "0.000000001s"},
      {"-1.5s", "-1.500s"},
      {"315576000000s", "315576000000s"},
      {"315576000001s", nullptr},
      {"5m", nullptr},
      {"1", nullptr},
      {"s", nullptr},
      {".5s", nullptr},
      {"1.s", nullptr},
      {"1.0000000001s", nullptr},
      {"1 s", nullptr},
      {"+1s", nullptr},
      {"", nullptr},
  };
  for (const Text& text : cases) {
    const auto duration = parse_duration(text.written);
    EXPECT_EQ(duration.has_value(), text.printed != nullptr) << text.written;
    if (!duration || text.printed == nullptr) continue;
    EXPECT_EQ(to_text(*duration), text.printed);
  }
}

TEST(Timestamps, AreReadWithOffsetsAndPrintedInUtc) {
  const Text cases[] = {
      {"2026-08-20T12:00:00Z", "2026-08-20T12:00:00Z"},
      {"2026-08-20t12:00:00z", "2026-08-20T12:00:00Z"},
      {"2026-08-20T14:00:00+02:00", "2026-08-20T12:00:00Z"},
      {"2026-08-20T12:00:00.25Z", "2026-08-20T12:00:00.250Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
      {"2026-02-29T00:00:00Z", nullptr},
      {"2026-08-20T24:00:00Z", nullptr},
      {"2026-08-20T12:00:00", nullptr},
      {"2026-08-20 12:00:00Z", nullptr},
      {"2026-08-20T12:00:00.Z", nullptr},
      {"2026-08-20T12:00:00Zx", nullptr},
      {"2026-08-20T12:00:00+25:00", nullptr},
      {"26-08-20T12:00:00Z", nullptr},
  };
  for (const Text& text : cases) {
    const auto instant = parse_timestamp(text.written);
    EXPECT_EQ(instant.has_value(), text.printed != nullptr) << text.written;
    if (!instant || text.printed == nullptr) continue;
    EXPECT_EQ(to_text(*instant), text.printed);
  }
}

TEST(TimeValues, AddAndSubtractAcrossSeconds) {
  const Instant start{10, 900'000'000};
  const Duration length{1, 200'000'000};
  EXPECT_EQ(start + length, (Instant{12, 100'000'000}));
  EXPECT_EQ((start + length) - length, start);
  EXPECT_EQ((Instant{12, 100'000'000}) - start, length);
  EXPECT_EQ(start - (Instant{12, 100'000'000}), (Duration{-1, -200'000'000}));
}

}  // namespace
}  // namespace emulator
