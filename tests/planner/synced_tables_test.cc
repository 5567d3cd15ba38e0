// Synced tables while a plan is made: what ends, what statements do about it, what is made.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/forgery.h"
#include "planner/formers.h"
#include "planner/sources.h"
#include "tests/planner/copies.h"

namespace weir::test {
namespace {

const std::string kTable = kOrders + "/schemas/crm/synced_tables/books";
const std::string kTableName = "synced_tables/shop_pg.crm.books";

/// The shop with a schema that the reader may use with all its tables, and what else is declared.
Manifest a_manifest_with(std::vector<Declaration> more) {
  Inside orders = inside().knows("reader").with_schema("crm").with_usage("reader", "crm");
  const sql::Tag tag = orders.wishes.access.front().tag;
  orders.wishes.access.push_back({.tag = tag,
                                  .grantee = {.role = "reader"},
                                  .target = sql::all_in_schema(sql::ObjectClass::kTable, "crm"),
                                  .privileges = {sql::Privilege::kSelect}});
  orders.places[kTable] = {.file = 0, .line = 40, .column = 1};
  Manifest manifest = a_shop_with({orders});
  for (Declaration& declaration : more) manifest.declarations.push_back(std::move(declaration));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  return manifest;
}

Manifest with_a_table(const std::string& source = "main.shop.books") {
  return a_manifest_with({a_catalog(), a_synced_table(source)});
}

/// The database as it is once the reader may read `tables`, which the service has made.
sql::Catalogue with_tables(const std::vector<std::string>& tables, bool may_read = true) {
  CatalogueBuilder builder = orders().with_role("databricks_writer").with_usage("reader", "crm");
  sql::Catalogue catalogue = builder;
  const sql::RoleId writer = catalogue.role_named("databricks_writer")->id;
  for (const std::string& table : tables) {
    sql::add_table(catalogue, "crm", table, writer);
    if (!may_read) continue;
    catalogue.groups.back().acl.push_back(
        {writer, catalogue.role_named("reader")->id, {sql::Privilege::kSelect}});
    catalogue.groups.back().is_built_in_acl = false;
  }
  return catalogue;
}

/// "delete synced_table, execute sql, …"
std::string order_of(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", text_of(step.action),
                        step.script ? step.address.key() : std::string(step.kind->name));
  }
  return text;
}

const Step& step_at(const Plan& plan, const std::string& address) {
  const auto step = std::ranges::find_if(
      plan.steps, [&](const Step& each) { return each.address.text() == address; });
  if (step == plan.steps.end()) throw std::logic_error("no step is about " + address);
  return *step;
}

