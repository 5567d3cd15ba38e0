// What becomes of the inside of databases: statements, reasons, what is remembered.
#include "tests/planner/insides.h"

#include <gtest/gtest.h>

namespace weir::test {
namespace {

const std::string kGrant = R"(GRANT USAGE ON SCHEMA "main" TO "reader")";
const std::string kRevoke = R"(REVOKE USAGE ON SCHEMA "main" FROM "reader")";

Manifest wanted() {
  return a_shop_with({inside().knows("reader").with_schema("main").with_usage("reader", "main")});
}

TEST(Insides, OfNewDatabasesArePredictedFromAnEmptyOne) {
  const Plan plan = plan_of(World(), wanted());
  EXPECT_EQ(steps_of(plan).back(), "execute " + kOrders + "/sql");
  const Step& step = script_step(plan);
  EXPECT_EQ(statements_of(step), (Statements{R"(new: CREATE SCHEMA "main")", "new: " + kGrant}));
  EXPECT_EQ(step.script->predicted_from, "an empty database");
  EXPECT_EQ(step.why, "new; predicted from an empty database");
  EXPECT_EQ(step.script->place, (DatabasePlace{kDev, "orders"}));
  EXPECT_EQ(step.remote_name, kOrders + "/sql");
  EXPECT_EQ(step.lock, kDev + "/sql");
  EXPECT_EQ(step.place.line, 10U);
  EXPECT_TRUE(plan.drift.empty());
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(plan.steps.at(step.after.back()).address.text(), kDev + "/roles/reader");
}

TEST(Insides, OfExistingDatabasesAreExact) {
  const World world = applied(a_shop_with({}));
  const Plan plan = plan_of(world, wanted(), views_of(seen_in(orders().with_schema("main"))));
  const Step& step = script_step(plan);
  EXPECT_EQ(statements_of(step), Statements{"new: " + kGrant});
  EXPECT_EQ(step.script->predicted_from, "");
  EXPECT_EQ(step.why, "new");
}

TEST(Insides, AreAdoptedWhenTheyAreAsWanted) {
  const World world = applied(a_shop_with({}));
  const InsideViews views = views_of(seen_in(orders().with_usage("reader", "main")));
  const Plan plan = plan_of(world, wanted(), views);
  EXPECT_TRUE(plan.is_empty());
  EXPECT_EQ(plan.adopted, 1U);
  ASSERT_EQ(plan.adoptions.size(), 1U);
  EXPECT_EQ(plan.adoptions[0].address.text(), kOrders + "/sql");
  EXPECT_EQ(plan.adoptions[0].kind, "sql");
}

TEST(Insides, AreNothingToDoWhenTheyWereApplied) {
  const World world = applied_with_insides(wanted());
  const Plan plan =
      plan_of(world, wanted(), views_of(seen_in(orders().with_usage("reader", "main"))));
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.adoptions.empty());
  EXPECT_EQ(plan.adopted, 0U);
}

TEST(Insides, SayWhatDrifted) {
  const World world = applied_with_insides(wanted());
  const Plan plan = plan_of(world, wanted(), views_of(seen_in(orders().with_schema("main"))));
  EXPECT_EQ(statements_of(script_step(plan)), Statements{"drift: " + kGrant});
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift[0].address.text(), kOrders + "/sql");
  EXPECT_EQ(plan.drift[0].statements.at(0).statement.text, kGrant);
  EXPECT_EQ(count(plan).drifted, 1U);
}

TEST(Insides, SayWhoMayWhatThatNobodyDeclares) {
  const World world = applied_with_insides(wanted());
  const std::vector<std::string> both = {"guest", "reader"};
  const Plan plan = plan_of(
      world, wanted(), views_of(seen_in(orders().with_role("guest").with_usage(both, "main"))));
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.drift.empty());
  const auto stranger = std::ranges::find(plan.unmanaged, kOrders + "/sql", &Unmanaged::name);
  ASSERT_NE(stranger, plan.unmanaged.end());
  EXPECT_EQ(stranger->access, "schema main gives USAGE to guest, which nothing declares");
}

TEST(Insides, SayWhatTheManifestChanged) {
  const World world = applied_with_insides(a_shop_with({inside().with_schema("main")}));
  const Plan plan = plan_of(world, wanted(), views_of(seen_in(orders().with_schema("main"))));
  EXPECT_EQ(statements_of(script_step(plan)), Statements{"manifest changed: " + kGrant});
  EXPECT_TRUE(plan.drift.empty());
}

