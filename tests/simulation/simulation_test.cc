// Whole applies in a simulated workspace, thousands of them, with whatever can go wrong.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

namespace weir::test {
namespace {

std::string text_of(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += std::string(weir::text_of(step.action)) + " " + step.address.text() + " (" + step.why +
            ")\n";
  }
  return text;
}

std::string text_of(const ApplyResult& result, const Plan& plan) {
  std::string text = result.stopped + "\n";
  for (std::size_t step = 0; step < result.steps.size(); ++step) {
    if (result.steps[step].state == StepResult::State::kDone) continue;
    text += plan.steps[step].address.text() + ": " + result.steps[step].message + "\n";
  }
  return text;
}

unsigned up_to(unsigned most, std::mt19937& random) {
  return static_cast<unsigned>(random() % (most + 1));
}

/// What this apply made is remembered, or an intent on the disk leads to it.
void expect_no_orphans(const Simulation& simulation, const World& before) {
  std::set<std::string> known;
  for (const auto& [address, record] : simulation.disk.records) known.insert(record.remote_name);
  for (const Intent& intent : simulation.disk.intents) known.insert(intent.remote_name);
  for (const auto& [name, observed] : simulation.world.resources) {
    if (before.resources.contains(name) || known.contains(name)) continue;
    // What the service makes by itself belongs to what we asked for.
    bool is_inside = false;
    for (const std::string& each : known) is_inside = is_inside || name.starts_with(each + "/");
    EXPECT_TRUE(is_inside) << name << " is an orphan";
  }
}

TEST(Simulation, AnApplyIsFollowedByAnEmptyPlan) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_estate(random);
    Simulation simulation(random);
    const Plan plan = simulation.plan(manifest, {});
    EXPECT_EQ(simulation.run(manifest, {}, {}), Simulation::End::kComplete)
        << text_of(simulation.result, plan);
    EXPECT_TRUE(simulation.plan(manifest, {}).is_empty()) << text_of(simulation.plan(manifest, {}));
    EXPECT_TRUE(simulation.disk.intents.empty());
  });
}

TEST(Simulation, ADestroyLeavesNothing) {
  for_each_world([](std::mt19937& random) {
    Manifest manifest = random_estate(random);
    for (Declaration& declaration : manifest.declarations) {
      declaration.fields.erase("protected");
      declaration.lifecycle.protect = false;
    }
    Simulation simulation(random);
    simulation.run(manifest, {}, {});
    EXPECT_EQ(simulation.run(manifest, {.is_destroy = true}, {}), Simulation::End::kComplete);
    EXPECT_TRUE(simulation.world.resources.empty());
    EXPECT_TRUE(simulation.disk.records.empty());
  });
}

TEST(Simulation, ConvergesAfterWhateverWentWrong) {
  for_each_world([](std::mt19937& random) {
    const Manifest manifest = random_estate(random);
    Simulation simulation(random);
    const Faults faults = {.kill_around_request = up_to(6, random),
                           .kill_around_commit = up_to(6, random),
                           .lost = up_to(20, random),
                           .refused = up_to(20, random),
                           .broken = up_to(10, random),
                           .failing = up_to(5, random)};
    for (int run = 0; run < 3; ++run) {
      const World before = simulation.world;
      simulation.run(manifest, {}, faults);
      expect_no_orphans(simulation, before);
    }
    for (int run = 0; run < 2; ++run) simulation.run(manifest, {}, {});
    EXPECT_TRUE(simulation.plan(manifest, {}).is_empty()) << text_of(simulation.plan(manifest, {}));
    EXPECT_TRUE(simulation.disk.intents.empty());
    const std::size_t changes = simulation.changes;
    EXPECT_EQ(simulation.run(manifest, {}, {}), Simulation::End::kComplete);
    EXPECT_EQ(simulation.changes, changes);
  });
}

}  // namespace
}  // namespace weir::test