TEST(SyncedTables, AreMadeBehindTheirCatalogAndTheirSchemaAndGetTheirGrantsThen) {
  const World world = applied_with_insides(a_manifest_with({}));
  const Plan plan = plan_of(world, with_a_table(), views_of(seen_in(with_tables({}))));
  EXPECT_EQ(order_of(plan), "create catalog, create synced_table, execute sql-after-sync");
  const Step& after = step_at(plan, kOrders + "/sql-after-sync");
  EXPECT_EQ(statements_of(after),
            Statements{R"(new: GRANT SELECT ON TABLE "crm"."books" TO "reader")"});
  EXPECT_EQ(after.script->predicted_from, "the tables that are copied by then");
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(SyncedTables, AreMadeAnewWithWhatTheyHad) {
  const World world = applied_with_insides(with_a_table());
  const Plan plan =
      plan_of(world, with_a_table("main.shop.all"), views_of(seen_in(with_tables({"books"}))));
  EXPECT_EQ(order_of(plan),
            "delete synced_table, execute sql, create synced_table, execute sql-after-sync");
  EXPECT_EQ(statements_of(script_step(plan)),
            Statements{R"(manifest changed: DROP TABLE "crm"."books")"});
  EXPECT_EQ(statements_of(step_at(plan, kOrders + "/sql-after-sync")),
            Statements{R"(new: GRANT SELECT ON TABLE "crm"."books" TO "reader")"});
  EXPECT_EQ(plan.steps.front().disruption, "nobody can read the table until it is copied anew");
  EXPECT_TRUE(plan.refusals.empty()) << "nothing is lost";
  EXPECT_TRUE(plan.drift.empty());
}

TEST(SyncedTables, AreRememberedUntilTheirTableIsDropped) {
  const World world = applied_with_insides(with_a_table());
  const Plan replacing =
      plan_of(world, with_a_table("main.shop.all"), views_of(seen_in(with_tables({"books"}))));
  EXPECT_TRUE(replacing.steps.front().record) << "the next plan knows whose table that is";
  const Plan ending =
      plan_of(world, a_manifest_with({a_catalog()}), views_of(seen_in(with_tables({"books"}))));
  EXPECT_EQ(order_of(ending), "delete synced_table, execute sql, forget synced_table");
  EXPECT_TRUE(ending.steps.front().record);
}

TEST(SyncedTables, ThatAKillHasLeftHalfAwayAreTakenUpWhereTheyWere) {
  World world = applied_with_insides(with_a_table());
  world.resources.erase(kTableName);
  const Plan anew = plan_of(world, with_a_table(), views_of(seen_in(with_tables({"books"}))));
  EXPECT_EQ(order_of(anew), "execute sql, create synced_table, execute sql-after-sync");
  const Plan gone =
      plan_of(world, a_manifest_with({a_catalog()}), views_of(seen_in(with_tables({"books"}))));
  EXPECT_EQ(order_of(gone), "execute sql, forget synced_table");
  EXPECT_EQ(statements_of(script_step(gone)),
            Statements{R"(manifest changed: DROP TABLE "crm"."books")"});
}

TEST(SyncedTables, DropNoTableOfSomebodyWhoIsKnown) {
  World world = applied_with_insides(with_a_table());
  world.resources.erase(kTableName);
  sql::Catalogue catalogue = with_tables({});
  sql::add_table(catalogue, "crm", "books", catalogue.role_named("app_owner")->id);
  const Plan plan = plan_of(world, with_a_table(), views_of(seen_in(catalogue)));
  ASSERT_FALSE(plan.refusals.empty());
  EXPECT_EQ(plan.refusals.front().message,
            "crm.books is a table of app_owner and no copy that the service made");
  for (const Step& step : plan.steps) {
    if (!step.script) continue;
    for (const PlannedStatement& each : step.script->statements) {
      EXPECT_EQ(each.statement.text.find("DROP"), std::string::npos);
    }
  }
}

TEST(SyncedTables, DropNoTableOfARoleThatNobodyDeclaresAndTheServiceLists) {
  World world = applied_with_insides(with_a_table());
  world.resources.erase(kTableName);
  world.add(an_observed(kRole, kDev + "/roles/bob", {{"postgres_role", "bob"}}));
  sql::Catalogue catalogue = orders().with_role("bob").with_usage("reader", "crm");
  sql::add_table(catalogue, "crm", "books", catalogue.role_named("bob")->id);
  const Manifest without = a_manifest_with({a_catalog()});
  const Plan plan = plan_of(world, without, views_of(seen_in(catalogue)), {.allow_destroy = {"*"}});
  ASSERT_EQ(plan.refusals.size(), 1U) << "consent to everything is not meant for that";
  EXPECT_EQ(plan.refusals.front().rule, "P014");
  const Plan meant =
      plan_of(world, without, views_of(seen_in(catalogue)), {.allow_destroy = {kTable}});
  EXPECT_TRUE(meant.refusals.empty());
}

TEST(SyncedTables, ThatNobodyChoseStayWhole) {
  Manifest before = with_a_table();
  DeclarationBuilder other(kSyncedTable, "pens", kOrders + "/schemas/crm");
  other.called("shop_pg.crm.pens").with("from", "main.shop.pens").with("mode", "snapshot");
  other.with("primary_key", Document::array({"id"}))
      .with("branch", kDev)
      .with("database", "orders");
  before.declarations.push_back(other);
  std::ranges::sort(before.declarations, {}, &Declaration::address);
  const World world = applied_with_insides(before);
  Manifest after = before;
  for (Declaration& each : after.declarations) {
    if (each.kind == &kSyncedTable) each.fields["mode"] = "continuous";
  }
  const InsideViews views = views_of(seen_in(with_tables({"books", "pens"})));
  const Plan one = plan_of(world, after, views, {.only = {"**/synced_tables/books"}});
  EXPECT_EQ(order_of(one),
            "delete synced_table, execute sql, create synced_table, execute sql-after-sync");
  for (const Step& step : one.steps) {
    EXPECT_EQ(step.remote_name.find("pens"), std::string::npos);
    if (!step.script) continue;
    for (const PlannedStatement& each : step.script->statements) {
      EXPECT_EQ(each.statement.text.find("pens"), std::string::npos);
    }
  }
  EXPECT_EQ(order_of(plan_of(world, after, views, {.only = {"**/sql"}})), "");
  EXPECT_EQ(order_of(plan_of(world, after, views, {.except = {"**/sql"}})), "");
}

TEST(SyncedTables, MoveWithTheirCatalogAndAreMadeAnewThere) {
  const World world = applied_with_insides(with_a_table());
  const std::string sales = kDev + "/databases/sales";
  Manifest manifest = a_shop_with({});
  manifest.declarations.push_back(a_database("sales").with("owner", kDev + "/roles/app_owner"));
  DeclarationBuilder catalog(kCatalog, "", sales);
  catalog.called("shop_pg").with("name", "shop_pg").with("branch", kDev).with("database", "sales");
  DeclarationBuilder table(kSyncedTable, "books", sales + "/schemas/crm");
  table.called("shop_pg.crm.books").with("from", "main.shop.books").with("mode", "snapshot");
  table.with("primary_key", Document::array({"id"})).with("branch", kDev).with("database", "sales");
  manifest.declarations.push_back(catalog);
  manifest.declarations.push_back(table);
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  World hidden = world;
  for (const char* field : {"branch", "database", "from", "mode", "primary_key"}) {
    hidden.resources.at(kTableName).fields.erase(field);
  }
  const Plan plan = plan_of(hidden, manifest, {}, {.allow_destroy = {"*"}});
  const std::string order = order_of(plan);
  EXPECT_LT(order.find("delete synced_table"), order.find("delete catalog")) << order;
  EXPECT_LT(order.find("create catalog"), order.find("create synced_table")) << order;
}

TEST(SyncedTables, WhoseDatabaseNobodySawAreRememberedAndNotMadeAnew) {
  const World world = applied_with_insides(with_a_table());
  const InsideViews asleep =
      views_of({.place = {.branch = kDev, .database = "orders"}, .withheld = "it sleeps"});
  const Plan gone = plan_of(world, a_manifest_with({a_catalog()}), asleep);
  EXPECT_EQ(order_of(gone), "delete synced_table") << "the record stays for a plan that sees it";
  const Plan anew = plan_of(world, with_a_table("main.shop.all"), asleep);
  ASSERT_EQ(anew.refusals.size(), 1U);
  EXPECT_EQ(anew.refusals.front().message,
            "what the copy leaves in Postgres cannot be dropped: it sleeps");
}

TEST(SyncedTables, ThatHaveFailedAreDriftThatNoPlanMends) {
  World world = applied_with_insides(with_a_table());
  world.resources.at(kTableName).facts = {{"current_state", "SYNCED_TABLE_OFFLINE_FAILED"},
                                          {"message", "a null byte"}};
  const Plan plan = plan_of(world, with_a_table(), views_of(seen_in(with_tables({"books"}))));
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift.front().problems,
            std::vector<std::string>{"it is SYNCED_TABLE_OFFLINE_FAILED: a null byte"});
}

