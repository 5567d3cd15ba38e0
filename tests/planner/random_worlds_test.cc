// What must hold in every world: the same seed gives the same one.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "planner/plan_file.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

std::string text_of(const Plan& plan) {
  return to_text(plan_document(plan));
}

TEST(RandomWorlds, AreConvergedByOneApply) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    World world;
    const Plan first = world.plan(manifest);
    ASSERT_TRUE(first.refusals.empty()) << text_of(first);
    world.apply(first, manifest);
    const Plan second = world.plan(manifest);
    ASSERT_TRUE(second.is_empty()) << text_of(second);
    EXPECT_TRUE(second.drift.empty()) << text_of(second);
  });
}

TEST(RandomWorlds, ShowNoServerDefaults) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    World world = applied_world(manifest);
    world.records.clear();
    const Plan plan = world.plan(manifest);
    EXPECT_TRUE(plan.is_empty()) << text_of(plan);
    EXPECT_EQ(plan.adopted, static_cast<std::size_t>(std::ranges::count_if(
                                manifest.declarations, &Declaration::takes_requests)));
    EXPECT_TRUE(plan.drift.empty());
  });
}

TEST(RandomWorlds, DoNotCareForTheOrderOfDeclarations) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    Manifest shuffled = manifest;
    std::shuffle(shuffled.declarations.begin(), shuffled.declarations.end(), random);
    const World world;
    EXPECT_EQ(text_of(world.plan(manifest)), text_of(world.plan(shuffled)));
  });
}

TEST(RandomWorlds, DoNotChangeWithTheClock) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    World world = applied_world(manifest);
    for (int time = 0; time < 5; ++time) {
      world.now += std::chrono::minutes(1 + random() % 600);
      EXPECT_TRUE(world.plan(manifest).is_empty());
    }
  });
}

TEST(RandomWorlds, SurviveARoundTripThroughAFile) {
  for_each_world([](std::mt19937& random) {
    const Plan plan = World().plan(random_manifest(random));
    const std::string saved = save_plan(plan);
    EXPECT_EQ(save_plan(load_plan(saved, lakebase_catalogue())), saved);
  });
}

/// Something else than what the workspace shows.
Document another_value(const Field& field, const Document& shown) {
  if (field.type == Type::kExpiry) {
    return {{"ttl", "777600s"}, {"expire_time", "2026-05-10T00:00:00Z"}};
  }
  if (field.type == Type::kPermissions) return Document::array();
  const auto [one, two] = two_values(field);
  const Document first = std::get<Document>(read_value(field, one));
  return first == shown ? std::get<Document>(read_value(field, two)) : first;
}

/// The name inside Postgres is how a role or database is found: with another it is another one.
bool can_change_behind_our_back(const Field& field) {
  return !field.observed_at.empty() && field.name != "postgres_role" &&
         field.name != "postgres_database";
}

void check_steps(const Plan& plan, const Record& record, const Field& field) {
  // What a protected branch holds is not replaced: then the plan says so instead.
  if (plan.steps.empty() && field.on_change == OnChange::kReplace) {
    EXPECT_FALSE(plan.refusals.empty());
    return;
  }
  ASSERT_FALSE(plan.steps.empty());
  for (const Step& step : plan.steps) {
    if (field.on_change == OnChange::kReplace) continue;  // others may go with it
    EXPECT_EQ(step.remote_name, record.remote_name);
    EXPECT_EQ(step.action, Action::kUpdate);
    for (const FieldChange& change : step.changes) EXPECT_EQ(change.field, &field);
  }
  const auto is_replaced = [&](const Step& step) {
    return step.address == record.address && step.is_replacement;
  };
  EXPECT_EQ(std::any_of(plan.steps.begin(), plan.steps.end(), is_replaced),
            field.on_change == OnChange::kReplace);
}

