#include "manifest/rules.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "manifest/yaml.h"
#include "tests/support/declarations.h"
#include "tests/support/rendered.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPasses = "-- passes --\n";
constexpr std::string_view kFails = "-- fails --\n";
constexpr std::string_view kSays = "-- says --\n";

/// One rule's file: a manifest that keeps the rule, one that breaks it, and what is said of that.
struct Example {
  std::string passes;
  std::string fails;
  std::string says;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Example read_example(const fs::path& path) {
  const std::string text = read_file(path);
  const std::size_t fails = text.find(kFails);
  const std::size_t says = text.find(kSays);
  if (!text.starts_with(kPasses) || fails == std::string::npos || says == std::string::npos) {
    throw std::invalid_argument(path.string() + " is no example of a rule");
  }
  return {.passes = text.substr(kPasses.size(), fails - kPasses.size()),
          .fails = text.substr(fails + kFails.size(), says - fails - kFails.size()),
          .says = text.substr(says + kSays.size())};
}

void write_example(const fs::path& path, const Example& example) {
  std::ofstream(path, std::ios::binary)
      << kPasses << example.passes << kFails << example.fails << kSays << example.says;
}

/// Loads one manifest and checks it, as `weir validate` does.
std::string check(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", text);
  auto node = read_yaml(sources, file, YamlLimits{}, diagnostics);
  if (node) {
    const LoadOptions options = {.getenv = [](const std::string&) { return std::nullopt; }};
    MergedTree tree = load_tree(std::move(*node), options, sources, diagnostics);
    const Manifest manifest = declare(std::move(tree), lakebase_catalogue(), sources, diagnostics);
    check_rules(manifest, Limits(manifest.limits), diagnostics);
  }
  return test::rendered(diagnostics, sources);
}

std::vector<fs::path> all_examples() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(WEIR_RULE_EXAMPLES)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string id_of(const fs::path& path) {
  return path.stem().string().substr(0, 4);
}

class RuleExample : public testing::TestWithParam<fs::path> {};

TEST_P(RuleExample, PassesAndFailsAsWritten) {
  Example example = read_example(GetParam());
  EXPECT_EQ(check(example.passes), "");
  const std::string says = check(example.fails);
  EXPECT_NE(says.find("[" + id_of(GetParam()) + "]"), std::string::npos) << says;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    example.says = says;
    write_example(GetParam(), example);
  }
  EXPECT_EQ(says, example.says) << "UPDATE_GOLDEN=1 writes it anew";
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleExample, testing::ValuesIn(all_examples()),
                         [](const auto& example) { return example.param.stem().string(); });

TEST(Rules, EachHaveOneExample) {
  std::vector<std::string> rules;
  for (const RuleText& rule : all_rules()) rules.emplace_back(rule.id);
  std::vector<std::string> examples;
  for (const fs::path& path : all_examples()) examples.push_back(id_of(path));
  EXPECT_EQ(rules, examples);
}

TEST(Rules, AreAtLeastSixty) {
  EXPECT_GE(all_rules().size(), 60U);
}

TEST(Rules, StandInTheOrderOfTheirIdsAndAreSentences) {
  std::string last;
  for (const RuleText& rule : all_rules()) {
    EXPECT_LT(last, rule.id);
    EXPECT_TRUE(rule.summary.ends_with('.')) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    last = rule.id;
  }
}

TEST(Rules, SayAllMistakesInOneRun) {
  Manifest manifest = test::a_manifest({
      test::a_project(),
      test::a_branch("dev").with("expires", "45d"),
      test::a_branch("Test").with("expires", "60d"),
      test::an_endpoint("primary").with("cu", 0.25),
  });
  Diagnostics diagnostics;
  check_rules(manifest, Limits(), diagnostics);
  std::multiset<std::string> rules;
  for (const Diagnostic& each : diagnostics.sorted()) rules.insert(each.rule);
  EXPECT_EQ(rules, (std::multiset<std::string>{"L001", "L012", "L012", "L050", "L056"}));
}

TEST(Rules, UseTheLimitsThatTheManifestSets) {
  Manifest manifest =
      test::a_manifest({test::a_project(), test::a_branch("dev").with("expires", "45d")});
  manifest.limits["branch_ttl_maximum"] = {{"value", "60d"}, {"reason", "agreed with support"}};
  Diagnostics diagnostics;
  check_rules(manifest, Limits(manifest.limits), diagnostics);
  EXPECT_TRUE(diagnostics.is_empty());
}

TEST(Rules, LookAtNamesThatOnlyEscapesCanWrite) {
  Manifest manifest = test::a_manifest({test::a_project(), test::a_branch(),
                                        test::a_role("app").with("group", std::string("a\0b", 3))});
  Diagnostics diagnostics;
  check_rules(manifest, Limits(), diagnostics);
  ASSERT_EQ(diagnostics.sorted().size(), 1U);
  EXPECT_EQ(diagnostics.sorted().front().rule, "L005");
}

}  // namespace
}  // namespace weir
