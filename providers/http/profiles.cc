#include "providers/http/profiles.h"

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t start = text.find_first_not_of(kSpaces);
  if (start == std::string_view::npos) return "";
  return text.substr(start, text.find_last_not_of(kSpaces) - start + 1);
}

/// Cuts off a comment. It needs a space before its sign, because passwords may have one.
std::string_view without_comment(std::string_view line) {
  for (std::size_t place = line.find('#'); place != std::string_view::npos;
       place = line.find('#', place + 1)) {
    if (place == 0 || line[place - 1] == ' ' || line[place - 1] == '\t') {
      return line.substr(0, place);
    }
  }
  return line;
}

}  // namespace

Profiles parse_profiles(std::string_view text, std::string_view file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Profiles profiles;
  std::string section = "DEFAULT";
  const auto refuse = [&](int number, std::string_view expected) {
    throw ConfigurationError(fmt::format("{}:{}: expected {}", file, number, expected));
  };
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(without_comment(trimmed(text.substr(0, end))));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']' || line.size() < 3) refuse(number, "a section such as [prod]");
      section = trimmed(line.substr(1, line.size() - 2));
      profiles[section];
      continue;
    }
    // Other readers of this file take a colon as well.
    const std::size_t equals = line.find_first_of("=:");
    const std::string key(trimmed(line.substr(0, equals)));
    if (equals == std::string_view::npos || key.empty()) refuse(number, "`key = value`");
    profiles[section].insert_or_assign(key, Secret(std::string(trimmed(line.substr(equals + 1)))));
  }
  return profiles;
}

}  // namespace weir::http
