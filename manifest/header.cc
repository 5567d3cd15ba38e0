#include "manifest/header.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Takes what may stand there, once; false when it does not.
bool take(std::string_view& rest, std::string_view word) {
  if (!rest.starts_with(word)) return false;
  rest.remove_prefix(word.size());
  return true;
}

void take_any(std::string_view& rest, std::string_view characters) {
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(characters)));
}

bool is_header(std::string_view line, bool is_in_brackets) {
  if (is_in_brackets) take_any(line, " \t{,");
  take_any(line, "\"'");
  if (!take(line, "version")) return false;
  take_any(line, "\"'");
  take_any(line, kBlanks);
  if (!take(line, ":")) return false;
  take_any(line, kBlanks);
  take_any(line, "\"'");
  return line.starts_with("weir/");
}

}  // namespace

bool says_it_is_a_manifest(std::string_view text) {
  take(text, "\xEF\xBB\xBF");
  std::string_view first = text;
  take_any(first, " \t\r\n");
  const bool is_in_brackets = first.starts_with('{');
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (is_header(text.substr(0, end), is_in_brackets)) return true;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

bool looks_like_a_manifest(const Node& root) {
  constexpr std::array<std::string_view, 6> kOurs = {
      "projects", "environments", "variables", "instances", "outputs", "access_profiles"};
  return std::any_of(root.entries.begin(), root.entries.end(), [&](const Entry& entry) {
    return std::find(kOurs.begin(), kOurs.end(), entry.key) != kOurs.end();
  });
}

}  // namespace weir
