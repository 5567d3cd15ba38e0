#include "core/units.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// From the largest to the smallest, as texts are written.
constexpr std::array<Unit, 6> kUnits = {{{"w", 604'800 * kSecond},
                                         {"d", 86'400 * kSecond},
                                         {"h", 3'600 * kSecond},
                                         {"m", 60 * kSecond},
                                         {"s", kSecond},
                                         {"ms", 1'000'000}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A decimal number times `scale`, exactly; nothing when it does not fit or is no whole result.
std::optional<std::int64_t> scaled(std::string_view whole, std::string_view fraction,
                                   std::int64_t scale) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (parsed.ec != std::errc{} || value > kMost / scale) return std::nullopt;
  std::int64_t result = value * scale;
  std::int64_t part = scale;
  for (const char digit : fraction) {
    if (part % 10 != 0) return digit == '0' ? std::optional(result) : std::nullopt;
    part /= 10;
    const std::int64_t addend = (digit - '0') * part;
    if (result > kMost - addend) return std::nullopt;
    result += addend;
  }
  return result;
}

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

const Unit* take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length])) ++length;
  for (const Unit& unit : kUnits) {
    if (text.substr(0, length) != unit.name) continue;
    text.remove_prefix(length);
    return &unit;
  }
  return nullptr;
}

/// ".5", ".500000" …: as few of 3, 6 or 9 digits as show everything, or nothing.
std::string fraction_text(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "";
  if (nanoseconds % 1'000'000 == 0) return fmt::format(".{:03}", nanoseconds / 1'000'000);
  if (nanoseconds % 1'000 == 0) return fmt::format(".{:06}", nanoseconds / 1'000);
  return fmt::format(".{:09}", nanoseconds);
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "HH:MM" as minutes.
std::optional<int> clock_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = number(text.substr(0, 2));
  const auto minutes = number(text.substr(3, 2));
  if (!hours || !minutes || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59) {
    return std::nullopt;
  }
  return *hours * 60 + *minutes;
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const auto minutes = clock_minutes(text.substr(1));
  if (!minutes) return std::nullopt;
  return std::chrono::minutes(text.front() == '-' ? -*minutes : *minutes);
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day || *year < 1678 || *year > 2261 || *month < 1 || *day < 1) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  unsigned seen = 0;
  while (!text.empty()) {
    const std::string_view whole = take_digits(text);
    std::string_view fraction;
    if (!whole.empty() && text.starts_with('.')) {
      text.remove_prefix(1);
      fraction = take_digits(text);
      if (fraction.empty()) return std::nullopt;
    }
    const Unit* unit = whole.empty() ? nullptr : take_unit(text);
    if (unit == nullptr) return std::nullopt;
    const unsigned bit = 1U << static_cast<unsigned>(unit - kUnits.data());
    const auto part = scaled(whole, fraction, unit->nanoseconds);
    if ((seen & bit) != 0 || !part || *part > std::numeric_limits<std::int64_t>::max() - total) {
      return std::nullopt;
    }
    seen |= bit;
    total += *part;
  }
  return Duration(total);
}

std::string duration_text(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  for (const Unit& unit : kUnits) {
    if (unit.name == "w") continue;  // a number of days is read more easily
    const std::int64_t count = rest / unit.nanoseconds;
    rest %= unit.nanoseconds;
    if (count > 0) text += fmt::format("{}{}", count, unit.name);
  }
  // What is shorter than a millisecond is nobody's wish; it is shown in the API's form.
  return rest == 0 ? text : wire_duration(duration);
}

std::string wire_duration(Duration duration) {
  const std::int64_t all = duration.count();
  const std::int64_t seconds = all / kSecond;
  const std::int64_t rest = all % kSecond;
  const std::string sign = all < 0 && seconds == 0 ? "-" : "";
  return fmt::format("{}{}{}s", sign, seconds, fraction_text(rest < 0 ? -rest : rest));
}

std::string rough_duration(Duration duration) {
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  const std::int64_t days = hours / 24;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (hours < 24 && minutes % 60 == 0) return fmt::format("{} h", hours);
  if (hours < 24) return fmt::format("{} h {} min", hours, minutes % 60);
  if (hours % 24 == 0 || days > 30) return fmt::format("{} d", days);
  return fmt::format("{} d {} h", days, hours % 24);
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto minutes = clock_minutes(text.substr(11, 5));
  const auto seconds = number(text.substr(17, 2));
  if (!date || !minutes || text[16] != ':' || !seconds || *seconds < 0 || *seconds > 59) {
    return std::nullopt;
  }
  text.remove_prefix(19);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty() || fraction.size() > 9) return std::nullopt;
  }
  const auto offset = parse_offset(text);
  if (!offset) return std::nullopt;
  const auto nanoseconds = scaled("0", fraction, kSecond);
  return Instant(*date) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds) +
         Duration(nanoseconds.value_or(0)) - *offset;
}

std::string timestamp_text(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const auto time = instant - days;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     seconds / 3600, seconds / 60 % 60, seconds % 60,
                     fraction_text(time.count() % kSecond));
}

}  // namespace weir
