// Which databases are looked into, and which are left asleep.
#include "planner/inside_view.h"

#include <gtest/gtest.h>

#include "sql/wishes_document.h"
#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const std::string kCopy = kShop + "/branches/copy";

std::vector<InsideQuestion> questions(const World& world, const Manifest& manifest,
                                      Wake wake = Wake::kAuto) {
  return questions_about(manifest, world.records, world.seen(), lakebase_catalogue(), wake);
}

/// The shop with an inside, applied, and its endpoint in this state.
World a_world(const Manifest& manifest, const std::string& state) {
  World world = applied_with_insides(manifest);
  world.resources.at(kDev + "/endpoints/primary").facts["current_state"] = state;
  return world;
}

Manifest wanted() {
  return a_shop_with({inside().with_schema("main")});
}

TEST(InsideQuestions, AreAboutTheDatabaseItself) {
  const auto asked = questions(a_world(wanted(), "ACTIVE"), wanted());
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].inside.text(), kOrders);
  EXPECT_EQ(asked[0].place, (DatabasePlace{kDev, "orders"}));
  EXPECT_EQ(asked[0].asleep, "");
}

TEST(InsideQuestions, AreNotAskedWhereNothingExists) {
  EXPECT_TRUE(questions(World(), wanted()).empty());
}

TEST(InsideQuestions, AboutANewDatabaseAreAskedOfAnotherOfItsBranch) {
  const Manifest before = a_manifest({a_project("shop"), a_branch("dev")});
  const auto asked = questions(applied(before), wanted());
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].place, (DatabasePlace{kDev, "databricks_postgres"}));
}

TEST(InsideQuestions, AboutANewBranchAreAskedOfItsSource) {
  Manifest manifest = a_shop_with({inside(kCopy + "/databases/orders").with_schema("main")});
  manifest.declarations.push_back(a_branch("copy").with("from", kDev));
  manifest.declarations.push_back(a_database("orders").in(kCopy));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  const auto asked = questions(applied(a_shop_with({})), manifest);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].inside.text(), kCopy + "/databases/orders");
  EXPECT_EQ(asked[0].place, (DatabasePlace{kDev, "orders"}));
}

TEST(InsideQuestions, AboutANewBranchWithoutASourceAreAskedOfTheDefaultBranch) {
  const Manifest before = a_manifest({a_project("shop")});
  const Manifest manifest = a_shop_with({inside().with_schema("main")});
  const auto asked = questions(applied(before), manifest);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].place.branch, kShop + "/branches/production");
}

TEST(InsideQuestions, AboutAPointInTimeAreNotAsked) {
  Manifest manifest = a_shop_with({inside(kCopy + "/databases/orders").with_schema("main")});
  manifest.declarations.push_back(
      a_branch("copy").with("from", kDev).with("at", "2026-04-01T00:00:00Z"));
  manifest.declarations.push_back(a_database("orders").in(kCopy));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  EXPECT_TRUE(questions(applied(a_shop_with({})), manifest).empty());
}

TEST(InsideQuestions, LeaveAnEndpointAsleepWhereNothingChanged) {
  const auto asked = questions(a_world(wanted(), "IDLE"), wanted());
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].asleep, "its endpoint is asleep");
}

TEST(InsideQuestions, WakeAnEndpointWhereTheManifestChanged) {
  const Manifest other = a_shop_with({inside().with_schema("other")});
  EXPECT_EQ(questions(a_world(wanted(), "IDLE"), other).at(0).asleep, "");
}

TEST(InsideQuestions, WakeAnEndpointWhereOnlyTheEndOfASchemaChanged) {
  const Manifest other =
      a_shop_with({inside().with_schema("main").with_schema_end("main", {.protect = true})});
  EXPECT_EQ(questions(a_world(wanted(), "IDLE"), other).at(0).asleep, "");
}

TEST(InsideQuestions, WakeAnEndpointWhereNothingIsRemembered) {
  World world = a_world(wanted(), "IDLE");
  world.records.clear();
  EXPECT_EQ(questions(world, wanted()).at(0).asleep, "");
}

TEST(InsideQuestions, WakeNothingWhenNothingIsToBeWoken) {
  const Manifest other = a_shop_with({inside().with_schema("other")});
  const World world = a_world(wanted(), "IDLE");
  EXPECT_EQ(questions(world, other, Wake::kNever).at(0).asleep, "its endpoint is asleep");
  EXPECT_EQ(questions(a_world(wanted(), "ACTIVE"), other, Wake::kNever).at(0).asleep, "");
}

