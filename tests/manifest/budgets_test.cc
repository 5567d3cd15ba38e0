// What a stranger's manifest may cost: each limit is refused with its number, and nothing is made
// of what is over it.
#include "manifest/budgets.h"

#include <set>

#include <gtest/gtest.h>

#include "manifest/manifest_rules.h"
#include "manifest/yaml_rules.h"
#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

/// "k0: {}, k1: {}, …".
std::string members(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("k{}: {{}}, ", i);
  return text;
}

std::string list_of(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("k{}, ", i);
  return text;
}

void expect_refused(const Loaded& loaded, const std::string& says) {
  EXPECT_NE(loaded.said().find(says), std::string::npos) << loaded.said();
  EXPECT_EQ(loaded.diagnostics.sorted().size(), 1U) << loaded.said();
  EXPECT_TRUE(loaded.manifest.declarations.empty());
}

TEST(Budgets, RefuseMoreMembersThanForEachMayMake) {
  const Loaded loaded = load_text("projects: {\"p-${each.key}\": {for_each: &l [" + list_of(40) +
                                  "], branches: {\"b-${each.key}\": {for_each: *l, expires: 1d, "
                                  "roles: {\"r-${each.key}\": {for_each: *l, login: true}}}}}}");
  expect_refused(loaded, "error[M037]");
  EXPECT_NE(loaded.said().find("for_each makes more than 10000 members"), std::string::npos)
      << loaded.said();
}

TEST(Budgets, RefuseMoreValuesThanForEachMayMake) {
  std::string roles;
  for (int i = 0; i < 500; ++i) roles += fmt::format("r{}: {{login: true}}, ", i);
  const Loaded loaded = load_text("projects: {p: {branches: {\"b-${each.key}\": {for_each: [" +
                                  list_of(1'000) + "], roles: {" + roles + "}}}}}");
  expect_refused(loaded, "variables and for_each make more than 100000 values");
}

TEST(Budgets, RefuseMoreTextThanVariablesMayMake) {
  const Loaded loaded = load_text("variables: {long: {default: " + std::string(250'000, 'x') +
                                  "}}\nprojects: {p: {tags: {\"k-${each.key}\": {for_each: [" +
                                  list_of(40) + "], value: \"${var.long}\"}}}}");
  expect_refused(loaded, "variables and for_each make more than 8 MiB of text");
}

TEST(Budgets, RefuseMoreEnvironmentsThanAnybodyHas) {
  const std::string text = "projects: {p: {}}\nenvironments: {" + members(65) + "}";
  expect_refused(load_text(text, {.environment = "k0", .getenv = {}}),
                 "error[M008] environments has 65 members; 64 are allowed");
}

TEST(Budgets, RefuseMoreVariablesAndOutputsThanAnybodyHas) {
  expect_refused(load_text("variables: {" + members(1'001) + "}"),
                 "error[M008] variables has 1001 members; 1000 are allowed");
  expect_refused(load_text("outputs: {" + members(1'001) + "}"),
                 "error[M008] outputs has 1001 members; 1000 are allowed");
}

TEST(Budgets, RefuseLongKeysBecauseEveryAddressBelowHasThem) {
  const Loaded loaded = load_text("projects: {" + std::string(257, 'p') + ": {}}");
  EXPECT_NE(loaded.said().find("error[Y007] this key has 257 bytes; 256 are allowed"),
            std::string::npos)
      << loaded.said();
}

TEST(Budgets, RefuseMoreAnchorsThanAnybodyNeeds) {
  std::string text = "projects:\n";
  for (int i = 0; i < 10'001; ++i) text += fmt::format("  p{}: &a{} {{}}\n", i, i);
  const Loaded loaded = load_text(text);
  EXPECT_NE(loaded.said().find("error[Y018] this file has more than 10000 anchors"),
            std::string::npos)
      << loaded.said();
}

TEST(Budgets, NameRulesThatThereAre) {
  std::set<std::string_view> rules;
  for (const RuleText& rule : all_manifest_rules()) rules.insert(rule.id);
  for (const RuleText& rule : all_yaml_rules()) rules.insert(rule.id);
  for (const BudgetText& budget : all_budgets()) {
    EXPECT_TRUE(rules.contains(budget.rule)) << budget.what;
  }
}

}  // namespace
}  // namespace weir::test
