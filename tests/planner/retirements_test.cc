// A role that ends leaves what it owns to others, in every database of its branch.
#include "planner/retirements.h"

#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const std::string kReader = kDev + "/roles/reader";
const std::string kStock = kDev + "/databases/stock";

/// The shop with a second database, where everything was applied.
Manifest a_shop_with_stock(const std::vector<Inside>& insides = {}) {
  Manifest manifest = a_shop_with(insides);
  manifest.declarations.push_back(a_database("stock").with("owner", kDev + "/roles/app_owner"));
  return manifest;
}

Manifest without_reader(Manifest manifest) {
  std::erase_if(manifest.declarations,
                [](const Declaration& each) { return each.address.text() == kReader; });
  return manifest;
}

sql::Catalogue stock() {
  return CatalogueBuilder("stock").with_role("app_owner").with_role("reader");
}

InsideViews views_of_both() {
  InsideViews views = views_of(seen_in(orders()));
  views.merge(views_of(seen_in(stock()), kStock));
  return views;
}

const Step* step_at(const Plan& plan, const std::string& address) {
  const auto step = std::ranges::find_if(
      plan.steps, [&](const Step& each) { return each.address.text() == address; });
  return step == plan.steps.end() ? nullptr : &*step;
}

/// The statements of a retirement, without their reasons.
std::vector<std::string> texts_of(const Plan& plan, const std::string& database) {
  std::vector<std::string> texts;
  const Address address = Address::parse(kReader).value().child("databases", database);
  for (const Step& step : plan.steps) {
    if (step.address != address) continue;
    for (const PlannedStatement& each : step.script.value().statements) {
      texts.push_back(each.statement.text);
    }
  }
  return texts;
}

TEST(Retirement, ComesBeforeTheEndOfTheRoleInEachDatabaseOfTheBranch) {
  const World world = applied(a_shop_with_stock());
  const Plan plan = plan_of(world, without_reader(a_shop_with_stock()), views_of_both());
  EXPECT_EQ(steps_of(plan),
            (Steps{"execute " + kReader + "/databases/orders",
                   "execute " + kReader + "/databases/stock", "delete " + kReader}));
  EXPECT_EQ(plan.steps[2].after, (std::vector<std::size_t>{0, 1}));
}

TEST(Retirement, LeavesWhatTheRoleOwnsToTheDeclaredOwnerOfTheDatabase) {
  const World world = applied(a_shop_with_stock());
  const Plan plan = plan_of(world, without_reader(a_shop_with_stock()), views_of_both());
  EXPECT_EQ(texts_of(plan, "stock"), (Statements{R"(REASSIGN OWNED BY "reader" TO "app_owner")",
                                                 R"(DROP OWNED BY "reader")"}));
}

/// Both roles are gone, and with them the owners.
Manifest without_roles() {
  Manifest manifest = a_shop_with_stock();
  std::erase_if(manifest.declarations,
                [](const Declaration& each) { return each.kind->name == "role"; });
  for (Declaration& each : manifest.declarations) each.fields.erase("owner");
  return manifest;
}

TEST(Retirement, LeavesItToWhoeverAppliesWhereTheOwnerIsLeavingAsWell) {
  const World world = applied(a_shop_with_stock());
  const Plan plan = plan_of(world, without_roles(), views_of_both());
  EXPECT_EQ(texts_of(plan, "orders").front(),
            R"(REASSIGN OWNED BY "reader" TO "whoever applies this")");
}

TEST(Retirement, OfSecondRolesIsWorkedOutForWhatTheFirstOnesLeave) {
  const World world = applied(a_shop_with_stock());
  sql::Catalogue catalogue = orders().with_usage("reader", "main");
  catalogue.groups.back().owner = catalogue.role_named("app_owner")->id;
  const Plan plan = plan_of(world, without_roles(), views_of(seen_in(catalogue)));
  const Step* of_owner = step_at(plan, kDev + "/roles/app_owner/databases/orders");
  const Step* of_reader = step_at(plan, kDev + "/roles/reader/databases/orders");
  ASSERT_TRUE(of_owner != nullptr && of_reader != nullptr);
  EXPECT_EQ(std::ranges::count(of_reader->after, std::size_t(of_owner - plan.steps.data())), 1);
  for (const PlannedStatement& each : of_reader->script->statements) {
    EXPECT_EQ(each.statement.text.find("app_owner"), std::string::npos) << each.statement.text;
  }
}

