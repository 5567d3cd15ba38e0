#include "emulator/time_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace emulator {
namespace {

constexpr std::int32_t kBillion = 1'000'000'000;
constexpr std::int64_t kLongestDuration = 315'576'000'000;  // protobuf's bound, in seconds

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes exactly `count` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count ||
      !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count), is_digit)) {
    return std::nullopt;
  }
  int value = 0;
  std::from_chars(text.data(), text.data() + count, value);
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes 1 to 9 digits as a fraction of a second.
std::optional<std::int32_t> take_fraction(std::string_view& text) {
  std::int32_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 10 && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > 9) return std::nullopt;
  std::from_chars(text.data(), text.data() + digits, value);
  for (std::size_t i = digits; i < 9; ++i) value *= 10;
  text.remove_prefix(digits);
  return value;
}

/// 0, 3, 6 or 9 digits, as protobuf prints them.
std::string fraction_text(std::int32_t nanoseconds) {
  if (nanoseconds == 0) return "";
  if (nanoseconds % 1'000'000 == 0) return fmt::format(".{:03}", nanoseconds / 1'000'000);
  if (nanoseconds % 1'000 == 0) return fmt::format(".{:06}", nanoseconds / 1'000);
  return fmt::format(".{:09}", nanoseconds);
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * std::int64_t{86'400};
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  return *hour * 3'600 + *minute * 60 + *second;
}

/// "Z" or "+02:00", as seconds east of UTC; must end the text.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return text.empty() ? std::optional{0} : std::nullopt;
  const bool is_west = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  const std::int64_t offset = *hours * 3'600 + *minutes * 60;
  return is_west ? -offset : offset;
}

}  // namespace

Instant operator+(Instant start, Duration length) {
  std::int64_t nanoseconds = std::int64_t{start.nanoseconds} + length.nanoseconds;
  std::int64_t seconds = start.seconds + length.seconds;
  if (nanoseconds < 0) {
    nanoseconds += kBillion;
    --seconds;
  } else if (nanoseconds >= kBillion) {
    nanoseconds -= kBillion;
    ++seconds;
  }
  return {seconds, static_cast<std::int32_t>(nanoseconds)};
}

Instant operator-(Instant end, Duration length) {
  return end + Duration{-length.seconds, -length.nanoseconds};
}

Duration operator-(Instant end, Instant start) {
  std::int64_t seconds = end.seconds - start.seconds;
  std::int32_t nanoseconds = end.nanoseconds - start.nanoseconds;
  if (seconds > 0 && nanoseconds < 0) {
    --seconds;
    nanoseconds += kBillion;
  } else if (seconds < 0 && nanoseconds > 0) {
    ++seconds;
    nanoseconds -= kBillion;
  }
  return {seconds, nanoseconds};
}

std::optional<Duration> parse_duration(std::string_view text) {
  const bool is_negative = take(text, '-');
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 12) return std::nullopt;
  Duration result;
  std::from_chars(text.data(), text.data() + digits, result.seconds);
  text.remove_prefix(digits);
  if (take(text, '.')) {
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    result.nanoseconds = *fraction;
  }
  if (text != "s" || result.seconds > kLongestDuration) return std::nullopt;
  if (is_negative) result = {-result.seconds, -result.nanoseconds};
  return result;
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  const auto date = take_date(text);
  if (!date || (!take(text, 'T') && !take(text, 't'))) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  std::int32_t nanoseconds = 0;
  if (take(text, '.')) {
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    nanoseconds = *fraction;
  }
  const auto offset = take_offset(text);
  if (!offset) return std::nullopt;
  return Instant{*date + *clock - *offset, nanoseconds};
}

std::string to_text(Duration duration) {
  const bool is_negative = duration < Duration{};
  return fmt::format("{}{}{}s", is_negative ? "-" : "", std::abs(duration.seconds),
                     fraction_text(std::abs(duration.nanoseconds)));
}

std::string to_text(Instant instant) {
  const std::chrono::sys_seconds seconds{std::chrono::seconds{instant.seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{seconds - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fraction_text(instant.nanoseconds));
}

Instant to_instant(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds);
  return {seconds.time_since_epoch().count(), static_cast<std::int32_t>(rest.count())};
}

std::chrono::system_clock::time_point to_system_time(Instant instant) {
  return std::chrono::system_clock::time_point{std::chrono::seconds{instant.seconds} +
                                               std::chrono::nanoseconds{instant.nanoseconds}};
}

std::chrono::nanoseconds to_nanoseconds(Duration duration) {
  return std::chrono::seconds{duration.seconds} + std::chrono::nanoseconds{duration.nanoseconds};
}

}  // namespace emulator
