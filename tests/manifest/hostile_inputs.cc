#include "tests/manifest/hostile_inputs.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

std::string repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t at = 0; at < times; ++at) repeated += text;
  return repeated;
}

std::string deep_block_maps(std::size_t levels) {
  std::string text;
  for (std::size_t level = 0; level < levels; ++level) text += std::string(level, ' ') + "a:\n";
  return text;
}

/// Lists of aliases of lists of aliases: width to the power of height values.
std::string alias_bomb(std::size_t width, std::size_t height) {
  std::string text = "a0: &a0 [x, x, x]\n";
  for (std::size_t level = 1; level <= height; ++level) {
    const std::string alias = fmt::format("*a{}, ", level - 1);
    text += fmt::format("a{0}: &a{0} [{1}]\n", level, repeat(alias, width));
  }
  return text;
}

std::string chained_aliases(std::size_t count) {
  std::string text = "k0: &a0 {x: 1}\n";
  for (std::size_t at = 1; at < count; ++at) {
    text += fmt::format("k{0}: &a{0} {{x: *a{1}}}\n", at, at - 1);
  }
  return text;
}

std::vector<HostileInput> deep_inputs(std::size_t scale) {
  return {
      {"[ 500 times", repeat("[", 500), "Y005"},
      {"[ 100,000 times", repeat("[", 100'000 / scale), "Y005"},
      {"[ 100,000 times, closed", repeat("[", 100'000 / scale) + repeat("]", 100'000 / scale),
       "Y005"},
      {"[ 16 MiB", repeat("[", 16 * kMebibyte / scale), "Y005"},
      {"{a: 200,000 times", repeat("{a: ", 200'000 / scale), "Y005"},
      {"[\\n 1,000,000 times", repeat("[\n", 1'000'000 / scale), "Y005"},
      {"block maps, 5,000 levels", deep_block_maps(5'000 / scale), "Y005"},
      {"- 1 MiB", repeat("- ", kMebibyte / 2 / scale), "Y005"},
      {"? 10,000 times", repeat("? ", 10'000 / scale), "Y013"},
      {"? 8,000,000 times", repeat("? ", 8'000'000 / scale), "Y013"},
      {"text before a bracket, 1,000,000 times", repeat("[a", 1'000'000 / scale), "Y004"},
  };
}

std::vector<HostileInput> alias_inputs(std::size_t scale) {
  return {
      {"alias bomb 9 x 9", alias_bomb(9, 9), "Y018"},
      {"alias bomb 30 x 9", alias_bomb(30, 9), "Y018"},
      {"9,000 chained aliases", chained_aliases(std::min<std::size_t>(100'000 / scale, 9'000)),
       "Y005"},
      {"an alias of itself", "a: &a [*a]\n", "Y014"},
      {"anchors around anchors", repeat("&a [", 60) + repeat("x, ", 19'000 / scale), "Y004"},
      {"one large text, many aliases",
       "a: &a " + std::string(kMebibyte / 4 - 1, 'x') + "\nb: [" + repeat("*a, ", 1'000) + "]\n",
       "Y018"},
  };
}

std::vector<HostileInput> long_inputs(std::size_t scale) {
  // Longer than a text may be, however small the scale makes it.
  const std::size_t large = std::max(15 * kMebibyte / scale, 2 * kMebibyte);
  return {
      // NOLINTNEXTLINE(bugprone-string-constructor): it is as long as this on purpose
      {"a text of 100 MB", "a: " + std::string(100'000'000, 'x'), "Y001"},
      {"a text of 15 MiB", "a: " + std::string(large, 'x'), "Y007"},
      {"a quoted text of 15 MiB", "a: \"" + std::string(large, 'x') + "\"\n", "Y007"},
      {"a block text of 15 MiB", "a: |\n" + repeat("  some text\n", large / 12), "Y007"},
      {"a text of 15 MiB in lines", "a: b\n" + repeat("  some text\n", large / 12), "Y007"},
      {"a key of 10 MB", std::string(large, 'x') + ": a\n", "Y007"},
      {"a quote without end, 16 MiB", "a: \"" + repeat("b\n", large / 2), "Y007"},
      {"a quote without end", "a: \"b\n", "Y004"},
      {"an anchor of 10 MB", "a: &" + std::string(10'000'000 / scale, 'x') + " b\n", "Y007"},
      {"a tag of 10 MB", "a: !" + std::string(10'000'000 / scale, 'x') + " b\n", "Y007"},
      {"an alias of 10 MB", "a: *" + std::string(10'000'000 / scale, 'x') + "\n", "Y007"},
      {"colons 16 MiB", std::string(large, ':'), "Y007"},
      {"spaced colons 16 MiB", repeat(": ", 8 * kMebibyte / scale), "Y013"},
      {"commas 16 MiB", "[" + std::string(16 * kMebibyte / scale - 1, ','), "Y004"},
      {"blanks 16 MiB", "a:" + std::string(16 * kMebibyte / scale - 4, ' ') + "}", "Y007"},
      {"quotes 16 MiB", std::string(16 * kMebibyte / scale, '"'), "Y004"},
      {"single quotes 16 MiB", std::string(large | 1U, '\''), "Y007"},
      {"question marks 16 MiB", "{" + repeat("? ", 8 * kMebibyte / scale - 1), "Y013"},
      {"exclamation marks", repeat("! ", 8 * kMebibyte / scale), "Y012"},
      {"percent signs", repeat("%a\n", 5 * kMebibyte / scale), "Y009"},
  };
}

std::vector<HostileInput> wide_inputs(std::size_t scale) {
  std::string many_keys;
  for (std::size_t at = 0; at < 16'000; ++at) many_keys += fmt::format("k{}: 1\n", at);
  return {
      {"16,000 keys, then the first again", many_keys + "k0: 2\n", "Y010"},
      {"a flow list 19,000 wide, not closed", "a: [" + repeat("x, ", 19'000 / scale), "Y004"},
      {"nulls: 8,000,000 dashes", repeat("-\n", 8'000'000), "Y006"},
      {"empty items in flow, 8,000,000", "[" + repeat("x,", 8'000'000) + "]", "Y006"},
      {"300,000 anchors", repeat("- &a\n", std::max<std::size_t>(300'000 / scale, 10'001)), "Y018"},
      {"300,000 documents", repeat("---\n", 300'000 / scale), "Y008"},
      {"300,000 document ends", "a: 1\n" + repeat("...\n", 300'000 / scale) + "b: 1\n", "Y008"},
      {"19,000 tags", repeat("- !x y\n", 19'000 / scale), "Y012"},
      {"a key 19,000 times", repeat("a: 1\n", 19'000 / scale), "Y010"},
      {"19,000 numbers with zeros", repeat("- 01\n", 19'000 / scale), "Y015"},
  };
}

}  // namespace

std::vector<HostileInput> hostile_inputs(std::size_t scale) {
  std::vector<HostileInput> inputs;
  for (auto part : {deep_inputs, alias_inputs, long_inputs, wide_inputs}) {
    for (HostileInput& input : part(scale)) inputs.push_back(std::move(input));
  }
  return inputs;
}

/// "k0: {}, k1: {}, …", each with `value` behind its key.
static std::string members(std::size_t count, std::string_view value) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += fmt::format("  k{}: {}\n", at, value);
  return text;
}

static std::string list_of(std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += fmt::format("k{}, ", at);
  return text;
}

std::vector<HostileInput> hostile_manifests() {
  const std::string header = "version: weir/v1\nname: shop\n";
  std::string roles;
  for (int at = 0; at < 500; ++at) roles += fmt::format("r{}: {{login: true}}, ", at);
  return {
      {"for_each in for_each in for_each",
       header + "projects: {\"p-${each.key}\": {for_each: &l [" + list_of(300) +
           "], branches: {\"b-${each.key}\": {for_each: *l, roles: {\"r-${each.key}\": "
           "{for_each: *l, login: true}}}}}}\n",
       "M037"},
      {"for_each over 20,000 names x 500 roles",
       header + "projects: {p: {branches: {\"b-${each.key}\": {for_each: [" + list_of(19'999) +
           "], roles: {" + roles + "}}}}}\n",
       "M037"},
      {"for_each over 100,000 names",
       header + "projects: {p: {branches: {\"b-${each.key}\": {for_each: [" + list_of(100'000) +
           "]}}}}\n",
       "Y006"},
      {"a text of 100 KB, 1,000 times",
       header + "variables: {v: {default: " + std::string(100'000, 'x') + "}}\nprojects:\n" +
           members(1'000, "{display_name: \"${var.v}\"}"),
       "M037"},
      {"10,000 environments", header + "environments:\n" + members(10'000, "{variables: {}}"),
       "M008"},
      {"100,000 outputs", header + "outputs:\n" + members(100'000, "x"), "Y006"},
      {"20,000 outputs", header + "outputs:\n" + members(20'000, "x"), "M008"},
      {"100,000 variables", header + "variables:\n" + members(100'000, "{}"), "Y006"},
      {"20,000 variables", header + "variables:\n" + members(20'000, "{}"), "M008"},
  };
}

}  // namespace weir