TEST(Retirement, IsRefusedForWhoeverAppliesThePlan) {
  const World world = applied(a_shop_with_stock());
  sql::Catalogue catalogue = orders();
  catalogue.current_user = catalogue.role_named("reader")->id;
  const Plan plan =
      plan_of(world, without_reader(a_shop_with_stock()), views_of(seen_in(catalogue)));
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P014");
  EXPECT_EQ(plan.refusals[0].message,
            "in database orders: reader is who carries this out, and cannot end itself");
}

TEST(Retirement, IsNotChosenWithADatabase) {
  const Manifest before = a_shop_with_stock(
      {inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const World world = applied_with_insides(before);
  const Manifest after = without_reader(a_shop_with_stock({inside().with_schema("main")}));
  InsideViews views = views_of_both();
  views.at(Address::parse(kOrders).value()) = seen_in(orders().with_usage("reader", "main"));
  const Plan plan = plan_of(world, after, views, {.only = {kOrders}});
  EXPECT_EQ(steps_of(plan), Steps{"execute " + kOrders + "/sql"});
  EXPECT_EQ(statements_of(plan.steps[0]),
            Statements{R"(no longer declared: REVOKE USAGE ON SCHEMA "main" FROM "reader")"});
}

TEST(Retirement, TakesNothingBackThatEndsWithTheRole) {
  const Manifest before = a_shop_with_stock(
      {inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const World world = applied_with_insides(before);
  Manifest after = without_reader(a_shop_with_stock({inside().with_schema("main")}));
  InsideViews views = views_of_both();
  views.at(Address::parse(kOrders).value()) = seen_in(orders().with_usage("reader", "main"));
  const Plan plan = plan_of(world, after, views);
  EXPECT_EQ(steps_of(plan),
            (Steps{"execute " + kReader + "/databases/orders",
                   "execute " + kReader + "/databases/stock", "delete " + kReader}));
}

TEST(Retirement, IsNothingThatIsRemembered) {
  const World world = applied(a_shop_with_stock());
  const Plan plan = plan_of(world, without_reader(a_shop_with_stock()), views_of_both());
  for (const Step& step : plan.steps) EXPECT_FALSE(step.record) << step.address.text();
}

TEST(Retirement, IsChosenWithTheRole) {
  const World world = applied(a_shop_with_stock());
  const Plan plan =
      plan_of(world, without_reader(a_shop_with_stock()), views_of_both(), {.only = {kReader}});
  EXPECT_EQ(plan.steps.size(), 3U);
}

TEST(Retirement, SaysWhichDatabasesNobodyLookedInto) {
  const World world = applied(a_shop_with_stock());
  InsideViews views = views_of_both();
  views.at(Address::parse(kStock).value()).catalogue.reset();
  views.at(Address::parse(kStock).value()).withheld = "its endpoint is asleep";
  const Plan plan = plan_of(world, without_reader(a_shop_with_stock()), views);
  EXPECT_EQ(steps_of(plan),
            (Steps{"execute " + kReader + "/databases/orders", "delete " + kReader}));
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].text,
            "was not looked into: its endpoint is asleep. What the role has there keeps it from "
            "being deleted");
}

TEST(Retirement, SaysWhereTheRoleHasSomethingThatNobodyWillTake) {
  const World world = applied(a_shop_with_stock());
  sql::Catalogue seen = orders();
  const sql::RoleId reader = seen.role_named("reader")->id;
  seen.stays = {{.role = reader, .database = "stock"}, {.role = reader, .database = "template1"}};
  InsideViews views = views_of(seen_in(seen));
  views.merge(views_of(seen_in(stock()), kStock));
  const Plan plan = plan_of(world, without_reader(a_shop_with_stock()), views);
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].address.text(), kReader);
  EXPECT_EQ(plan.notices[0].text,
            "has something in database template1, which is not listed, so that nothing is taken "
            "from it there; that may keep it from being deleted");
}

