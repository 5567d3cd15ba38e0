#include "manifest/format.h"

#include <algorithm>
#include <string_view>

#include "manifest/format_layout.h"
#include "manifest/node.h"
#include "manifest/yaml.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// A layout that is not settled by now will never be.
constexpr int kMostRounds = 3;

std::string with_line_feeds(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string clean(text);
  std::erase(clean, '\r');
  if (!clean.empty() && clean.back() != '\n') clean += '\n';
  return clean;
}

std::optional<Node> read_text(const std::string& text) {
  Sources sources;
  Diagnostics unheard;
  const std::uint32_t file = sources.add("", text);
  auto node = read_yaml(sources, file, {}, unheard);
  return unheard.has_errors() ? std::nullopt : node;
}

bool means_the_same(const Node& left, const Node& right) {
  return left.type == right.type && left.text == right.text &&
         std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(),
                    means_the_same) &&
         std::equal(left.entries.begin(), left.entries.end(), right.entries.begin(),
                    right.entries.end(), [](const Entry& one, const Entry& other) {
                      return one.key == other.key && means_the_same(one.value, other.value);
                    });
}

/// The layout of a text, laid out until nothing moves any more; nothing when its meaning changes.
std::optional<std::string> settle(const Node& meaning, std::string text) {
  std::optional<Node> tree = read_text(text);
  for (int round = 0; round < kMostRounds && tree && means_the_same(meaning, *tree); ++round) {
    std::string next = lay_out(text, ScalarTexts(*tree));
    if (next == text) return text;
    text = std::move(next);
    tree = read_text(text);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> format_manifest(const Sources& sources, std::uint32_t file,
                                           Diagnostics& diagnostics) {
  Diagnostics mistakes;
  const auto tree = read_yaml(sources, file, {}, mistakes);
  for (const Diagnostic& mistake : mistakes.sorted()) diagnostics.add(mistake);
  if (!tree || mistakes.has_errors()) return std::nullopt;
  if (sources.name(file).ends_with(".json")) return sources.text(file);
  auto formatted = settle(*tree, with_line_feeds(sources.text(file)));
  if (formatted) return formatted;
  diagnostics.add({
      .rule = std::string(yaml_rule::kLayout),
      .message = "this file cannot be laid out without changing what it means",
      .hint = "write it in a plainer way: one key a line, texts in double quotes",
      .place = {.file = file, .line = 1, .column = 1},
  });
  return std::nullopt;
}

}  // namespace weir