TEST(SyncedTables, OfASavedPlanAreNoForgery) {
  const World world = applied_with_insides(with_a_table());
  const Plan plan =
      plan_of(world, with_a_table("main.shop.all"), views_of(seen_in(with_tables({"books"}))));
  for (const Step& step : plan.steps) EXPECT_EQ(forgery_in(plan, step), "");
}

TEST(SyncedTables, LeaveATableAloneThatStoodThereBeforeThem) {
  const World world = applied_with_insides(a_manifest_with({}));
  const Plan plan = plan_of(world, with_a_table(), views_of(seen_in(with_tables({"books"}))));
  EXPECT_EQ(order_of(plan), "create catalog, create synced_table, execute sql-after-sync");
}

TEST(SyncedTables, GoBeforeTheirCatalogAndThatBeforeItsDatabase) {
  const World world = applied_with_insides(with_a_table());
  Manifest manifest = a_shop_with({});
  std::erase_if(manifest.declarations,
                [](const Declaration& each) { return each.kind == &kDatabase; });
  const Plan plan = plan_of(world, manifest, {}, {.allow_destroy = {"*"}});
  const std::string order = order_of(plan);
  EXPECT_LT(order.find("delete synced_table"), order.find("delete catalog")) << order;
  EXPECT_LT(order.find("delete catalog"), order.find("delete database")) << order;
}

TEST(SyncedTables, AreMadeAnewWithTheBranchThatTheyAreIn) {
  const World world = applied_with_insides(with_a_table());
  Manifest manifest = with_a_table();
  for (Declaration& each : manifest.declarations) {
    if (each.kind == &kBranch) each = a_branch("dev").with("at", "2026-04-01T00:00:00Z");
  }
  const Plan plan = plan_of(world, manifest, {}, {.allow_destroy = {"*"}});
  const std::string order = order_of(plan);
  EXPECT_LT(order.find("delete synced_table"), order.find("branch")) << order;
  EXPECT_LT(order.find("create branch"), order.find("create catalog")) << order;
  EXPECT_LT(order.find("create catalog"), order.find("create synced_table")) << order;
}

