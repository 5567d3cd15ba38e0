// Statements for databases that nobody can look into yet, and passwords.
#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const std::string kCopy = kShop + "/branches/copy";
const std::string kCopied = kCopy + "/databases/orders";

/// "dev" and a copy of it; the copy's database is declared with this inside.
Manifest a_copy(InsideBuilder of_copy) {
  Manifest manifest = a_shop_with({of_copy.knows("reader", kCopy + "/roles/reader")});
  manifest.declarations.push_back(a_branch("copy").with("from", kDev));
  manifest.declarations.push_back(a_role("reader").in(kCopy).with("login", true));
  manifest.declarations.push_back(a_role("app_owner").in(kCopy).with("login", false));
  manifest.declarations.push_back(
      a_database("orders").in(kCopy).with("owner", kCopy + "/roles/app_owner"));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  return manifest;
}

TEST(InsidePrediction, OfANewBranchIsWhatItIsACopyOf) {
  const World world = applied(a_shop_with({}));
  const Plan plan =
      plan_of(world, a_copy(inside(kCopied).with_schema("main").with_usage("reader", "main")),
              views_of(seen_in(orders().with_schema("main")), kCopied));
  const Step& step = script_step(plan, kCopied);
  EXPECT_EQ(statements_of(step), Statements{R"(new: GRANT USAGE ON SCHEMA "main" TO "reader")"});
  EXPECT_EQ(step.script->predicted_from, "what the branch is a copy of");
  EXPECT_EQ(step.script->place, (DatabasePlace{kCopy, "orders"}));
}

