#include "sql/setting_value.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace weir::sql {
namespace {

/// Those that PostgreSQL marks as lists of names in quotation marks.
constexpr std::array<std::string_view, 5> kLists = {
    "search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries",
    "shared_preload_libraries"};

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// An element as PostgreSQL reads it: what is in no quotation marks loses its capitals.
std::string element_of(std::string_view text) {
  text = trimmed(text);
  std::string result;
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '"') {
      result += is_quoted ? text[at] : lower(text[at]);
    } else if (is_quoted && at + 1 < text.size() && text[at + 1] == '"') {
      result += text[at++];
    } else {
      is_quoted = !is_quoted;
    }
  }
  return result;
}

}  // namespace

bool same_setting_name(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::vector<std::string> setting_elements(std::string_view name, std::string_view value) {
  const bool is_list = std::find(kLists.begin(), kLists.end(), name) != kLists.end();
  if (!is_list || trimmed(value).empty()) return {std::string(value)};
  std::vector<std::string> elements;
  std::size_t start = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    if (at < value.size() && value[at] == '"') is_quoted = !is_quoted;
    const bool is_end = at == value.size() || (value[at] == ',' && !is_quoted);
    if (!is_end) continue;
    elements.push_back(element_of(value.substr(start, at - start)));
    start = at + 1;
  }
  return elements;
}

bool same_setting_value(std::string_view name, std::string_view one, std::string_view other) {
  return setting_elements(name, one) == setting_elements(name, other);
}

}  // namespace weir::sql