TEST(Catalogs, WithAnotherNameComeAfterTheOldOneIsGone) {
  const World world = applied_with_insides(a_manifest_with({a_catalog("old")}));
  const Plan plan = plan_of(world, a_manifest_with({a_catalog("new")}),
                            views_of(seen_in(with_tables({}))), {.allow_destroy = {"*"}});
  EXPECT_EQ(order_of(plan), "delete catalog, create catalog");
  EXPECT_EQ(plan.steps.front().remote_name, "catalogs/old");
  EXPECT_EQ(successor_of(plan.steps.front().address), plan.steps.back().address);
}

class Sources : public testing::Test {
 protected:
  static std::vector<std::string> refusals_with(const SourceAnswers& answers,
                                                const std::string& mode = "triggered") {
    const World world = applied_with_insides(a_manifest_with({a_catalog()}));
    DeclarationBuilder table = a_synced_table();
    table.with("mode", mode).with("timeseries_key", "at");
    table.with("pipeline.storage_catalog", "main").with("pipeline.storage_schema", "pipelines");
    Plan plan =
        plan_of(world, a_manifest_with({a_catalog(), table}), views_of(seen_in(with_tables({}))));
    EXPECT_EQ(questions_about_sources(plan).tables, std::set<std::string>{"main.shop.books"});
    EXPECT_EQ(questions_about_sources(plan).catalogs, std::set<std::string>{"main"});
    EXPECT_EQ(questions_about_sources(plan).schemas, std::set<std::string>{"main.pipelines"});
    check_sources(plan, answers);
    std::vector<std::string> texts;
    texts.reserve(plan.refusals.size());
    for (const Diagnostic& each : plan.refusals) texts.push_back(each.rule + " " + each.message);
    for (const Notice& each : plan.notices) {
      if (each.type == Notice::Type::kLeftAsItIs) texts.push_back(each.text);
    }
    return texts;
  }

  const SourceTable fit_ = {.columns = {"id", "at"}, .has_change_feed = true};
};
using Texts = std::vector<std::string>;

TEST_F(Sources, ThatAreFitAreNotSpokenOf) {
  EXPECT_EQ(refusals_with({.tables = {{"main.shop.books", fit_}},
                           .catalog_types = {{"main", "MANAGED_CATALOG"}},
                           .schemas = {{"main.pipelines", true}}}),
            Texts{});
}

TEST_F(Sources, ThatAreNotThereAreRefused) {
  EXPECT_EQ(refusals_with({.tables = {{"main.shop.books", std::nullopt}},
                           .catalog_types = {{"main", std::nullopt}}}),
            (Texts{"P018 there is no table main.shop.books in Unity Catalog",
                   "P018 there is no catalog main to keep the pipeline's data in"}));
}

TEST_F(Sources, NeedAChangeFeedUnlessTheyAreCopiedOnce) {
  const SourceTable still = {.columns = {"id", "at"}};
  const SourceAnswers answers = {.tables = {{"main.shop.books", still}}};
  EXPECT_EQ(refusals_with(answers),
            Texts{"P018 main.shop.books has no change data feed, which mode: triggered needs"});
  EXPECT_EQ(refusals_with(answers, "snapshot"), Texts{});
}

TEST_F(Sources, HaveTheColumnsThatAreNamed) {
  const SourceTable other = {.columns = {"nr"}, .has_change_feed = true};
  EXPECT_EQ(
      refusals_with({.tables = {{"main.shop.books", other}}}),
      (Texts{"P018 main.shop.books has no column id", "P018 main.shop.books has no column at"}));
}

TEST_F(Sources, KeepPipelinesOutOfDatabases) {
  EXPECT_EQ(
      refusals_with({.catalog_types = {{"main", "MANAGED_ONLINE_CATALOG"}}}),
      Texts{"P018 main is a MANAGED_ONLINE_CATALOG, and pipelines keep their data in a regular "
            "catalog"});
}

TEST_F(Sources, HaveASchemaForWhatPipelinesKeep) {
  EXPECT_EQ(refusals_with({.catalog_types = {{"main", "MANAGED_CATALOG"}},
                           .schemas = {{"main.pipelines", false}}}),
            Texts{"P018 there is no schema main.pipelines to keep the pipeline's data in"});
}

TEST_F(Sources, ThatAreNotOursToSeeAreToldAndNotRefused) {
  EXPECT_EQ(refusals_with({.unseen = {{"main.shop.books", "no"}, {"main", "no"}}}),
            (Texts{"main.shop.books was not checked: no", "main was not checked: no"}));
}

}  // namespace
}  // namespace weir::test
