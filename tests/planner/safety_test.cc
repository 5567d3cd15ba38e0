#include "planner/safety.h"

#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir::test {
namespace {

const std::string kShop = "projects/shop";
const std::string kDev = "projects/shop/branches/dev";

World applied(const Manifest& manifest) {
  World world;
  world.apply(world.plan(manifest), manifest);
  return world;
}

Manifest only_shop() {
  return a_manifest({a_project("shop")});
}

TEST(Safety, LetsABranchGoWithItsBlock) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  EXPECT_EQ(rules_of(world.plan(only_shop())), Rules{});
}

TEST(Safety, AsksBeforeMuchGoesAtOnce) {
  std::vector<Declaration> all = {a_project("shop")};
  for (int index = 0; index < 20; ++index) {
    all.push_back(a_branch("b" + std::to_string(index)));
  }
  World world = applied(a_manifest(all));
  const auto rules_without = [&](std::size_t count) {
    return rules_of(
        world.plan(a_manifest({all.begin(), all.end() - static_cast<std::ptrdiff_t>(count)})));
  };
  EXPECT_EQ(rules_without(4), Rules{});
  EXPECT_EQ(rules_without(5), Rules{"P005"});
  EXPECT_EQ(rules_without(11), Rules{"P005"});
}

TEST(Safety, KeepsAProtectedBranch) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev").with("protected", true)}));
  EXPECT_EQ(rules_of(world.plan(only_shop(), {.allow_destroy = {"*"}})), Rules{"P002"});
}

TEST(Safety, KeepsAProjectWithAProtectedBranchThatNobodyDeclares) {
  World world = applied(only_shop());
  world.add(an_observed(kBranch, kShop + "/branches/theirs", {{"protected", true}}));
  const Plan plan = world.plan(only_shop(), {.is_destroy = true, .allow_destroy = {"*"}});
  ASSERT_EQ(rules_of(plan), Rules{"P002"});
  EXPECT_EQ(
      plan.refusals[0].message,
      "would take projects/shop/branches/theirs with it, which is protected in the workspace");
}

TEST(Safety, EndsNothingThatContainsWhatIsLeftOut) {
  const auto shop = [](int version) {
    return a_manifest({a_project("shop").with("pg_version", version), a_branch("dev")});
  };
  World world = applied(shop(16));
  const PlanOptions options = {.allow_destroy = {"*"}, .except = {kShop + "/branches/*"}};
  const Plan plan = world.plan(shop(17), options);
  ASSERT_EQ(rules_of(plan), Rules{"P016"});
  EXPECT_EQ(plan.refusals[0].message,
            "would take projects/shop/branches/dev and 5 more with it, which -except leaves alone");
  PlanOptions both = options;
  both.except.push_back(kShop);
  EXPECT_EQ(rules_of(world.plan(shop(17), both)), Rules{});
  PlanOptions end = options;
  end.is_destroy = true;
  EXPECT_EQ(rules_of(world.plan(shop(16), end)), Rules{"P016"});
}

TEST(Safety, EndsNothingThatContainsWhatIsKept) {
  const Manifest manifest = a_manifest(
      {a_project("shop"), a_branch("dev").with_lifecycle({.on_remove = "keep"}), a_branch("qa")});
  World world = applied(manifest);
  const Plan plan = world.plan(manifest, {.is_destroy = true, .allow_destroy = {"*"}});
  ASSERT_EQ(rules_of(plan), Rules{"P016"});
  EXPECT_EQ(plan.refusals[0].message,
            "would take projects/shop/branches/dev with it, which lifecycle.on_remove: keep leaves "
            "alone");
  EXPECT_EQ(rules_of(world.plan(a_manifest({}), {.allow_destroy = {"*"}})), Rules{"P016"});
}

TEST(Safety, LeavesWhatNeedsAnApprovalToASavedPlan) {
  Manifest without = only_shop();
  without.policy.approvals = {"destructive"};
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  EXPECT_EQ(rules_of(world.plan(without, {.is_approved = false})), Rules{"P017"});
  EXPECT_EQ(rules_of(world.plan(without)), Rules{}) << "a plan that is saved is read";
}

TEST(Safety, RemembersProtectionWhenTheBlockIsGone) {
  World world =
      applied(a_manifest({a_project("shop"), a_branch("dev").with_lifecycle({.protect = true})}));
  const Plan plan = world.plan(only_shop(), {.allow_destroy = {"*"}});
  ASSERT_EQ(rules_of(plan), Rules{"P002"});
  EXPECT_EQ(plan.refusals[0].address, kDev);
}

TEST(Safety, KeepsWhatTheManifestProtects) {
  const auto shop = [](int version) {
    return a_manifest(
        {a_project("shop").with("pg_version", version).with_lifecycle({.protect = true})});
  };
  World world = applied(shop(16));
  EXPECT_EQ(rules_of(world.plan(shop(17), {.allow_destroy = {"*"}})), Rules{"P002"});
}

TEST(Safety, FailsForProjectsAndDatabasesUntilThereIsConsent) {
  const Manifest full =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("app").with("login", false),
                  a_database("orders").with("owner", kDev + "/roles/app")});
  World world = applied(full);
  const Manifest without =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("app").with("login", false)});
  EXPECT_EQ(rules_of(world.plan(without)), Rules{"P007"});
  EXPECT_EQ(rules_of(world.plan(without, {.allow_destroy = {kDev + "/databases/orders"}})),
            Rules{});
  EXPECT_EQ(rules_of(world.plan(without, {.allow_destroy = {kDev}})), Rules{"P007"});
}

