// The end of schemas that are declared no longer.
#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const std::string kMain = kOrders + "/schemas/main";

World with_main(const SchemaEnd& end = {}) {
  return applied_with_insides(a_shop_with(
      {inside().with_schema("main").with_schema("other").with_schema_end("main", end)}));
}

Manifest without_main() {
  return a_shop_with({inside().with_schema("other")});
}

InsideViews seen() {
  return views_of(seen_in(orders().with_schema("main").with_schema("other")));
}

TEST(SchemaEnd, WantsConsent) {
  const Plan plan = plan_of(with_main(), without_main(), seen());
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P007");
  EXPECT_EQ(plan.refusals[0].address, kMain);
  EXPECT_EQ(plan.refusals[0].hint, "say -allow-destroy " + kMain + " when that is meant");
}

TEST(SchemaEnd, HappensWithConsent) {
  for (const std::string& consent : {kMain, std::string("*")}) {
    const Plan plan = plan_of(with_main(), without_main(), seen(), {.allow_destroy = {consent}});
    EXPECT_TRUE(plan.refusals.empty());
    EXPECT_EQ(statements_of(script_step(plan)),
              Statements{R"(no longer declared: DROP SCHEMA "main" CASCADE)"});
  }
}

TEST(SchemaEnd, FailsWithConsentForAnother) {
  const Plan plan = plan_of(with_main(), without_main(), seen(), {.allow_destroy = {kMain + "2"}});
  EXPECT_EQ(plan.refusals.size(), 1U);
}

TEST(SchemaEnd, NeedsNoConsentWhereTheManifestSaysDelete) {
  const Plan plan = plan_of(with_main({.on_remove = "delete"}), without_main(), seen());
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(statements_of(script_step(plan)),
            Statements{R"(no longer declared: DROP SCHEMA "main" CASCADE)"});
}

TEST(SchemaEnd, NeedsConsentWhereTheManifestSaysFail) {
  const Plan plan = plan_of(with_main({.on_remove = "fail"}), without_main(), seen());
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P007");
}

TEST(SchemaEnd, LeavesTheSchemaWhereTheManifestSaysKeep) {
  const Plan plan = plan_of(with_main({.on_remove = "keep"}), without_main(), seen());
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.refusals.empty());
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].type, Notice::Type::kKeptOnRemoval);
  EXPECT_EQ(plan.notices[0].address.text(), kMain);
  EXPECT_EQ(plan.adoptions.size(), 1U) << "it is forgotten";
}

TEST(SchemaEnd, IsRefusedWhereItIsProtected) {
  const Plan plan = plan_of(with_main({.on_remove = "delete", .protect = true}), without_main(),
                            seen(), {.allow_destroy = {"*"}});
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P002");
}

TEST(SchemaEnd, IsNothingForASchemaThatIsGone) {
  const Plan plan =
      plan_of(with_main(), without_main(), views_of(seen_in(orders().with_schema("other"))));
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(SchemaEnd, IsNothingWithoutPruning) {
  const Plan plan = plan_of(with_main(), without_main(), seen(), {.may_prune = false});
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(SchemaEnd, IsNothingWithoutTheState) {
  World world = with_main();
  world.records.clear();
  const Plan plan = plan_of(world, without_main(), seen(), {.allow_destroy = {"*"}});
  EXPECT_TRUE(plan.is_empty());
}

TEST(SchemaEnd, IsNotRefusedWhenItIsNotSelected) {
  const Plan plan = plan_of(with_main(), without_main(), seen(), {.only = {"**/roles/*"}});
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(SchemaEnd, CountsForTheMostDestroys) {
  const Plan plan =
      plan_of(with_main({.on_remove = "delete"}), without_main(), seen(), {.max_destroys = 0});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P004");
}

TEST(SchemaEnd, CountsAsDestroyed) {
  const Plan plan = plan_of(with_main({.on_remove = "delete"}), without_main(), seen());
  EXPECT_EQ(count(plan).destroy, 1U);
  EXPECT_EQ(count(plan).statements, 1U);
  EXPECT_EQ(dropped_schemas(*script_step(plan).script), std::vector<std::string>{"main"});
}

TEST(SchemaEnd, IsDeniedByAPolicyInEachOfItsNames) {
  for (const std::string name : {"drop_schema", "delete_schema", "destroy_schema"}) {
    Manifest manifest = without_main();
    manifest.policy.deny = {name};
    const Plan plan = plan_of(with_main({.on_remove = "delete"}), manifest, seen());
    ASSERT_EQ(plan.refusals.size(), 1U) << name;
    EXPECT_EQ(plan.refusals[0].rule, "P003");
    EXPECT_EQ(plan.refusals[0].address, kMain);
    EXPECT_EQ(plan.refusals[0].message, "the manifest's policy denies " + name);
  }
}

TEST(SchemaEnd, IsPointedOutByAPolicyThatWarns) {
  Manifest manifest = without_main();
  manifest.policy.warn = {"drop_schema"};
  const Plan plan = plan_of(with_main({.on_remove = "delete"}), manifest, seen());
  EXPECT_TRUE(plan.refusals.empty());
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].address.text(), kMain);
}

TEST(SchemaEnd, IsNoConcernOfAPolicyAboutDatabases) {
  Manifest manifest = without_main();
  manifest.policy.deny = {"drop_database"};
  EXPECT_TRUE(plan_of(with_main({.on_remove = "delete"}), manifest, seen()).refusals.empty());
}

TEST(SchemaEnd, RevokesNothingThatGoesWithTheSchema) {
  const World world = applied_with_insides(a_shop_with({inside()
                                                            .knows("reader")
                                                            .with_schema("main")
                                                            .with_schema("other")
                                                            .with_usage("reader", "main")
                                                            .with_usage("reader", "other")}));
  const Plan plan = plan_of(
      world, without_main(),
      views_of(seen_in(orders().with_usage("reader", "main").with_usage("reader", "other"))),
      {.allow_destroy = {"*"}});
  EXPECT_EQ(statements_of(script_step(plan)),
            (Statements{R"(no longer declared: REVOKE USAGE ON SCHEMA "other" FROM "reader")",
                        R"(no longer declared: DROP SCHEMA "main" CASCADE)"}));
}

}  // namespace
}  // namespace weir::test