TEST(InsideQuestions, AboutAllAreAskedWhereverADatabaseIsAndSomebodyAnswers) {
  const World world = a_world(wanted(), "IDLE");
  const auto asked = [&](Wake wake) {
    std::vector<std::string> texts;
    for (const auto& each : questions_about_all(world.seen(), lakebase_catalogue(), wake)) {
      texts.push_back(each.place.branch + " " + each.place.database + ": " + each.asleep);
    }
    return texts;
  };
  const std::string production = kShop + "/branches/production";
  EXPECT_EQ(asked(Wake::kNever), (std::vector{kDev + " databricks_postgres: its endpoint is asleep",
                                              kDev + " orders: its endpoint is asleep",
                                              production + " databricks_postgres: "}));
  EXPECT_EQ(asked(Wake::kAuto), asked(Wake::kNever));
  EXPECT_EQ(asked(Wake::kAlways), (std::vector{kDev + " databricks_postgres: ", kDev + " orders: ",
                                               production + " databricks_postgres: "}));
}

TEST(InsideQuestions, WakeEverythingWhenThatIsMeant) {
  EXPECT_EQ(questions(a_world(wanted(), "IDLE"), wanted(), Wake::kAlways).at(0).asleep, "");
}

TEST(InsideQuestions, SayThatNothingWritesInTheBranch) {
  World world = a_world(wanted(), "ACTIVE");
  world.resources.at(kDev + "/endpoints/primary").fields["type"] = "read_only";
  EXPECT_EQ(questions(world, wanted()).at(0).asleep, "its branch has no endpoint that writes");
}

TEST(InsideQuestions, WakeForWhatIsDeclaredNoLonger) {
  Manifest without = a_shop_with({});
  const World world = a_world(wanted(), "IDLE");
  add_undeclared(without, world.records);
  EXPECT_EQ(questions(world, without).at(0).asleep, "");
}

TEST(UndeclaredInsides, AreThoseThatWereAppliedAndWhoseContainerStays) {
  const World world = applied_with_insides(wanted());
  Manifest without = a_shop_with({});
  add_undeclared(without, world.records);
  ASSERT_EQ(without.insides.size(), 1U);
  EXPECT_EQ(without.insides[0].address.text(), kOrders);
  EXPECT_FALSE(without.insides[0].is_declared);
  Manifest nothing = a_manifest({a_project("shop")});
  add_undeclared(nothing, world.records);
  EXPECT_TRUE(nothing.insides.empty());
}

TEST(NamedWishes, HaveTheNamesOfRolesInEveryPlace) {
  Manifest manifest = a_manifest(
      {a_project("shop"), a_branch("dev"), a_role("web").called("client").with("login", true)});
  Inside of = inside().knows("web");
  const sql::Grantee web = {.role = "web"};
  of.wishes = {.roles = {{.name = "web"}},
               .memberships = {{.role = "web", .member = "web"}},
               .schemas = {{.name = "web", .owner = "web"}},
               .settings = {{.role = "web", .name = "web"}},
               .owners = {{.target = sql::the_schema("web"), .owner = "web"}},
               .access = {{.grantee = web}, {.grantee = {.is_public = true}}},
               .defaults = {{.creator = "web", .grantee = web}},
               .future = {{.schema = "web", .grantee = web, .creators = {"web", "pg_monitor"}}}};
  EXPECT_EQ(to_text(sql::document_of(named_wishes(of, manifest))),
            R"({"roles":[{"name":"client"}],"memberships":[{"role":"client","member":"client"}],)"
            R"("schemas":[{"name":"web","owner":"client"}],)"
            R"("settings":[{"role":"client","name":"web"}],)"
            R"("owners":[{"target":{"class":"schema","name":"web"},"owner":"client"}],)"
            R"("access":[{"grantee":{"role":"client"}},{"grantee":{"public":true}}],)"
            R"("defaults":[{"creator":"client","class":"table","grantee":{"role":"client"}}],)"
            R"("future":[{"schema":"web","class":"table","grantee":{"role":"client"},)"
            R"("creators":["client","pg_monitor"]}]})");
}

}  // namespace
}  // namespace weir::test