TEST(InsidePrediction, OfADatabaseNewInABranchKnowsTheRoles) {
  World world;
  const Manifest before =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d"),
                  a_role("app_owner").with("login", false), a_role("reader").with("login", true)});
  world.apply(world.plan(before), before);
  const Manifest wanted =
      a_shop_with({inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const sql::Catalogue other =
      CatalogueBuilder("databricks_postgres").with_role("reader").with_schema("main");
  const Plan plan = plan_of(world, wanted, views_of(seen_in(other)));
  const Step& step = script_step(plan);
  EXPECT_EQ(statements_of(step), (Statements{R"(new: CREATE SCHEMA "main")",
                                             R"(new: GRANT USAGE ON SCHEMA "main" TO "reader")"}));
  EXPECT_EQ(step.script->predicted_from, "an empty database");
  EXPECT_EQ(step.script->place.database, "orders");
}

TEST(InsidePrediction, OfADatabaseNewInABranchRefusesRolesThatNobodyMakes) {
  World world;
  const Manifest before =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d")});
  world.apply(world.plan(before), before);
  const Manifest wanted = a_shop_with({inside().with_schema("main").with_usage("ghost", "main")});
  const Plan plan =
      plan_of(world, wanted, views_of(seen_in(CatalogueBuilder("databricks_postgres"))));
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P014");
}

TEST(InsidePrediction, CountsOnRolesThatAreMadeFirst) {
  const World world = applied(a_shop());
  const Manifest wanted =
      a_shop_with({inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const Plan plan = plan_of(
      world, wanted,
      views_of(seen_in(CatalogueBuilder("orders").with_role("app_owner").with_schema("main"))));
  const Step& step = script_step(plan);
  EXPECT_EQ(steps_of(plan),
            (Steps{"create " + kDev + "/roles/reader", "execute " + kOrders + "/sql"}));
  EXPECT_EQ(statements_of(step), Statements{R"(new: GRANT USAGE ON SCHEMA "main" TO "reader")"});
  EXPECT_EQ(step.script->predicted_from, "roles that are made first");
}

TEST(InsidePrediction, OfADatabaseThatIsMadeAnewForgetsWhatTheOldOneHolds) {
  const Manifest manifest = a_shop_with({inside().with_schema("main")});
  const World world = applied_with_insides(manifest);
  Manifest replaced = manifest;
  replaced.declarations.front() = a_project("shop").with("pg_version", 16);
  const Plan plan = plan_of(world, replaced, views_of(seen_in(orders().with_schema("main"))),
                            {.allow_destroy = {"*"}});
  const Step& step = script_step(plan);
  EXPECT_EQ(statements_of(step), Statements{R"(new: CREATE SCHEMA "main")"});
  EXPECT_EQ(step.script->predicted_from, "an empty database");
}

TEST(InsidePrediction, OfABranchWithoutAViewKnowsTheRolesThatItHas) {
  const World world = applied(a_shop_with({}));
  const Manifest wanted =
      a_shop_with({inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const Plan plan = plan_of(world, wanted);
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(InsidePrediction, KnowsTheRolesOfPostgreSqlItself) {
  Inside of_roles = inside(kDev).knows("reader");
  of_roles.wishes.memberships = {{.role = "pg_monitor", .member = "reader"}};
  const Plan plan = plan_of(World(), a_shop_with({of_roles}));
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(statements_of(script_step(plan, kDev)),
            Statements{R"(new: GRANT "pg_monitor" TO "reader")"});
}

TEST(InsidePrediction, MakesRolesThatOnlySqlCanMake) {
  Manifest manifest =
      a_shop_with({inside(kDev).knows("keeper").with_role({.name = "keeper", .can_login = false})});
  Declaration keeper = a_role("keeper").with("login", false);
  keeper.is_made_in_sql = true;
  manifest.declarations.push_back(keeper);
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  EXPECT_EQ(statements_of(script_step(plan_of(World(), manifest), kDev)),
            Statements{R"(new: CREATE ROLE "keeper" NOLOGIN)"});
}

TEST(InsidePrediction, OfRolesUsesAnyDatabaseOfTheBranch) {
  const World world = applied(a_shop_with({}));
  const Manifest wanted = a_shop_with({inside(kDev).with_role({.name = "r"})});
  const Plan plan = plan_of(world, wanted, views_of(seen_in(orders()), kDev));
  EXPECT_EQ(script_step(plan, kDev).script->place, (DatabasePlace{kDev, "orders"}));
  EXPECT_EQ(script_step(plan, kDev).script->predicted_from, "");
  const Plan unseen = plan_of(World(), wanted);
  EXPECT_EQ(script_step(unseen, kDev).script->place, (DatabasePlace{kDev, "databricks_postgres"}));
}

// ---- passwords ----------------------------------------------------------------------------------

Manifest with_password() {
  Manifest manifest = a_shop_with({inside(kDev).knows("reader").with_password("reader", "login")});
  manifest.secrets["login"] = {.type = "env", .name = "LOGIN"};
  return manifest;
}

TEST(InsidePasswords, AreSetForNewRoles) {
  const Step step = script_step(plan_of(World(), with_password()), kDev);
  EXPECT_EQ(statements_of(step), Statements{R"(new: ALTER ROLE "reader" PASSWORD )"});
  ASSERT_EQ(step.script->passwords.size(), 1U);
  EXPECT_EQ(step.script->passwords[0].role, "reader");
  EXPECT_EQ(step.script->passwords[0].secret.type, "env");
  EXPECT_EQ(step.script->passwords[0].secret.name, "LOGIN");
}

TEST(InsidePasswords, AreLeftWhereTheyWork) {
  const World world = applied(a_shop_with({}));
  const Plan plan = plan_of(world, with_password(), views_of(seen_in(orders()), kDev));
  EXPECT_TRUE(plan.is_empty());
}

TEST(InsidePasswords, AreSetWhereTheyDoNotWork) {
  const World world = applied_with_insides(with_password());
  InsideView view = seen_in(orders());
  view.locked_out = {"reader"};
  const Plan plan = plan_of(world, with_password(), views_of(view, kDev));
  EXPECT_EQ(statements_of(script_step(plan, kDev)),
            Statements{R"(drift: ALTER ROLE "reader" PASSWORD )"});
  EXPECT_EQ(plan.drift.size(), 1U);
}

TEST(InsidePasswords, AreNotRemembered) {
  const Step step = script_step(plan_of(World(), with_password()), kDev);
  EXPECT_EQ(to_text(step.record.value().fields), R"({"wishes":{}})");
}

}  // namespace
}  // namespace weir::test
