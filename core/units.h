// Times as people write them and as the API does.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

/// "7d", "1h30m", "1.5h", "500ms", "604800s": units ms, s, m, h, d, w in any order, each once.
/// Nothing when malformed, negative or over 292 years.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact form, "7d" or "1h30m"; "0s" for nothing.
std::string duration_text(Duration duration);
/// The API's form: seconds with 0, 3, 6 or 9 digits of fraction, "604800s".
std::string wire_duration(Duration duration);
/// About how long, for people: "6 d 4 h", "3 min".
std::string rough_duration(Duration duration);

/// RFC 3339 with any offset and up to nine digits of fraction, in the years 1678 to 2261.
std::optional<Instant> parse_timestamp(std::string_view text);
/// RFC 3339 in UTC with as many of 0, 3, 6 or 9 digits of fraction as are needed.
std::string timestamp_text(Instant instant);

}  // namespace weir
