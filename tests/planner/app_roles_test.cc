// Roles of apps that are not there.
#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const std::string kWeb = kDev + "/roles/web";

/// As the observer leaves it: `name` is what it was called when it was applied.
Declaration nameless(const std::string& name) {
  Declaration role = a_role("web").with("app", "site").with("service_principal", name);
  role.id = name;
  role.nameless = "there is no app \"site\"";
  return role;
}

Manifest a_shop_with_role(const Declaration& role, const std::vector<Inside>& insides = {}) {
  Manifest manifest = a_shop_with(insides);
  manifest.declarations.push_back(role);
  return manifest;
}

TEST(AppRoles, AreRefusedAloneWhereTheirAppIsNotThere) {
  const Plan plan = World().plan(a_shop_with_role(nameless("")));
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P020");
  EXPECT_EQ(plan.refusals[0].address, kWeb);
  EXPECT_EQ(plan.refusals[0].message, "there is no app \"site\"");
  EXPECT_EQ(steps_of(plan), steps_of(World().plan(a_shop_with({}))));
}

TEST(AppRoles, AreRefusedOnlyWhereTheyAreChosen) {
  const Manifest manifest = a_shop_with_role(nameless(""));
  EXPECT_TRUE(
      World().plan(manifest, {.only = {kShop + "/branches/dev/databases/*"}}).refusals.empty());
  EXPECT_TRUE(World().plan(manifest, {.except = {kWeb}}).refusals.empty());
}

TEST(AppRoles, StayAsTheyWereApplied) {
  Declaration before = nameless("principal");
  before.nameless = "";
  const World world = applied(a_shop_with_role(before));
  const Plan plan = world.plan(a_shop_with_role(nameless("principal")));
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.refusals.size(), 1U);
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift[0].problems, std::vector<std::string>{"there is no app \"site\""});
  const Plan end = world.plan(a_shop_with_role(nameless("principal")),
                              {.is_destroy = true, .allow_destroy = {"*"}, .only = {kWeb}});
  EXPECT_TRUE(end.refusals.empty());
  EXPECT_EQ(steps_of(end), Steps{"delete " + kWeb});
}

TEST(AppRoles, AreNotTakenForOthersInsideDatabases) {
  const Inside granted = inside().knows("web").with_schema("main").with_usage("web", "main");
  const Plan plan =
      World().plan(a_shop_with_role(nameless(""), {granted}), {.only = {kDev + "/databases/*"}});
  ASSERT_FALSE(plan.refusals.empty());
  EXPECT_EQ(plan.refusals[0].address, kWeb);
}

}  // namespace
}  // namespace weir::test