TEST(Safety, FollowsOnRemove) {
  const auto plan_after = [](const char* choice) {
    World world = applied(
        a_manifest({a_project("shop"), a_branch("dev").with_lifecycle({.on_remove = choice})}));
    return world.plan(only_shop(), {.max_destroys = 100});
  };
  EXPECT_EQ(plan_after("keep").steps[0].action, Action::kForget);
  EXPECT_EQ(plan_after("keep").notices[0].type, Notice::Type::kKeptOnRemoval);
  EXPECT_EQ(rules_of(plan_after("fail"))[0], "P007");
  EXPECT_EQ(plan_after("delete").steps[0].action, Action::kDelete);
}

TEST(Safety, NeverDeletesWhatSomebodyMadeAnew) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  world.resources.at(kDev).uid = "another";
  const Plan plan = world.plan(only_shop());
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].action, Action::kForget);
}

TEST(Safety, NeverDeletesWhatIsInsideOfSomethingMadeAnew) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev"),
                                    a_role("app").with("login", true), a_database("orders")}));
  world.resources.at(kDev).uid = "another";
  for (const Step& step : world.plan(only_shop(), {.allow_destroy = {"*"}}).steps) {
    EXPECT_EQ(step.action, Action::kForget) << step.address.text();
  }
}

TEST(Safety, LeavesWhatSomebodyMadeAnewHoweverOftenEverythingIsToEnd) {
  const Manifest manifest = a_manifest({a_project("shop"), a_branch("dev")});
  World world = applied(manifest);
  world.resources.at(kDev).uid = "another";
  const Plan plan = world.plan(
      manifest, {.is_destroy = true, .allow_destroy = {"*"}, .only = {"**/branches/dev"}});
  EXPECT_TRUE(plan.steps.empty()) << "what is forgotten would be adopted, and ended the next time";
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].type, Notice::Type::kKeptOnRemoval);
}

TEST(Safety, CountsWhatIsDestroyed) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  EXPECT_EQ(rules_of(world.plan(only_shop(), {.allow_destroy = {"*"}, .max_destroys = 0})),
            Rules{"P004"});
  EXPECT_EQ(rules_of(world.plan(only_shop(), {.allow_destroy = {"*"}, .max_destroys = 1})),
            Rules{});
  Manifest strict = only_shop();
  strict.policy.max_destroys = 0;
  EXPECT_EQ(rules_of(world.plan(strict, {.allow_destroy = {"*"}, .max_destroys = 9})),
            Rules{"P004"});
}

TEST(Safety, DoesNotTakeAnEmptyManifestForAWish) {
  World world = applied(only_shop());
  EXPECT_EQ(rules_of(world.plan(Manifest{})), (Rules{"P007", "P006"}));
  EXPECT_EQ(rules_of(world.plan(Manifest{}, {.allow_destroy = {"*"}})), Rules{});
  EXPECT_TRUE(world.plan(Manifest{}, {.may_prune = false}).is_empty());
}

TEST(Safety, FollowsThePolicy) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  Manifest manifest = only_shop();
  manifest.policy.deny = {"delete_branch"};
  EXPECT_EQ(rules_of(world.plan(manifest, {.allow_destroy = {"*"}})), Rules{"P003"});
  manifest.policy = {.warn = {"drop_branch"}};
  const Plan warned = world.plan(manifest, {.allow_destroy = {"*"}});
  EXPECT_TRUE(warned.refusals.empty());
  ASSERT_EQ(warned.notices.size(), 1U);
  EXPECT_EQ(warned.notices[0].type, Notice::Type::kPolicy);
}

TEST(Safety, RefusesToAdoptWhatMayNotBe) {
  World world = applied(only_shop());
  world.records.clear();
  const Plan plan = world.plan(a_manifest({a_project("shop").with_lifecycle({.adopt = false})}));
  EXPECT_TRUE(plan.is_empty());
  EXPECT_EQ(rules_of(plan), Rules{"P008"});
}

TEST(Safety, KeepsABranchFromWhichOthersCome) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  world.add(an_observed(kBranch, kShop + "/branches/child", {{"from", kDev}}));
  EXPECT_EQ(rules_of(world.plan(only_shop(), {.allow_destroy = {"*"}})), Rules{"P010"});
}

TEST(Safety, AsksBeforeABranchExpiresAtOnce) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev").with("expires", "20d")}));
  world.now += std::chrono::hours(24 * 8);
  const Manifest shorter = a_manifest({a_project("shop"), a_branch("dev").with("expires", "7d")});
  EXPECT_EQ(rules_of(world.plan(shorter)), Rules{"P011"});
  EXPECT_EQ(rules_of(world.plan(shorter, {.allow_destroy = {kDev}})), Rules{});
}

TEST(Safety, LeavesWhatOnlyGoesWithItsParent) {
  World world = applied(a_manifest({a_project("shop"), a_branch("dev"), an_endpoint("primary")}));
  const Plan plan = world.plan(a_manifest({a_project("shop"), a_branch("dev")}));
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].action, Action::kForget);
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(Safety, TellsAboutEachOfItsRefusals) {
  for (const RuleText& refusal : all_refusals()) {
    EXPECT_EQ(refusal.id.size(), 4U);
    EXPECT_TRUE(refusal.summary.ends_with('.')) << refusal.id;
  }
}

}  // namespace
}  // namespace weir::test
