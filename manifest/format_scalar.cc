#include "manifest/format_scalar.h"

#include <algorithm>
#include <array>

#include "core/document.h"
#include "manifest/yaml_text.h"

namespace weir {
namespace {

std::uint64_t key_of(std::size_t line, std::size_t column) {
  return std::uint64_t{line} << 32U | column;
}

/// Readers of YAML 1.1 take these words for booleans.
bool is_old_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"y", "n", "yes", "no", "on", "off"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

bool needs_no_quotes(const std::string& text) {
  const bool begins_as_word =
      !text.empty() && (text[0] == '_' || text[0] == '/' || (text[0] >= 'a' && text[0] <= 'z') ||
                        (text[0] >= 'A' && text[0] <= 'Z'));
  return begins_as_word && !is_old_boolean(text) && yaml_scalar(text) == text;
}

}  // namespace

const std::string* ScalarTexts::find(const YamlToken& begin) const {
  const auto found = texts_.find(key_of(begin.line + 1, begin.column + 1));
  return found == texts_.end() ? nullptr : found->second;
}

void ScalarTexts::add(const Node& node) {
  if (node.is_text()) add(node.place, node.text);
  for (const Node& item : node.items) add(item);
  for (const Entry& entry : node.entries) {
    add(entry.place, entry.key);
    add(entry.value);
  }
}

void ScalarTexts::add(const Place& place, const std::string& text) {
  texts_.emplace(key_of(place.line, place.column), &text);
}

std::string scalar_on_line(std::string_view written, const std::string* text) {
  const bool is_quoted = written.starts_with('"') || written.starts_with('\'');
  const bool has_lines = written.find('\n') != std::string_view::npos;
  if (text == nullptr || (!is_quoted && !has_lines)) return std::string(written);
  if (needs_no_quotes(*text)) return *text;
  if (has_lines) return to_text(Document(*text));
  if (written.starts_with('"')) return std::string(written);
  const bool needs_escapes = text->find_first_of("\"\\\t") != std::string::npos;
  return needs_escapes ? std::string(written) : '"' + *text + '"';
}

}  // namespace weir