/// The databases that are asked about when the reader goes.
std::vector<std::string> asked(const Manifest& manifest, const InsideViews& seen,
                               Wake wake = Wake::kAuto) {
  const World world = applied(a_shop_with_stock());
  const Plan plan = plan_of(world, without_reader(manifest));
  std::vector<std::string> names;
  for (const InsideQuestion& question : questions_about_retirements(
           manifest, plan, world.seen(), lakebase_catalogue(), seen, wake)) {
    names.push_back(question.place.database);
  }
  return names;
}

TEST(Retirement, AsksAboutDatabasesThatNothingElseLookedInto) {
  const std::string unnamed = "databricks_postgres";
  const Manifest manifest = a_shop_with_stock({inside().with_schema("main")});
  EXPECT_EQ(asked(manifest, {}), (Statements{unnamed, "orders", "stock"}));
  EXPECT_EQ(asked(manifest, views_of(seen_in(orders()))), (Statements{unnamed, "stock"}));
}

TEST(Retirement, AsksNothingWhereNothingInsideIsDeclared) {
  EXPECT_TRUE(asked(a_shop_with_stock(), {}).empty());
  EXPECT_EQ(asked(a_shop_with_stock(), {}, Wake::kAlways).size(), 3U);
}

TEST(Retirement, LooksForTheRoleOfAnAppWhereverItMayHaveBeenBound) {
  Manifest manifest = a_shop_with_stock();
  for (Declaration& each : manifest.declarations) {
    if (each.address.text() == kReader) each.fields["identity"] = "service_principal";
  }
  const World world = applied(manifest);
  const Plan plan = plan_of(world, without_reader(manifest));
  const auto questions = questions_about_retirements(manifest, plan, world.seen(),
                                                     lakebase_catalogue(), {}, Wake::kAuto);
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_TRUE(std::ranges::all_of(questions, &InsideQuestion::may_fail));
}

/// For the role's end it was woken, and what was seen then is what there is.
TEST(Retirement, ShowsWhatIsInsideADatabaseThatWouldHaveSlept) {
  const Manifest manifest = a_shop_with({inside().with_schema("main")});
  const World world = applied_with_insides(manifest);
  InsideViews views = views_of(seen_in(orders()), kReader + "/databases/orders");
  views[Address::parse(kOrders).value()] = {.place = seen_in(orders()).place,
                                            .withheld = "its endpoint is asleep"};
  const Plan plan = plan_of(world, without_reader(manifest), views);
  EXPECT_EQ(statements_of(script_step(plan)), Statements{R"(drift: CREATE SCHEMA "main")"});
  EXPECT_TRUE(plan.notices.empty());
}

TEST(Retirement, ComesBeforeARoleIsMadeAnewWhichGetsItsPrivilegesAgain) {
  const Manifest before =
      a_shop_with({inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  const World world = applied_with_insides(before);
  Manifest after = before;
  for (Declaration& each : after.declarations) {
    if (each.address.text() == kReader) each.fields["identity"] = "user";
  }
  const Plan plan = plan_of(world, after, views_of(seen_in(orders().with_usage("reader", "main"))));
  EXPECT_EQ(steps_of(plan), (Steps{"execute " + kReader + "/databases/orders", "delete " + kReader,
                                   "create " + kReader, "execute " + kOrders + "/sql"}));
  EXPECT_EQ(statements_of(script_step(plan)),
            Statements{"drift: GRANT USAGE ON SCHEMA \"main\" TO \"reader\""});
  EXPECT_EQ(script_step(plan).script->predicted_from, "roles that are made first");
}

TEST(Retirement, IsNotNeededForRolesThatGoWithTheirBranch) {
  const World world = applied(a_shop_with_stock());
  PlanOptions options;
  options.is_destroy = true;
  const Plan plan = plan_of(world, a_shop_with_stock(), views_of_both(), options);
  for (const Step& step : plan.steps) EXPECT_FALSE(step.script) << step.address.text();
}

}  // namespace
}  // namespace weir::test
