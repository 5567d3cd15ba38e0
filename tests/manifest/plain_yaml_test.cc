#include "manifest/plain_yaml.h"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/file_text.h"
#include "manifest/yaml_guard.h"

namespace weir {
namespace {

bool is_plain(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const YamlLimits limits;
  const YamlReading reading(sources, sources.add("weir.yaml", text), limits, diagnostics);
  return !guard_yaml(reading.text(), limits) && is_plain_yaml(reading);
}

std::string place_text(const Place& place) {
  return fmt::format("{}:{}", place.line, place.column);
}

/// All of a tree, places included.
std::string tree_text(const Node& node) {
  std::string text = fmt::format("{}{}@{} {}", static_cast<int>(node.type),
                                 node.is_quoted ? "\"" : "", place_text(node.place), node.text);
  for (const Node& item : node.items) text += "[" + tree_text(item) + "]";
  for (const Entry& entry : node.entries) {
    text += "{" + entry.key + "@" + place_text(entry.place) + " " + tree_text(entry.value) + "}";
  }
  return text;
}

std::string read(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto root = read_yaml(sources, sources.add("weir.yaml", text), {}, diagnostics);
  std::string outcome = root ? tree_text(*root) : "nothing";
  for (const Diagnostic& one : diagnostics.sorted()) {
    outcome += fmt::format("\n{} {} {}", place_text(one.place), one.rule, one.message);
  }
  return outcome;
}

/// A tab keeps the same text from being plain.
std::string read_by_library(const std::string& text) {
  return read(text + "\n#\t\n");
}

TEST(PlainYaml, IsReadAsTheLibraryReadsIt) {
  const std::string cases[] = {
      "a: 1",
      "a: 1\nb: true\n",
      "# first\n\na:   x y  # last\n\n  # and more\nb: c#d\n",
      "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n",
      "a:\n- 1\n- b\nc:\n  - d: 1\n    e: 2\n  - f: 3\n",
      "- - 1\n  - 2\n-\n  - 3\n- a: b\n",
      "- a:\n  - 1\n  b: 2\n",
      "a: {}\nb: []\nc: { d: 1, e: [x, \"y z\", { f: 'g' }] }\nh: [1, ]\ni: {j: k,}\n",
      "\"a b\": \"c: d # e\"\n'f': 'say \"x\"'\n",
      "a: null\nb: ~\nc: \"null\"\n~: d\n",
      "a: 1\na: 2\n<<: 3\n",
      "a: 007\nb: 1e999\nc: -1\nd: .inf\n",
      "a: ${var.x}/y:z, [b] {c} 'd' \"e\"\nb: (x)\n",
      "größe: ä  # —\nä: [a]\n",
      "a: { b: it's, c: x@example.com }\n",
  };
  for (const std::string& text : cases) {
    EXPECT_TRUE(is_plain(text)) << text;
    EXPECT_EQ(read(text), read_by_library(text)) << text;
  }
}

TEST(PlainYaml, LeavesTheRestToTheLibrary) {
  const std::string cases[] = {
      "",
      "a",
      "a:",
      "a:\nb: 1\n",
      "a:\n  b\n",
      "a: b\n  c\n",
      "a: \"b\\n\"",
      "a: \"b\n  c\"",
      "a: 'it''s'",
      "a: &x 1\nb: *x\n",
      "a: !t 1",
      "a: |\n  b\n",
      "a:\tb",
      "a: b\r\n",
      "---\na: b\n",
      " a: b\n",
      "a:\n    b: 1\n  c: 2\n",
      "- a\nb: c\n",
      "a: b\n- c\n",
      "a: {b}",
      "a: { b: }",
      "a: { b: c?d }",
      "a: [b: c]",
      "a: [b,\n  c]\n",
      "a : b",
      "[a]: b",
      "? a\n: b\n",
      "*a : b",
      "a: b: c",
      "a: {b: c} d",
  };
  for (const std::string& text : cases) EXPECT_FALSE(is_plain(text)) << text;
}

TEST(PlainYaml, MakesNoDifferenceToWhatIsKept) {
  std::size_t plain = 0;
  for (const char* folder : {MISTAKES_FOLDER, RULES_FOLDER, INSIDE_FOLDER, EXAMPLES_FOLDER}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = read_file_text(entry.path(), std::size_t{1} << 20U).text;
      if (!is_plain(text)) continue;
      ++plain;
      EXPECT_EQ(read(text), read_by_library(text)) << entry.path();
    }
  }
  EXPECT_GT(plain, 5U);
}

}  // namespace
}  // namespace weir