void check_single_change(World& world, const Manifest& manifest, const Record& record,
                         const Field& field) {
  SCOPED_TRACE(record.remote_name + "." + std::string(field.name));
  Document& shown = world.resources.at(record.remote_name).fields[std::string(field.name)];
  const Document before = shown;
  shown = another_value(field, before);
  const Document now_shown = shown;
  const Plan plan = world.plan(manifest);
  world.resources.at(record.remote_name).fields[std::string(field.name)] = before;
  ASSERT_EQ(plan.drift.size(), 1U) << text_of(plan);
  EXPECT_EQ(plan.drift.front().address, record.address);
  ASSERT_EQ(plan.drift.front().changes.size(), 1U);
  const FieldChange& change = plan.drift.front().changes.front();
  EXPECT_EQ(change.field, &field);
  EXPECT_EQ(change.reason, Reason::kDrift);
  EXPECT_EQ(change.before, record.fields.at(std::string(field.name)));
  EXPECT_EQ(change.after, now_shown);
  check_steps(plan, record, field);
}

/// For each field one of the resources in which it was applied.
std::map<const Field*, const Record*> chosen_victims(const World& world, std::mt19937& random) {
  std::map<const Field*, const Record*> victims;
  for (const auto& [address, record] : world.records) {
    for (const Field& field : lakebase_catalogue().find(record.kind)->fields) {
      if (!record.fields.contains(field.name) || !can_change_behind_our_back(field)) continue;
      const Record*& victim = victims[&field];
      if (victim == nullptr || is_likely(random, 50)) victim = &record;
    }
  }
  return victims;
}

void expect_every_field(const std::set<const Field*>& found) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& field : kind->fields) {
      if (!can_change_behind_our_back(field) || field.name == "lsn") continue;  // "at" is its twin
      EXPECT_TRUE(found.contains(&field)) << kind->name << "." << field.name;
    }
  }
}

/// Each field of each kind once in a world, in whichever of its resources.
TEST(RandomWorlds, ShowAnySingleChangeBehindTheirBackAndNothingElse) {
  std::set<const Field*> found;
  for_each_world([&](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    World world = applied_world(manifest);
    for (const auto& [field, record] : chosen_victims(world, random)) {
      check_single_change(world, manifest, *record, *field);
      found.insert(field);
    }
  });
  if (!HasFailure()) expect_every_field(found);
}

TEST(RandomWorlds, ShowNothingWhenWhatNobodyDeclaredChanges) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_manifest(random);
    World world = applied_world(manifest);
    for (const auto& [address, record] : world.records) {
      for (const Field& field : lakebase_catalogue().find(record.kind)->fields) {
        if (record.fields.contains(field.name) || !can_change_behind_our_back(field)) continue;
        Document& shown = world.resources.at(record.remote_name).fields[std::string(field.name)];
        shown = another_value(field, shown);
      }
    }
    const Plan plan = world.plan(manifest);
    EXPECT_TRUE(plan.is_empty()) << text_of(plan);
    EXPECT_TRUE(plan.drift.empty());
  });
}

/// The plan is carried out in a world that refuses what the service refuses.
TEST(RandomWorlds, AreLedFromAnyEstateToAnyOther) {
  std::size_t refused = 0;
  std::size_t led = 0;
  for_each_world([&](std::mt19937& random) {
    World world;
    world.is_strict = true;
    for (int step = 0; step < 3; ++step) {
      const Manifest manifest = random_estate(random);
      const Plan plan = world.plan(manifest, {.allow_destroy = {"*"}});
      if (!plan.refusals.empty()) {
        ++refused;
        continue;
      }
      ASSERT_NO_THROW(world.apply(plan, manifest)) << text_of(plan);
      const Plan again = world.plan(manifest, {.allow_destroy = {"*"}});
      ASSERT_TRUE(again.is_empty()) << text_of(plan) << "\nand then\n" << text_of(again);
      ++led;
    }
  });
  EXPECT_GT(led, refused) << "the property hardly tries anything";
}

}  // namespace
}  // namespace weir::test
