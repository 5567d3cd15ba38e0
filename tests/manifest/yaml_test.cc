#include "manifest/yaml.h"

#include <cctype>

#include <gtest/gtest.h>

#include "tests/manifest/hostile_inputs.h"

namespace weir {
namespace {

struct Outcome {
  std::optional<Node> node;
  std::vector<Diagnostic> diagnostics;
  /// "Y010 3:5" for each mistake, separated by commas.
  std::string mistakes;
};

/// Hints are all of one style: they follow "hint: " and are no sentences.
void expect_clause(const std::string& hint) {
  EXPECT_FALSE(hint.empty());
  EXPECT_FALSE(hint.ends_with('.')) << hint;
  EXPECT_TRUE(hint.empty() || std::isupper(static_cast<unsigned char>(hint.front())) == 0) << hint;
}

Outcome read(const std::string& text, const YamlLimits& limits = {}) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", text);
  Outcome outcome;
  outcome.node = read_yaml(sources, file, limits, diagnostics);
  outcome.diagnostics = diagnostics.sorted();
  for (const Diagnostic& one : outcome.diagnostics) {
    expect_clause(one.hint);
    if (!outcome.mistakes.empty()) outcome.mistakes += ", ";
    outcome.mistakes +=
        one.rule + " " + std::to_string(one.place.line) + ":" + std::to_string(one.place.column);
  }
  return outcome;
}

std::string read_json(const std::string& text) {
  const Outcome outcome = read(text);
  EXPECT_EQ(outcome.mistakes, "") << text;
  return outcome.node ? to_document(*outcome.node).dump() : "nothing";
}

struct Case {
  std::string yaml;
  std::string expected;
};

TEST(Yaml, GivesPlainScalarsTheTypesOfTheCoreSchema) {
  const Case cases[] = {
      {"~", "null"},
      {"Null", "null"},
      {"True", "true"},
      {"FALSE", "false"},
      {"no", "\"no\""},
      {"on", "\"on\""},
      {"yes", "\"yes\""},
      {"y", "\"y\""},
      {"tRue", "\"tRue\""},
      {"10", "10"},
      {"+10", "10"},
      {"0x1f", "31"},
      {"0o17", "15"},
      {"0", "0"},
      {"0.5", "0.5"},
      {"1:30", "\"1:30\""},
      {"2026-04-27", "\"2026-04-27\""},
      {"1_000", "\"1_000\""},
      {"0b11", "\"0b11\""},
      {"7d", "\"7d\""},
      {"\"10\"", "\"10\""},
      {"'true'", "\"true\""},
      {"\"\"", "\"\""},
      {"weir/v1", "\"weir/v1\""},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(read_json("v: " + one.yaml), "{\"v\":" + one.expected + "}") << one.yaml;
  }
}

TEST(Yaml, ReadsWhatManifestsAreMadeOf) {
  const Case cases[] = {
      {"", "null"},
      {"# nothing\n", "null"},
      {"--- {a: [b, 1]}\n...\n", R"({"a":["b",1]})"},
      {"a:\n- b\n- c: d\n  e: f\n", R"({"a":["b",{"c":"d","e":"f"}]})"},
      {"a: &x [1]\nb: *x\n", R"({"a":[1],"b":[1]})"},
      {"a: |\n  one\n  two\nb: >-\n  one\n  two\n", R"({"a":"one\ntwo\n","b":"one two"})"},
      {"{\"a\":1,\"b\":[\"\\u00e4\",{}],\"c\\/d\":[]}", R"({"a":1,"b":["ä",{}],"c/d":[]})"},
      {"{\n\t\"a\": {\n\t\t\"b\": null\n\t}\n}\n", R"({"a":{"b":null}})"},
      {"\xEF\xBB\xBF"
       "a: 1\r\nb: 2\r\n",
       R"({"a":1,"b":2})"},
      {"4711: a\ntrue: b\n", R"({"4711":"a","true":"b"})"},
  };
  for (const Case& one : cases) EXPECT_EQ(read_json(one.yaml), one.expected) << one.yaml;
}

TEST(Yaml, RefusesWithTheRuleAndThePlace) {
  const Case cases[] = {
      {"a: 1\nb: 2\na: 3\n", "Y010 3:1"},
      {"{a: 1, a: 2}", "Y010 1:8"},
      {"a: &x {b: 1}\nc:\n  <<: *x\n", "Y011 3:3"},
      {"a: !!str 1\n", "Y012 1:4"},
      {"a: !secret x\nb: !x [1]\n", "Y012 1:4, Y012 2:4"},
      {"{a: !\n b}", "Y012 1:5"},
      {"? [a]\n: b\n", "Y013 1:1"},
      {"~: a\n", "Y013 1:1"},
      {": a\n", "Y013 1:1"},
      {"a: &x b\n*x : c\n", "Y013 2:1"},
      {"a: &x [*x]\n", "Y014 1:8"},
      {"a: *x\n", "Y004 1:4"},
      {"a: 010\nb: -07\nc: 01.5\n", "Y015 1:4, Y015 2:4, Y015 3:4"},
      {"a: .inf\nb: -.INF\nc: .nan\nd: 1e999\n", "Y016 1:4, Y016 2:4, Y016 3:4, Y016 4:4"},
      {"a: 1\n---\nb: 2\n", "Y008 2:1"},
      {"a: 1\nb: [1\n", "Y004 2:4"},
      {"a: \"b\n", "Y004 1:4"},
      {"a: b: c\n", "Y004 1:5"},
      {"a: \"\\0\"\n", "Y003 1:4"},
  };
  for (const Case& one : cases) EXPECT_EQ(read(one.yaml).mistakes, one.expected) << one.yaml;
}

TEST(Yaml, CountsTheMembersOfEachMapAndList) {
  const YamlLimits three{.members = 3};
  const Case cases[] = {
      {"a: 1\nb: 2\nc: 3\n", ""},
      {"a: 1\nb: 2\nc: 3\nd: 4\n", "Y006 4:2"},
      {"- 1\n- 2\n- 3\n- 4\n", "Y006 4:1"},
      {"a:\n  b: 1\n  c: 2\n  d: 3\ne:\n  f: 1\n  g: 2\n  h: 3\n", ""},
      {"a:\n  b:\n    c: 1\n  d: 2\n  e: 3\n  f: 4\n", "Y006 6:4"},
      {"a:\n- 1\n- 2\n- 3\nb:\n- 1\n- 2\n- 3\nc:\n- 1\n- 2\n", ""},
      {"a:\n- 1\n- 2\n- 3\n- 4\n", "Y006 5:1"},
      {"- a: 1\n  b: 2\n- a: 1\n  b: 2\n", ""},
      {"- a: 1\n  b: 2\n  c: 3\n  d: 4\n", "Y006 4:4"},
      {"- - 1\n  - 2\n  - 3\n- - 1\n", ""},
      {"a: # one\n  &x b: 1\n  c: 2\n\n  # two\n  d: 3\n", ""},
      {"a: {b: 1, c: [1, 2, 3], d: 2}\n", ""},
      {"a: {b: 1, c: [1, 2, 3, 4], d: 2}\n", "Y006 1:22"},
      {"{a: 1,\n b: 2, c: 3,\n d: 4}\n", "Y006 2:12"},
  };
  for (const Case& one : cases) EXPECT_EQ(read(one.yaml, three).mistakes, one.expected) << one.yaml;
}

TEST(Yaml, CountsEmptyLinesAndComments) {
  const YamlLimits limits = {.idle_lines = 2, .idle_bytes = 12};
  EXPECT_EQ(read("a: 1\n\n# c\nb: 2\n", limits).mistakes, "");
  EXPECT_EQ(read("a: 1\n\n  # c\n\t\nb: 2\n", limits).mistakes, "Y001 4:2");
  EXPECT_EQ(read("a: 1\n# twelve or more\nb: 2\n", limits).mistakes, "Y001 2:17");
}

TEST(Yaml, ReadsWhatJsonWritesInTwoEscapes) {
  const auto text_of = [](const std::string& json) {
    const Outcome outcome = read(json);
    EXPECT_EQ(outcome.mistakes, "") << json;
    return outcome.node ? outcome.node->find("a")->text : "";
  };
  EXPECT_EQ(text_of(R"({"a": "x\ud83d\ude00y"})"), "x\xF0\x9F\x98\x80y");
  EXPECT_EQ(text_of(R"({"a": "\u00e4"})"), "\xC3\xA4");
  EXPECT_EQ(text_of(R"({"a": "\\ud83d\\ude00"})"), R"(\ud83d\ude00)");
  EXPECT_EQ(read(R"({"a": "\ud83d"})").mistakes, "Y004 1:14");
}

TEST(Yaml, RefusesBytesThatAreNotText) {
  const Case cases[] = {
      {"a: \xC0\xAF\n", "Y002 1:4"},
      {"a: \xE0\x80\x80\n", "Y002 1:4"},
      {"a: \xED\xA0\x80\n", "Y002 1:4"},
      {"a: \xF4\x90\x80\x80\n", "Y002 1:4"},
      {"a: \xC3", "Y002 1:4"},
      {"a: \x80\n", "Y002 1:4"},
      {std::string("a: b\nc: \0\n", 10), "Y003 2:4"},
      {"a: \x1b[31m\n", "Y003 1:4"},
      {"a: \x7f\n", "Y003 1:4"},
      {"a: \xC2\x85\n", "Y003 1:4"},
      {"a: \xE2\x80\xA8\n", "Y003 1:4"},
      {"a: \xE2\x80\xAE\n", "Y003 1:4"},
      {"a: \xE2\x81\xA6\n", "Y003 1:4"},
      {"a: b\rc: d\n", "Y003 1:5"},
      {"a: \xEF\xBB\xBF\n", "Y003 1:4"},
      {"\xEF\xBB\xBF"
       "a: \x01\n",
       "Y003 1:7"},
      {"\xEF\xBB\xBF\xEF\xBB\xBF", "Y003 1:4"},
  };
  for (const Case& one : cases) EXPECT_EQ(read(one.yaml).mistakes, one.expected) << one.yaml;
}

TEST(Yaml, RefusesHostileFilesWithTheRuleThatSaysWhy) {
  for (const HostileInput& input : hostile_inputs(20)) {
    const Outcome outcome = read(input.text);
    ASSERT_FALSE(outcome.diagnostics.empty()) << input.name;
    EXPECT_EQ(outcome.diagnostics.front().rule, input.rule)
        << input.name << ": " << outcome.diagnostics.front().message;
    EXPECT_LE(outcome.diagnostics.size(), 101U) << input.name;
  }
}

}  // namespace
}  // namespace weir
