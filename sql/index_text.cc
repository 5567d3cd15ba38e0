#include "sql/index_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/digest.h"

namespace weir::sql {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kPlaceholder = "{table}";
constexpr std::size_t kDigits = 16;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Takes the next word off the front.
std::string take_word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  std::string small(word);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter | 0x20);
  }
  return small;
}

/// The text in front of and behind the placeholder's place.
struct Halves {
  bool is_unique = false;
  std::string_view definition = {};
};

std::string split(std::string_view text, Halves& halves) {
  if (take_word(text) != "create") return "it does not begin with create index";
  std::string word = take_word(text);
  if (word == "unique") {
    halves.is_unique = true;
    word = take_word(text);
  }
  if (word != "index") return "it does not begin with create index";
  word = take_word(text);
  if (word == "concurrently") {
    return "concurrently does not work within a transaction, in which weir makes it";
  }
  if (word != "on") return "weir names its indexes itself, so on {table} stands behind index";
  text = trimmed(text);
  if (!text.starts_with(kPlaceholder)) return "{table} does not stand behind on";
  text.remove_prefix(kPlaceholder.size());
  halves.definition = trimmed(text);
  return halves.definition.empty() ? "it does not say what it is on" : "";
}

/// Whether quotation marks and brackets close, and nothing stands there that could end the
/// statement or hide a part of it.
std::string problem_within(std::string_view definition) {
  constexpr std::array<std::string_view, 6> kRefused = {";", "--", "/*", "$", "\\", kPlaceholder};
  for (const std::string_view refused : kRefused) {
    if (definition.find(refused) != std::string_view::npos) {
      return fmt::format("it has {} in it, which weir does not take here", refused);
    }
  }
  constexpr std::string_view kBreaks = "\r\n";
  int depth = 0;
  char quote = '\0';
  for (const char letter : definition) {
    if (quote != '\0') {
      if (kBreaks.find(letter) != std::string_view::npos) return "a line ends within a quotation";
      if (letter == quote) quote = '\0';
    } else if (letter == '\'' || letter == '"') {
      quote = letter;
    } else if (letter == '(') {
      ++depth;
    } else if (letter == ')' && --depth < 0) {
      break;
    }
  }
  if (quote != '\0') return "a quotation mark is not closed";
  return depth == 0 ? "" : "its brackets do not match";
}

}  // namespace

std::string problem_with_index(std::string_view text) {
  Halves halves;
  const std::string problem = split(text, halves);
  return problem.empty() ? problem_within(halves.definition) : problem;
}

IndexText read_index(std::string_view text) {
  Halves halves;
  split(text, halves);
  std::string definition(halves.definition);
  // It is shown and sent as one line.
  std::ranges::replace_if(
      definition, [](char letter) { return kBlank.find(letter) != std::string_view::npos; }, ' ');
  return {.is_unique = halves.is_unique, .definition = std::move(definition)};
}

std::string own_index_name(const std::string& schema, const std::string& table,
                           const IndexText& text) {
  // No name has a NUL, so that no two wishes come to one text.
  std::string subject = schema;
  for (const std::string& part :
       {table, std::string(text.is_unique ? "unique" : ""), text.definition}) {
    subject += '\0';
    subject += part;
  }
  return std::string(kOwnIndexPrefix) + digest(subject).substr(0, kDigits);
}

bool is_own_index_name(std::string_view name) {
  if (!name.starts_with(kOwnIndexPrefix)) return false;
  name.remove_prefix(kOwnIndexPrefix.size());
  return name.size() == kDigits &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace weir::sql