TEST(Insides, TakeBackWhatIsNoLongerDeclared) {
  const World world = applied_with_insides(wanted());
  const Manifest less = a_shop_with({inside().with_schema("main")});
  const Plan plan = plan_of(world, less, views_of(seen_in(orders().with_usage("reader", "main"))));
  EXPECT_EQ(statements_of(script_step(plan)), Statements{"no longer declared: " + kRevoke});
  EXPECT_TRUE(plan.drift.empty());
}

TEST(Insides, TakeNothingBackWithoutPruning) {
  const World world = applied_with_insides(wanted());
  const Manifest less = a_shop_with({inside().with_schema("main")});
  const Plan plan = plan_of(world, less, views_of(seen_in(orders().with_usage("reader", "main"))),
                            {.may_prune = false});
  EXPECT_TRUE(plan.is_empty());
}

TEST(Insides, AreStillToBeTakenBackAfterAPlanWithoutPruning) {
  const World world = applied_with_insides(wanted());
  const Manifest less = a_shop_with({inside().with_schema("main")});
  const Plan plan = plan_of(world, less, views_of(seen_in(orders().with_usage("reader", "main"))),
                            {.may_prune = false});
  EXPECT_TRUE(plan.adoptions.empty()) << "the record alone knows what is to be taken back";
}

TEST(Insides, RememberWhatAChangeWithoutPruningLeaves) {
  const World world = applied_with_insides(wanted());
  const Manifest other = a_shop_with({inside().with_schema("other")});
  const Plan plan = plan_of(world, other, views_of(seen_in(orders().with_usage("reader", "main"))),
                            {.may_prune = false});
  World later = world;
  later.records[script_step(plan).address] = script_step(plan).record.value();
  const Plan pruning = plan_of(
      later, other, views_of(seen_in(orders().with_usage("reader", "main").with_schema("other"))),
      {.allow_destroy = {"*"}});
  EXPECT_EQ(statements_of(script_step(pruning)),
            Statements{R"(no longer declared: DROP SCHEMA "main" CASCADE)"});
}

TEST(Insides, ThatAreDeclaredNoLongerAreReleased) {
  const World world = applied_with_insides(a_shop_with(
      {inside().knows("reader").with_usage("reader", "public").with_setting("work_mem", "8MB")}));
  sql::Catalogue catalogue = orders();
  catalogue.settings.push_back({.is_of_database = true, .name = "work_mem", .value = "8MB"});
  const Plan plan = plan_of(world, a_shop_with({}), views_of(seen_in(catalogue)));
  const Step& step = script_step(plan);
  EXPECT_EQ(statements_of(step),
            Statements{R"(no longer declared: ALTER DATABASE "orders" RESET "work_mem")"});
  EXPECT_FALSE(step.record) << "it is forgotten once it is done";
}

TEST(Insides, ThatAreDeclaredNoLongerAreForgottenWhenNothingIsLeft) {
  const World world =
      applied_with_insides(a_shop_with({inside().knows("reader").with_usage("reader", "public")}));
  const Plan plan = plan_of(world, a_shop_with({}), views_of(seen_in(orders())));
  EXPECT_EQ(steps_of(plan), Steps{"forget " + kOrders + "/sql"});
}

TEST(Insides, ThatAreDeclaredNoLongerStayRememberedWithoutPruning) {
  const World world =
      applied_with_insides(a_shop_with({inside().knows("reader").with_usage("reader", "public")}));
  const Plan plan =
      plan_of(world, a_shop_with({}), views_of(seen_in(orders())), {.may_prune = false});
  EXPECT_TRUE(plan.is_empty());
}

TEST(Insides, AreForgottenWithADatabaseThatIsDeclaredNoLonger) {
  const World world = applied_with_insides(wanted());
  const Manifest without =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d"),
                  a_role("app_owner").with("login", false), a_role("reader").with("login", true)});
  EXPECT_EQ(steps_of(plan_of(world, without)), Steps{"delete " + kOrders});
}

TEST(Insides, AreForgottenWithADatabaseThatIsKept) {
  World world = applied_with_insides(wanted());
  world.records.at(Address::parse(kOrders).value()).on_remove = "keep";
  const Manifest without =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d"),
                  a_role("app_owner").with("login", false), a_role("reader").with("login", true)});
  EXPECT_EQ(steps_of(plan_of(world, without)),
            (Steps{"forget " + kOrders, "forget " + kOrders + "/sql"}));
}

