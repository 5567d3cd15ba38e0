// What must hold in every world: the same seed gives the same one.
#include <algorithm>

#include <gtest/gtest.h>

#include "planner/plan_file.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

constexpr unsigned kWorlds = 400;

std::string text_of(const Plan& plan) {
  return to_text(plan_document(plan));
}

/// A world in which the manifest was applied.
World applied(const Manifest& manifest) {
  World world;
  for (int round = 0; round < 3; ++round) world.apply(world.plan(manifest), manifest);
  return world;
}

TEST(RandomWorlds, AreConvergedByOneApply) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    World world;
    const Plan first = world.plan(manifest);
    ASSERT_TRUE(first.refusals.empty()) << text_of(first);
    world.apply(first, manifest);
    const Plan second = world.plan(manifest);
    ASSERT_TRUE(second.is_empty()) << text_of(second);
    EXPECT_TRUE(second.drift.empty()) << text_of(second);
  }
}

TEST(RandomWorlds, ShowNoServerDefaults) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    World world = applied(manifest);
    world.records.clear();
    const Plan plan = world.plan(manifest);
    EXPECT_TRUE(plan.is_empty()) << text_of(plan);
    EXPECT_EQ(plan.adopted, manifest.declarations.size());
    EXPECT_TRUE(plan.drift.empty());
  }
}

TEST(RandomWorlds, DoNotCareForTheOrderOfDeclarations) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    Manifest shuffled = manifest;
    std::shuffle(shuffled.declarations.begin(), shuffled.declarations.end(), random);
    const World world;
    EXPECT_EQ(text_of(world.plan(manifest)), text_of(world.plan(shuffled)));
  }
}

TEST(RandomWorlds, DoNotChangeWithTheClock) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    World world = applied(manifest);
    for (int hour = 0; hour < 48; hour += 7) {
      world.now += std::chrono::hours(7);
      EXPECT_TRUE(world.plan(manifest).is_empty());
    }
  }
}

TEST(RandomWorlds, SurviveARoundTripThroughAFile) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Plan plan = World().plan(random_manifest(random));
    const std::string saved = save_plan(plan);
    EXPECT_EQ(save_plan(load_plan(saved, lakebase_catalogue())), saved);
  }
}

/// Something else than what the workspace shows.
Document another_value(const Field& field, const Document& shown) {
  const auto [one, two] = two_values(field);
  const Document first = std::get<Document>(read_value(field, one));
  Document other = first == shown ? std::get<Document>(read_value(field, two)) : first;
  if (field.type == Type::kExpiry) {
    other = {{"ttl", "777600s"}, {"expire_time", "2026-05-10T00:00:00Z"}};
  }
  if (field.type == Type::kPermissions) other = Document::array();
  return other;
}

void check_single_change(const World& original, const Manifest& manifest, const std::string& name,
                         const Field& field) {
  World world = original;
  Observed& victim = world.resources.at(name);
  victim.fields[std::string(field.name)] =
      another_value(field, victim.fields[std::string(field.name)]);
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.drift.size(), 1U) << name << "." << field.name;
  ASSERT_EQ(plan.drift.front().changes.size(), 1U);
  EXPECT_EQ(plan.drift.front().changes.front().field, &field);
  for (const Step& step : plan.steps) {
    EXPECT_EQ(step.remote_name, name);
    for (const FieldChange& change : step.changes) EXPECT_EQ(change.field, &field);
  }
  EXPECT_EQ(plan.steps.size(), 1U);
}

TEST(RandomWorlds, ShowAnySingleChangeBehindTheirBackAndNothingElse) {
  std::size_t found = 0;
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    const World world = applied(manifest);
    for (const auto& [address, record] : world.records) {
      for (const Field& field : lakebase_catalogue().find(record.kind)->fields) {
        const bool is_applied = record.fields.contains(field.name) &&
                                field.on_change == OnChange::kUpdate &&
                                field.type != Type::kReference;
        if (!is_applied) continue;
        check_single_change(world, manifest, record.remote_name, field);
        ++found;
      }
    }
  }
  EXPECT_GT(found, 2000U);
}

TEST(RandomWorlds, ShowNothingWhenWhatNobodyDeclaredChanges) {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Manifest manifest = random_manifest(random);
    World world = applied(manifest);
    const std::map<Address, Record> records = world.records;
    for (const auto& [address, record] : records) {
      for (const Field& field : lakebase_catalogue().find(record.kind)->fields) {
        const bool is_ours = record.fields.contains(field.name);
        if (is_ours || field.on_change != OnChange::kUpdate || field.type == Type::kReference)
          continue;
        Document& shown = world.resources.at(record.remote_name).fields[std::string(field.name)];
        shown = another_value(field, shown);
      }
    }
    const Plan plan = world.plan(manifest);
    EXPECT_TRUE(plan.is_empty()) << text_of(plan);
    EXPECT_TRUE(plan.drift.empty());
  }
}

}  // namespace
}  // namespace weir::test
