#include "manifest/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace weir {
namespace {

template <std::size_t Count>
bool is_one_of(std::string_view text, const std::array<std::string_view, Count>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool are_digits(std::string_view text, int base) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  const std::string_view digits = kDigits.substr(0, base == 16 ? 22 : static_cast<size_t>(base));
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                  text.begin());
}

/// "12", "12.", "12.5", ".5", each with an exponent or without; the sign is gone already.
bool is_decimal(std::string_view text) {
  const std::size_t whole = count_digits(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = count_digits(text);
    text.remove_prefix(fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  return are_digits(without_sign(text.substr(1)), 10);
}

/// Whether it is too large or too small for a double.
bool is_out_of_range(std::string_view text) {
  return number_document(text).is_string();
}

template <typename Integer>
bool read_integer(std::string_view text, int base, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

Document integer_document(std::string_view digits, int base) {
  std::int64_t value = 0;
  if (read_integer(digits, base, value)) return value;
  std::uint64_t large = 0;
  if (read_integer(digits, base, large)) return large;
  return nullptr;
}

}  // namespace

PlainScalar classify_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNulls = {"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> kBooleans = {"true",  "True",  "TRUE",
                                                         "false", "False", "FALSE"};
  constexpr std::array<std::string_view, 6> kNotFinite = {".inf", ".Inf", ".INF",
                                                          ".nan", ".NaN", ".NAN"};
  if (is_one_of(text, kNulls)) return PlainScalar::kNull;
  if (is_one_of(text, kBooleans)) return PlainScalar::kBoolean;
  const std::string_view magnitude = without_sign(text);
  if (is_one_of(magnitude, kNotFinite)) return PlainScalar::kNotFinite;
  const bool is_based = (text.starts_with("0x") && are_digits(text.substr(2), 16)) ||
                        (text.starts_with("0o") && are_digits(text.substr(2), 8));
  if (!is_based && !is_decimal(magnitude)) return PlainScalar::kText;
  if (!is_based && magnitude.size() > 1 && magnitude[0] == '0' && is_digit(magnitude[1])) {
    return PlainScalar::kLeadingZero;
  }
  return is_out_of_range(text) ? PlainScalar::kNotFinite : PlainScalar::kNumber;
}

Document number_document(std::string_view text) {
  Document integer;
  if (text.starts_with("0x")) {
    integer = integer_document(text.substr(2), 16);
  } else if (text.starts_with("0o")) {
    integer = integer_document(text.substr(2), 8);
  } else {
    integer = integer_document(text.starts_with('+') ? text.substr(1) : text, 10);
  }
  if (!integer.is_null()) return integer;
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_whole = end == digits.data() + digits.size();
  if (error != std::errc() || !is_whole || !std::isfinite(value)) return std::string(text);
  return value;
}

}  // namespace weir