TEST(Insides, ThatWereNotSeenAreLeftAlone) {
  const World world = applied(a_shop_with({}));
  InsideView view = {.place = {kDev, "orders"}, .withheld = "its endpoint is asleep"};
  const Plan plan = plan_of(world, wanted(), views_of(view));
  EXPECT_TRUE(plan.is_empty());
  EXPECT_TRUE(plan.adoptions.empty());
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].type, Notice::Type::kChangedUnseen);
  EXPECT_EQ(plan.notices[0].address.text(), kOrders);
  EXPECT_EQ(plan.notices[0].text,
            "was not looked into, and what is declared of it was not applied yet: its endpoint is "
            "asleep");
  const Plan later = plan_of(applied_with_insides(wanted()), wanted(), views_of(view));
  ASSERT_EQ(later.notices.size(), 1U);
  EXPECT_EQ(later.notices[0].type, Notice::Type::kNotSeen);
  EXPECT_EQ(later.notices[0].text, "was not looked into: its endpoint is asleep");
}

TEST(Insides, OfABranchThatComesBackWaitForTheNextPlan) {
  const Manifest manifest = a_shop_with({inside(kDev).with_setting("work_mem", "8MB"), inside()});
  World world = applied_with_insides(manifest);
  world.resources.at(kDev).delete_time = "2026-04-30T00:00:00Z";
  world.resources.at(kDev).purge_time = "2026-05-30T00:00:00Z";
  EXPECT_EQ(steps_of(plan_of(world, manifest)), Steps{"undelete " + kDev});
}

/// What is planned when SQL makes the role that was `before`, by `wish` and what is declared.
Plan plan_for_keeper(const Declaration& before, const sql::RoleWish& wish, Declaration keeper) {
  const auto with = [](Manifest manifest, const Declaration& role) {
    manifest.declarations.push_back(role);
    std::ranges::sort(manifest.declarations, {}, &Declaration::address);
    return manifest;
  };
  const World world = applied(with(a_shop_with({}), before));
  keeper.is_made_in_sql = true;
  const Manifest manifest =
      with(a_shop_with({inside(kDev).knows("keeper").with_role(wish)}), keeper);
  return plan_of(world, manifest, views_of(seen_in(orders().with_role("keeper")), kDev));
}

TEST(Insides, ChangeRolesThatOnlySqlMakes) {
  const Plan plan = plan_for_keeper(
      a_role("keeper").with("login", false), {.name = "keeper", .can_create_databases = true},
      a_role("keeper").with("login", false).with("attributes", {"createdb"}));
  EXPECT_EQ(steps_of(plan), Steps{"execute " + kDev + "/sql"});
}

TEST(Insides, ChangeRolesThatTheServiceMadeAndOnlySqlWouldMakeNow) {
  const Plan plan = plan_for_keeper(a_role("keeper").with("auth_method", "password"),
                                    {.name = "keeper", .can_login = false},
                                    a_role("keeper").with("auth_method", "no_login"));
  EXPECT_EQ(steps_of(plan), Steps{"execute " + kDev + "/sql"});
}

TEST(Insides, SayNothingOfAnOwnerWhomStatementsReplace) {
  const World world = applied(a_shop_with({}));
  Inside orders_inside = inside().with_schema("main");
  orders_inside.wishes.owners.push_back(
      {.tag = "t", .target = sql::the_database("orders"), .owner = "keeper"});
  Manifest manifest = a_shop_with({orders_inside});
  for (Declaration& each : manifest.declarations) {
    if (each.address.text() == kOrders) each.fields.erase("owner");
  }
  const Plan plan = plan_of(world, manifest, views_of(seen_in(orders().with_role("keeper"))));
  for (const Notice& notice : plan.notices) {
    EXPECT_EQ(notice.text.find("owner is no longer declared"), std::string::npos);
  }
}

TEST(Insides, AreTheSameWithoutTheState) {
  World world = applied_with_insides(wanted());
  const InsideViews views = views_of(seen_in(orders().with_schema("main")));
  const Plan before = plan_of(world, wanted(), views);
  world.records.clear();
  const Plan after = plan_of(world, wanted(), views);
  EXPECT_EQ(after.steps.at(0).script->statements.at(0).statement,
            before.steps.at(0).script->statements.at(0).statement);
  EXPECT_EQ(statements_of(after.steps.at(0)), Statements{"new: " + kGrant});
}

