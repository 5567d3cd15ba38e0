// Durations and timestamps in the service's JSON form: "86400s" and RFC 3339 in UTC.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// A protobuf duration; both parts carry the same sign.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  auto operator<=>(const Duration&) const = default;
};

/// Time since 1970 in UTC; nanoseconds are never negative.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  auto operator<=>(const Instant&) const = default;
};

Instant operator+(Instant start, Duration length);
Instant operator-(Instant end, Duration length);
Duration operator-(Instant end, Instant start);

/// "1.5s", with 0 to 9 fraction digits and an optional sign; nothing for any other text.
std::optional<Duration> parse_duration(std::string_view text);
/// RFC 3339 with `Z` or an offset; nothing for any other text.
std::optional<Instant> parse_timestamp(std::string_view text);

std::string to_text(Duration duration);
std::string to_text(Instant instant);

Instant to_instant(std::chrono::system_clock::time_point time);
std::chrono::system_clock::time_point to_system_time(Instant instant);
std::chrono::nanoseconds to_nanoseconds(Duration duration);

}  // namespace emulator
