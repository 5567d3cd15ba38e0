#include "sql/quote.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace weir::sql {
namespace {

using CodePoint = char32_t;

struct Decoded {
  CodePoint point = 0;
  std::size_t length = 0;  ///< 0: these bytes are no character
};

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// The character at the start of a text that is not empty; overlong forms and surrogates are none.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  CodePoint point = first & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at) {
    if (!is_continuation(byte(at))) return {};
    point = (point << 6U) | (byte(at) & 0x3FU);
  }
  constexpr CodePoint kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest[length] || is_surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

std::optional<std::vector<CodePoint>> characters_of(std::string_view text) {
  std::vector<CodePoint> points;
  points.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    if (decoded.length == 0) return std::nullopt;
    points.push_back(decoded.point);
    text.remove_prefix(decoded.length);
  }
  return points;
}

bool is_control(CodePoint point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/// Characters that a reader of the plan would not see, or that move others.
bool is_invisible(CodePoint point) {
  const auto between = [&](CodePoint low, CodePoint high) { return point >= low && point <= high; };
  return is_control(point) || point == 0xAD || point == 0x61C || point == 0xFEFF ||
         between(0x200B, 0x200F) || between(0x2028, 0x202E) || between(0x2060, 0x206F);
}

bool has_invisible(std::string_view text) {
  const auto points = characters_of(text);
  if (!points) return true;
  for (const CodePoint point : *points) {
    if (is_invisible(point)) return true;
  }
  return false;
}

/// The body of U&"…": quotation marks doubled, the backslash and what is invisible escaped.
std::string escaped_name(std::string_view name) {
  std::string result;
  while (!name.empty()) {
    const Decoded decoded = decode(name);
    if (is_invisible(decoded.point)) {
      result += fmt::format("\\{:04X}", static_cast<unsigned>(decoded.point));
    } else if (name.front() == '\\') {
      result += "\\\\";
    } else if (name.front() == '"') {
      result += "\"\"";
    } else {
      result += name.substr(0, decoded.length);
    }
    name.remove_prefix(decoded.length);
  }
  return result;
}

}  // namespace

std::string problem_with_name(std::string_view name) {
  if (name.empty()) return "a name cannot be empty";
  if (name.size() > kLongestName) {
    return fmt::format("\"{}\" has {} bytes, and PostgreSQL keeps {}", shown_name(name),
                       name.size(), kLongestName);
  }
  if (!characters_of(name)) return fmt::format("\"{}\" is not UTF-8", shown_name(name));
  if (has_control_character(name)) {
    return fmt::format("\"{}\" has a control character", shown_name(name));
  }
  return "";
}

bool has_control_character(std::string_view text) {
  const auto points = characters_of(text);
  return points && std::ranges::any_of(*points, is_control);
}

std::string quoted_name(std::string_view name) {
  const bool is_possible = !name.empty() && name.size() <= kLongestName &&
                           name.find('\0') == std::string_view::npos &&
                           characters_of(name).has_value();
  if (!is_possible) throw QuoteError("this cannot be a name: " + shown_name(name));
  if (has_invisible(name)) return "U&\"" + escaped_name(name) + "\"";
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string quoted_name(std::string_view schema, std::string_view name) {
  return quoted_name(schema) + "." + quoted_name(name);
}

std::string quoted_literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || !characters_of(text)) {
    throw QuoteError("this cannot be a literal: " + shown_name(text));
  }
  const bool has_escapes = text.find('\\') != std::string_view::npos || has_invisible(text);
  std::string result = has_escapes ? "E'" : "'";
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    if (is_invisible(decoded.point)) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(decoded.point));
    } else {
      if (text.front() == '\'' || text.front() == '\\') result += text.front();
      result += text.substr(0, decoded.length);
    }
    text.remove_prefix(decoded.length);
  }
  return result + '\'';
}

std::string shown_name(std::string_view name) {
  if (!has_invisible(name)) return std::string(name);
  std::string result;
  while (!name.empty()) {
    const Decoded decoded = decode(name);
    if (decoded.length == 0) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(name.front()));
    } else if (is_invisible(decoded.point)) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(decoded.point));
    } else {
      result += name.substr(0, decoded.length);
    }
    name.remove_prefix(decoded.length == 0 ? 1 : decoded.length);
  }
  return result;
}

}  // namespace weir::sql