TEST(Insides, AreRefusedWhereTheyCannotBe) {
  const World world = applied(a_shop_with({}));
  const Manifest wanted = a_shop_with({inside().with_schema("main").with_usage("ghost", "main")});
  const Plan plan = plan_of(world, wanted, views_of(seen_in(orders().with_schema("main"))));
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P014");
  EXPECT_EQ(plan.refusals[0].address, kOrders + "/schemas/main/access/ghost");
  EXPECT_EQ(plan.refusals[0].place.line, 12U);
  EXPECT_EQ(plan.refusals[0].place.column, 5U);
  EXPECT_NE(plan.refusals[0].message.find("ghost"), std::string::npos);
}

TEST(Insides, AreNotRefusedWhenTheyAreNotSelected) {
  const World world = applied(a_shop_with({}));
  const Manifest wanted = a_shop_with({inside().with_schema("main").with_usage("ghost", "main")});
  const InsideViews views = views_of(seen_in(orders().with_schema("main")));
  EXPECT_TRUE(plan_of(world, wanted, views, {.only = {"**/roles/*"}}).refusals.empty());
  EXPECT_TRUE(plan_of(world, wanted, views, {.except = {"**/sql"}}).refusals.empty());
  EXPECT_EQ(plan_of(world, wanted, views, {.only = {"**/sql"}}).refusals.size(), 1U);
}

TEST(Insides, AreChosenWithWhatTheyNeed) {
  const Plan only = plan_of(World(), wanted(), {}, {.only = {"**/databases/orders/sql"}});
  EXPECT_EQ(steps_of(only), steps_of(plan_of(World(), wanted())));
  const Plan except = plan_of(World(), wanted(), {}, {.except = {"**/sql"}});
  EXPECT_EQ(steps_of(except), steps_of(plan_of(World(), a_shop_with({}))));
}

TEST(Insides, AreNotAdoptedWhenTheyAreNotSelected) {
  const World world = applied(a_shop_with({}));
  const InsideViews views = views_of(seen_in(orders().with_usage("reader", "main")));
  const Plan plan = plan_of(world, wanted(), views, {.except = {"**/sql"}});
  EXPECT_TRUE(plan.adoptions.empty());
  EXPECT_EQ(plan.adopted, 0U);
}

TEST(Insides, AreNotChangedWhenEverythingEnds) {
  const World world = applied_with_insides(wanted());
  const Plan plan = plan_of(world, wanted(), views_of(seen_in(orders())),
                            {.is_destroy = true, .allow_destroy = {"*"}});
  EXPECT_EQ(steps_of(plan), Steps{"delete projects/shop"});
}

TEST(Insides, NameRolesAsPostgresDoes) {
  Manifest manifest = a_manifest({a_project("shop"), a_branch("dev"), a_database("orders"),
                                  a_role("web").called("0a1b-client").with("login", true)});
  manifest.insides = {inside().knows("web").with_schema("main").with_usage("web", "main")};
  EXPECT_EQ(statements_of(script_step(plan_of(World(), manifest))).back(),
            R"(new: GRANT USAGE ON SCHEMA "main" TO "0a1b-client")");
}

TEST(Insides, AreStaleWhereTheirDatabaseHasMoved) {
  const World world = applied(a_shop_with({}));
  const Plan plan = plan_of(world, wanted(), views_of(seen_in(orders().with_schema("main"))));
  const auto stale_for = [&](const sql::Catalogue& catalogue) {
    return find_stale_scripts(plan, views_of(seen_in(catalogue), kOrders + "/sql"));
  };
  EXPECT_TRUE(stale_for(orders().with_schema("main").with_schema("other")).empty());
  const std::vector<Stale> stale = stale_for(orders().with_usage("reader", "main"));
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(plan.steps.at(stale[0].step).address.text(), kOrders + "/sql");
  EXPECT_EQ(stale[0].what, kGrant + " is not needed any more");
  EXPECT_TRUE(find_stale_scripts(plan, {}).empty()) << "nobody looked";
}

TEST(Insides, MakeThePlanWhateverTheirOrder) {
  Manifest manifest = a_shop_with({inside(kDev).with_setting("work_mem", "8MB"),
                                   inside().with_schema("main").with_schema("other")});
  const std::vector<std::string> steps = steps_of(plan_of(World(), manifest));
  std::ranges::reverse(manifest.insides);
  std::ranges::reverse(manifest.insides.front().wishes.schemas);
  EXPECT_EQ(steps_of(plan_of(World(), manifest)), steps);
}

}  // namespace
}  // namespace weir::test
