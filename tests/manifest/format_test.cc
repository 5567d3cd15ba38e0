#include "manifest/format.h"

#include <random>

#include <gtest/gtest.h>

#include "manifest/yaml.h"

namespace weir {
namespace {

struct Outcome {
  std::optional<std::string> text;
  std::string rules;
};

Outcome format(const std::string& text, const std::string& name = "weir.yaml") {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add(name, text);
  Outcome outcome;
  outcome.text = format_manifest(sources, file, diagnostics);
  for (const Diagnostic& one : diagnostics.sorted()) outcome.rules += one.rule;
  return outcome;
}

std::string meaning(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", text);
  const auto node = read_yaml(sources, file, {}, diagnostics);
  return node && !diagnostics.has_errors() ? to_document(*node).dump() : "nothing";
}

struct Case {
  std::string name;
  std::string text;
  std::string expected;
};

class FormatTest : public testing::TestWithParam<Case> {};

TEST_P(FormatTest, GivesTheOneLayout) {
  const Outcome outcome = format(GetParam().text);
  ASSERT_TRUE(outcome.text) << outcome.rules;
  EXPECT_EQ(*outcome.text, GetParam().expected);
  EXPECT_EQ(meaning(*outcome.text), meaning(GetParam().text));
  EXPECT_EQ(format(*outcome.text).text, outcome.text);
}

const Case kCases[] = {
    {"Indentation", "a:\n     b:\n      c: 1\n     d: 2\n", "a:\n  b:\n    c: 1\n  d: 2\n"},
    {"ListsBelowTheirKey", "a:\n- b\n-   c\nd: 1\n", "a:\n  - b\n  - c\nd: 1\n"},
    {"MapsInLists", "a:\n -   b: 1\n     c: 2\n -   d: 3\n", "a:\n  - b: 1\n    c: 2\n  - d: 3\n"},
    {"ListsInLists", "-   - a\n    - b\n-   c\n", "- - a\n  - b\n- c\n"},
    {"Blanks", "a:   1   \nb :    2\n", "a: 1\nb: 2\n"},
    {"LineEnds", "a: 1\r\nb: 2", "a: 1\nb: 2\n"},
    {"ByteOrderMark",
     "\xEF\xBB\xBF"
     "\"a\": 1\n",
     "a: 1\n"},
    {"Paragraphs", "\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"},
    {"DocumentMarks", "# head\n---\na: 1\n...\n", "# head\na: 1\n"},
    {"Quotes", "a: 'text'\n'b': \"text\"\nc: 'two words'\nd: \"no\"\ne: '1'\nf: \"true\"\n",
     "a: text\nb: text\nc: \"two words\"\nd: \"no\"\ne: \"1\"\nf: \"true\"\n"},
    {"QuotesThatSpareEscapes", "a: 'say \"x\"'\nb: 'a\\b'\nc: \"a\\tb\"\n",
     "a: 'say \"x\"'\nb: 'a\\b'\nc: \"a\\tb\"\n"},
    {"QuotedReferences", "a: \"${var.x}\"\nb: ${var.y}\nc: { d: \"${var.z}\" }\n",
     "a: \"${var.x}\"\nb: ${var.y}\nc: { d: \"${var.z}\" }\n"},
    {"QuotedDates", "at: \"2026-04-27T09:15:00Z\"\nday: '2026-04-27'\n",
     "at: \"2026-04-27T09:15:00Z\"\nday: \"2026-04-27\"\n"},
    {"Brackets", "a: {b: 1,c:   [d,e ,f],  }\ng: { }\nh: [ ]\n",
     "a: { b: 1, c: [d, e, f] }\ng: {}\nh: []\n"},
    {"BracketsOverLines", "a: [\n  b,\n  c\n]\n", "a: [b, c]\n"},
    {"BracketsWithComments", "a: [  # all\n  b, # one\n  # two\n  c\n  # end\n]\n",
     "a:\n  # all\n  - b  # one\n  # two\n  - c\n  # end\n"},
    {"PairsInLists", "a: [b: 1, c]\n", "a: [{ b: 1 }, c]\n"},
    {"KeysWithoutValue", "a:\nb: {c, d: }\n", "a:\nb: { c: null, d: null }\n"},
    {"Json", "{\"a\":{\"b\":[1,true,null,\"x\"]},\n\"c\":\"2\"}",
     "{ a: { b: [1, true, null, x] }, c: \"2\" }\n"},
    {"Comments", "#one\na: 1 # two\n   # three\nb:\n  # four\n  c: 1\n  # five\nd: 2\n# six\n",
     "#one\na: 1  # two\n# three\nb:\n  # four\n  c: 1\n  # five\nd: 2\n# six\n"},
    {"ColumnsOfComments", "a: 1 # x\nlonger: 2     # y\n\nb: 3      # z\n",
     "a: 1       # x\nlonger: 2  # y\n\nb: 3  # z\n"},
    {"CommentsOfDeepLists", "a:\n  b:\n  - c\n  # d\ne: 1\n", "a:\n  b:\n    - c\n    # d\ne: 1\n"},
    {"Anchors", "a:   &x   {b: 1}\nc:  *x\nd: &y\n   e: 1\nf:\n- &z g\n- *z\n",
     "a: &x { b: 1 }\nc: *x\nd: &y\n  e: 1\nf:\n  - &z g\n  - *z\n"},
    {"LiteralTexts", "a: |\n      one\n        two\n\n      three\nb: |-\n x\n",
     "a: |\n  one\n    two\n\n  three\nb: |-\n  x\n"},
    {"LiteralTextsWithBlanks", "a: |\n   one  \n\n\n   two\n\n\nb: 1\n",
     "a: |\n  one  \n\n\n  two\n\nb: 1\n"},
    {"LiteralTextsThatKeepTheirEnd", "a: |+\n   one\n\n\nb: 1\n", "a: |+\n  one\n\n\nb: 1\n"},
    {"LiteralTextsWithIndicator", "a:\n   b: |4\n         one\n       two\n",
     "a:\n  b: |2\n      one\n    two\n"},
    {"FoldedTexts", "- >-   # why\n    one\n    two\n\n      three\n",
     "- >-  # why\n  one\n  two\n\n    three\n"},
    {"LiteralTextsWithMarks", "a: |\n  # no comment\n  b: [\n  - \"\nc: 1\n",
     "a: |\n  # no comment\n  b: [\n  - \"\nc: 1\n"},
    {"PlainTextsOverLines", "a: one\n     two\n\n     three # four\nb: 1\n",
     "a: one\n  two\n\n  three  # four\nb: 1\n"},
    {"QuotedTextsOverLines", "a: \"one\n     two \\\n     three\"\n",
     "a: \"one\n  two \\\n  three\"\n"},
    {"ValuesBelowTheirKey", "a:\n     one\nb:\n   - [c]\nd:\n    {e: 1}\n",
     "a:\n  one\nb:\n  - [c]\nd:\n  { e: 1 }\n"},
    {"TextAlone", "  text\n", "text\n"},
    {"Nothing", "\n\n", ""},
    {"CommentsAlone", "\n# a\n\n\n# b\n", "# a\n\n# b\n"},
};

INSTANTIATE_TEST_SUITE_P(Format, FormatTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(Format, BreaksBracketsThatDoNotFit) {
  const std::string name(40, 'x');
  const std::string text = "a: {b: [" + name + ", " + name + ", {c: 1, d: [" + name + "1]}]} # e\n";
  EXPECT_EQ(format(text).text, "a:  # e\n  b:\n    - " + name + "\n    - " + name +
                                   "\n    - { c: 1, d: [" + name + "1] }\n");
}

TEST(Format, LeavesJsonFilesAsTheyAre) {
  EXPECT_EQ(format("{\"a\" :1}", "weir.json").text, "{\"a\" :1}");
}

TEST(Format, ReportsMistakesAndAnswersNothing) {
  const Outcome outcome = format("a: 1\na: 2\n");
  EXPECT_FALSE(outcome.text);
  EXPECT_EQ(outcome.rules, "Y010");
}

/// A random text that uses the grammar well enough to be valid more often than not.
class RandomYaml {
 public:
  explicit RandomYaml(unsigned seed) : random_(seed) {}

  std::string document() {
    text_.clear();
    keys_ = 0;
    block(0, 0);
    return text_;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  void noise(std::size_t indent) {
    if (below(6) == 0) text_ += std::string(below(4), '\n');
    if (below(8) == 0) text_ += std::string(indent + below(3), ' ') + "# note: [\n";
  }

  void line_end() {
    if (below(8) == 0) text_ += std::string(1 + below(3), ' ') + "# why \"x";
    text_ += below(10) == 0 ? "  \n" : "\n";
  }

  std::string scalar() {
    static constexpr const char* kScalars[] = {"1",           "0.5",
                                               "true",        "null",
                                               "~",           "text",
                                               "two words",   "'q'",
                                               "\"q\"",       "'it''s'",
                                               "\"a\\nb\"",   "\"no\"",
                                               "no",          "${var.x}",
                                               "\"\"",        "'# no'",
                                               "a#b",         "a:b",
                                               "\"a: b\"",    "-1",
                                               "1:30",        "http://x.example/a?b",
                                               "'say \"x\"'", "\"\\u00e4\"",
                                               "ä",           "2026-04-27",
                                               "\"7\"",       "- 1"};
    const unsigned choice = below(28);
    return choice == 27 ? "x" : kScalars[choice];
  }

  std::string flow(unsigned depth) {
    static constexpr const char* kScalars[] = {"1",    "text",  "'q'", "\"a, b\"",
                                               "null", "\"7\"", "a b"};
    if (depth > 2 || below(3) == 0) return kScalars[below(7)];
    std::string text = below(2) == 0 ? "[" : "{";
    const bool is_map = text == "{";
    const unsigned count = below(4);
    for (unsigned at = 0; at < count; ++at) {
      if (at > 0) text += below(2) == 0 ? "," : " ,\n        ";
      if (is_map) text += " k" + std::to_string(keys_++) + ":  ";
      text += flow(depth + 1);
    }
    return text + std::string(below(2), ' ') + (is_map ? "}" : "]");
  }

  void value(std::size_t indent, unsigned depth) {
    switch (below(depth > 3 ? 4 : 7)) {
      case 0:
        text_ += " " + flow(0);
        line_end();
        return;
      case 1: {
        text_ += below(2) == 0 ? " |" : " >";
        text_ += below(3) == 0 ? "-" : "";
        text_ += "\n";
        const std::string pad(indent + 1 + below(4), ' ');
        text_ += pad + "one # two\n" + (below(2) == 0 ? "\n" : "") + pad + "  three: 'x\n";
        return;
      }
      case 2:
        text_ += " some\n" + std::string(indent + 2, ' ') + "more text\n";
        return;
      case 3:
        text_ += " " + scalar();
        line_end();
        return;
      default:
        line_end();
        block(indent + 1 + below(3), depth + 1);
    }
  }

  void block(std::size_t indent, unsigned depth) {
    const bool is_list = below(3) == 0;
    const unsigned count = 1 + below(4);
    for (unsigned at = 0; at < count; ++at) {
      noise(indent);
      text_ += std::string(indent, ' ');
      if (is_list) {
        text_ += "-";
      } else {
        text_ += (below(4) == 0 ? "\"k" : "k") + std::to_string(keys_);
        if (text_.find('"', text_.rfind('\n') + 1) != std::string::npos) text_ += "\"";
        ++keys_;
        text_ += ":";
      }
      value(indent, depth);
    }
  }

  std::mt19937 random_;
  std::string text_;
  unsigned keys_ = 0;
};

TEST(Format, KeepsTheMeaningOfRandomFilesAndMovesNothingTwice) {
  unsigned formatted = 0;
  unsigned valid = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    const std::string text = RandomYaml(seed).document();
    const Outcome once = format(text);
    if (meaning(text) == "nothing") continue;
    ++valid;
    if (!once.text) {
      ADD_FAILURE() << "seed " << seed << " has no layout:\n" << text;
      break;
    }
    ++formatted;
    ASSERT_EQ(meaning(*once.text), meaning(text)) << "seed " << seed << "\n" << text;
    ASSERT_EQ(format(*once.text).text, once.text) << "seed " << seed << "\n" << text;
  }
  EXPECT_EQ(formatted, valid);
  EXPECT_GT(formatted, 250U);
}

}  // namespace
}  // namespace weir
