// Tables that share a pipeline: whoever is made first brings it, and the others join.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/forgery.h"
#include "tests/planner/copies.h"

namespace weir::test {
namespace {

DeclarationBuilder a_sharer(const std::string& key, const std::string& storage = "pipelines") {
  DeclarationBuilder table = a_synced_table("main.shop." + key, "shop_pg", key);
  table.with("pipeline.share", "crm");
  table.with("pipeline.storage_catalog", "main").with("pipeline.storage_schema", storage);
  return table;
}

Manifest with_sharers(std::vector<Declaration> sharers) {
  Manifest manifest = a_shop();
  manifest.declarations.push_back(a_catalog());
  for (Declaration& sharer : sharers) manifest.declarations.push_back(std::move(sharer));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  return manifest;
}

std::string name_of(const std::string& key) {
  return "synced_tables/shop_pg.crm." + key;
}

Document pipeline_of(const World& world, const std::string& key) {
  return world.resources.at(name_of(key)).fields.value("pipeline.id", Document());
}

/// What the request of a step says of its pipeline: "", ": new", or ": " and which one it joins.
std::string pipeline_in(const Step& step) {
  if (step.action != Action::kCreate) return "";
  const Document& spec = step.request->body.at("spec");
  const std::string existing = spec.value("existing_pipeline_id", "");
  if (!existing.empty()) return ": " + existing;
  return spec.contains("new_pipeline_spec") ? ": new" : "";
}

/// "create books: new, create films: synced_tables/…".
std::string shares_of(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", text_of(step.action),
                        step.address.key(), pipeline_in(step));
  }
  return text;
}

TEST(Pipelines, AreBroughtByTheFirstTableAndJoinedByTheOthers) {
  const Manifest manifest = with_sharers({a_sharer("films"), a_sharer("books")});
  World world = applied(with_sharers({}));
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan), "create books: new, create films: " + name_of("books"));
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[1].after, std::vector<std::size_t>{0});
  EXPECT_EQ(std::ranges::count_if(plan.steps[1].changes, &FieldChange::is_open), 1);
  EXPECT_EQ(forgery_in(plan.steps[1]), "");

  world.apply(plan, manifest);
  EXPECT_EQ(pipeline_of(world, "films"), pipeline_of(world, "books"));
  EXPECT_TRUE(world.plan(manifest).is_empty());
  EXPECT_TRUE(world.plan(manifest).notices.empty());
}

TEST(Pipelines, ThatAreThereAreJoinedByTheirId) {
  World world = applied(with_sharers({a_sharer("films")}));
  const std::string there = pipeline_of(world, "films").get<std::string>();
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films")});
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan), "create books: " + there);
  world.apply(plan, manifest);
  EXPECT_TRUE(world.plan(manifest).is_empty());
  EXPECT_TRUE(world.plan(manifest).drift.empty());
}

TEST(Pipelines, TakeBackATableThatSomebodyMadeAnewWithItsOwn) {
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films"), a_sharer("games")});
  World world = applied(manifest);
  const std::string there = pipeline_of(world, "films").get<std::string>();
  const Plan settled = world.plan(manifest);
  for (const Record& record : settled.adoptions) world.records[record.address] = record;
  world.resources.at(name_of("books")).fields["pipeline.id"] = "another";
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan), "delete books, create books: " + there);
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift.front().changes.front().field->name, "pipeline.id");
}

TEST(Pipelines, AreMadeAnewWithAllTheirTables) {
  World world = applied(with_sharers({a_sharer("books"), a_sharer("films")}));
  const Document before = pipeline_of(world, "books");
  const Manifest manifest =
      with_sharers({a_sharer("books", "others"), a_sharer("films", "others")});
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan),
            "delete books, create books: new, delete films, create films: " + name_of("books"));
  world.apply(plan, manifest);
  EXPECT_NE(pipeline_of(world, "books"), before);
  EXPECT_EQ(pipeline_of(world, "books"), pipeline_of(world, "films"));
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

TEST(Pipelines, OutliveTheTableThatBroughtThem) {
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films")});
  World world = applied(manifest);
  const std::string there = pipeline_of(world, "books").get<std::string>();
  const Plan plan =
      world.plan(manifest, {.replace = {kOrders + "/schemas/crm/synced_tables/books"}});
  EXPECT_EQ(shares_of(plan), "delete books, create books: " + there);
}

TEST(Pipelines, AreBroughtByTheFirstTableThatWasChosen) {
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films"), a_sharer("games")});
  const World world = applied(with_sharers({}));
  const Plan plan = world.plan(manifest, {.only = {"**/films", "**/games"}});
  EXPECT_EQ(shares_of(plan), "create films: new, create games: " + name_of("films"));
}

TEST(Pipelines, AreDriftWhereATableWasMadeAnewRightAfterTheFirstApply) {
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films"), a_sharer("games")});
  World world = applied(manifest);
  world.resources.at(name_of("games")).fields["pipeline.id"] = "another";
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift.front().changes.front().after, "another");
  EXPECT_EQ(plan.steps.front().changes.front().reason, Reason::kDrift);
}

TEST(Pipelines, AreOneForEachShare) {
  World world = applied(with_sharers({a_sharer("books"), a_sharer("films"), a_sharer("games")}));
  const Manifest manifest = with_sharers(
      {a_sharer("books"), a_sharer("films"), a_sharer("games").with("pipeline.share", "others")});
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan), "delete games, create games: new");
  EXPECT_EQ(plan.steps.front().why, "its pipeline is that of other tables");
  EXPECT_TRUE(plan.notices.empty());
  world.apply(plan, manifest);
  EXPECT_NE(pipeline_of(world, "games"), pipeline_of(world, "books"));
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

TEST(Pipelines, AreKeptWhenTheirShareIsRenamed) {
  const World world = applied(with_sharers({a_sharer("books"), a_sharer("films")}));
  const Plan plan = world.plan(with_sharers({a_sharer("books").with("pipeline.share", "others"),
                                             a_sharer("films").with("pipeline.share", "others")}));
  EXPECT_TRUE(plan.is_empty());
}

TEST(Pipelines, AreLeftByATableThatSharesItsOwnNoMore) {
  const World world = applied(with_sharers({a_sharer("books"), a_sharer("films")}));
  DeclarationBuilder alone = a_synced_table("main.shop.films", "shop_pg", "films");
  alone.with("pipeline.storage_catalog", "main").with("pipeline.storage_schema", "pipelines");
  const Plan plan = world.plan(with_sharers({a_sharer("books"), alone}));
  EXPECT_EQ(shares_of(plan), "delete films, create films: new");
  EXPECT_EQ(shares_of(world.plan(with_sharers({alone}))), "delete books, forget books")
      << "whoever is left keeps it";
}

TEST(Pipelines, OfATableThatDoesNotShowItsOwnAreJoinedWhenItDoes) {
  World world = applied(with_sharers({a_sharer("books")}));
  world.resources.at(name_of("books")).fields.erase("pipeline.id");
  const Manifest manifest = with_sharers({a_sharer("books"), a_sharer("films")});
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(shares_of(plan), "create films: " + name_of("books"));
  EXPECT_TRUE(plan.steps.front().precondition.needs.contains(name_of("books")));
}

}  // namespace
}  // namespace weir::test
