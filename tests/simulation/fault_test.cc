// Faults whose outcome is more than that all converges.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/simulation/reference.h"
#include "tests/simulation/schedule.h"

namespace weir::test {
namespace {

using State = StepResult::State;

const std::string kDev = "projects/shop/branches/dev";

Luck no_faults() {
  return Luck(std::vector<Strike>());
}

/// What became of the only step about this resource.
StepResult result_of(const Simulation& simulation, const std::string& name) {
  for (std::size_t step = 0; step < simulation.steps.steps.size(); ++step) {
    if (simulation.steps.steps[step].remote_name == name) return simulation.result.steps.at(step);
  }
  return {.message = "no step is about " + name};
}

std::size_t deletions(const Simulation& simulation) {
  return static_cast<std::size_t>(
      std::ranges::count_if(simulation.workspace.ledger, [](const Delivery& each) {
        return each.action == Action::kDelete || each.action == Action::kPurge;
      }));
}

TEST(Faults, F13ANamesakeThatNobodySeesIsToldOfAndLeftAlone) {
  const ReferenceWorld world(Way::kCreate);
  const auto simulation = world.begin(no_faults());
  simulation->workspace.hidden.insert(kDev);
  EXPECT_EQ(simulation->run({.manifest = &world.wanted()}), End::kIncomplete);
  const StepResult said = result_of(*simulation, kDev);
  EXPECT_EQ(said.state, State::kFailed);
  EXPECT_NE(said.message.find("the id is taken"), std::string::npos) << said.message;
  EXPECT_EQ(result_of(*simulation, kDev + "/databases/trial").state, State::kBlocked);
  EXPECT_EQ(deletions(*simulation), 0U);
  EXPECT_EQ(simulation->findings(), "");
}

TEST(Faults, F15APlanFromBeforeAnotherApplyDoesNothingTwice) {
  for (const Way way : {Way::kCreate, Way::kUpdate, Way::kReplace, Way::kDelete, Way::kMixed}) {
    const ReferenceWorld world(way);
    const auto simulation = world.begin(no_faults());
    const Plan saved = simulation->plan(world.wanted());
    EXPECT_EQ(simulation->run({.manifest = &world.wanted()}), End::kComplete);
    const std::size_t sent = simulation->sent;
    simulation->run({.manifest = &world.wanted(), .saved = &saved});
    EXPECT_EQ(simulation->sent, sent) << text_of(way);
    simulation->expect_convergence(world.wanted());
    EXPECT_EQ(simulation->findings(), "") << text_of(way);
  }
}

TEST(Faults, F15WhoeverHoldsTheLeaseKeepsOthersOut) {
  Workspace workspace;
  for (const bool is_file : {false, true}) {
    std::unique_ptr<StateDisk> disk = std::make_unique<MemoryDisk>();
    if (is_file) disk = std::make_unique<SqliteDisk>(workspace);
    auto first = disk->open();
    ASSERT_FALSE(first->try_acquire({.id = "1", .actor = "first"}));
    if (is_file) {
      auto second = disk->open();
      const auto holder = second->try_acquire({.id = "2", .actor = "second"});
      ASSERT_TRUE(holder);
      EXPECT_EQ(holder->actor, "first");
    }
    first.reset();
    EXPECT_FALSE(disk->open()->try_acquire({.id = "3", .actor = "third"}))
        << "the lock outlives it";
  }
}

/// Something happens between the plan and its first step.
struct Move {
  std::string name;
  std::function<void(World&)> make;
};

std::vector<Move> moves() {
  return {
      {"a field is edited",
       [](World& world) { world.resources.at(kDev).update_time = "2026-05-02T12:00:00Z"; }},
      {"it is deleted", [](World& world) { world.resources.erase(kDev); }},
      {"it is made anew", [](World& world) { world.resources.at(kDev).uid = "uid-of-another"; }},
      {"it is protected", [](World& world) {
         world.resources.at(kDev).fields["protected"] = true;
         world.resources.at(kDev).update_time = "2026-05-02T12:00:00Z";
       }}};
}

TEST(Faults, F16WhatMovedSinceThePlanIsNotEnded) {
  for (const Way way : {Way::kReplace, Way::kDelete}) {
    for (const Move& move : moves()) {
      const ReferenceWorld world(way);
      const auto simulation = world.begin(no_faults());
      Workspace& workspace = simulation->workspace;
      simulation->run({.manifest = &world.wanted(),
                       .meanwhile = [&](SimulatedService&) { move.make(workspace.world); }});
      // The end of what is gone is no mistake.
      const bool is_gone = move.name == "it is deleted";
      EXPECT_EQ(result_of(*simulation, kDev).state, is_gone ? State::kDone : State::kStale)
          << move.name;
      if (!is_gone) {
        EXPECT_EQ(deletions(*simulation), 0U) << move.name;
      }
    }
  }
}

TEST(Faults, F16AnEditIsSeenAlsoWhenTheFirstLookFails) {
  const ReferenceWorld world(Way::kUpdate);
  for (const Fault fault : {Fault::kReadLost, Fault::kReadBroken, Fault::kReadWithoutMemory}) {
    const auto simulation = world.begin(Luck({{.site = Site::kRead, .nth = 0, .fault = fault}}));
    World& live = simulation->workspace.world;
    simulation->run(
        {.manifest = &world.wanted(), .is_faulty = true, .meanwhile = [&](SimulatedService&) {
           for (auto& [name, each] : live.resources) {
             each.fields["display_name"] = "somebody's";
             each.fields["max_cu"] = 8;
             each.fields["attributes"] = Document::array({"bypassrls"});
           }
         }});
    EXPECT_EQ(simulation->sent, 0U) << text_of(fault);
    EXPECT_EQ(simulation->findings(), "") << text_of(fault);
  }
}

TEST(Faults, F16EntriesOfOthersGoAlongAsTheyAreWhenAListIsSent) {
  const std::string production = "projects/shop/branches/production";
  const Manifest shop = a_manifest({a_project("shop").with("pg_version", 17)});
  Manifest bound = shop;
  bound.declarations.push_back(
      an_app().with("bind", Document::array({{{"resource_key", "db"}, {"branch", production}}})));
  for (std::size_t moment = 0; moment < 4; ++moment) {
    Simulation simulation(
        1,
        Luck({{.run = 1, .site = Site::kWorld, .nth = moment, .fault = Fault::kEditedByOthers}}));
    simulation.workspace.deploy("apps/site");
    simulation.workspace.victim = "apps/site";
    simulation.run({.manifest = &shop});
    EXPECT_EQ(simulation.run({.manifest = &bound, .is_faulty = true}), End::kComplete);
    EXPECT_EQ(simulation.findings(), "") << "at moment " << moment;
    const Document& list = simulation.workspace.world.resources.at("apps/site").facts["resources"];
    ASSERT_EQ(list.size(), 2U);
    EXPECT_TRUE(list[0].contains("description"));
  }
}

TEST(Faults, F16ALostDeletionIsNotSentAgainToWhatOthersMadeMeanwhile) {
  const ReferenceWorld world(Way::kDelete);
  const auto simulation =
      world.begin(Luck({{.site = Site::kRequest, .nth = 0, .fault = Fault::kLostBefore},
                        {.site = Site::kWorld, .nth = 1, .fault = Fault::kRemadeByOthers}}));
  simulation->workspace.victim = kDev;
  simulation->run({.manifest = &world.wanted(), .is_faulty = true});
  EXPECT_EQ(simulation->sent, 1U);
  EXPECT_EQ(result_of(*simulation, kDev).state, State::kStale);
  EXPECT_EQ(simulation->findings(), "");
}

TEST(Faults, F8ADeletionThatArrivesLateEndsNothingThatALaterRunHasMade) {
  for (std::size_t read = 0; read < 10; ++read) {
    const ReferenceWorld world(Way::kReplace);
    const auto simulation =
        world.begin(Luck({{.site = Site::kRequest, .nth = 0, .fault = Fault::kLate},
                          {.site = Site::kRead, .nth = read, .fault = Fault::kKillAtRead}}));
    simulation->run({.manifest = &world.wanted(), .is_faulty = true});
    simulation->expect_convergence(world.wanted());
    EXPECT_EQ(simulation->findings(), "") << "killed at read " << read;
  }
}

TEST(Faults, F20AReadThatFailsIsNeverTakenForAbsence) {
  const ReferenceWorld world(Way::kDelete);
  for (const Fault fault : {Fault::kReadForbidden, Fault::kReadUnauthorized, Fault::kReadLost,
                            Fault::kReadBroken, Fault::kReadWithoutMemory}) {
    const auto simulation =
        world.begin(Luck({{.site = Site::kRequest, .nth = 0, .fault = Fault::kLostBefore},
                          {.site = Site::kRead, .nth = 1, .fault = fault}}));
    simulation->run({.manifest = &world.wanted(), .is_faulty = true});
    EXPECT_FALSE(simulation->workspace.world.resources.contains(kDev)) << text_of(fault);
    simulation->expect_convergence(world.wanted());
    EXPECT_EQ(simulation->findings(), "") << text_of(fault);
  }
}

TEST(Faults, F17AListThatMissesSomethingEndsNothing) {
  const ReferenceWorld world(Way::kUpdate);
  const auto names = world.begin(no_faults())->workspace.world.resources;
  for (const auto& [name, resource] : names) {
    const auto simulation = world.begin(no_faults());
    World seen = simulation->workspace.world;
    seen.resources.erase(name);
    seen.records = simulation->disk->open()->records();
    const Plan partial = seen.plan(world.wanted(), {.allow_destroy = {"*"}});
    if (!partial.refusals.empty()) continue;
    simulation->run({.manifest = &world.wanted(), .saved = &partial});
    EXPECT_EQ(deletions(*simulation), 0U) << name;
    simulation->expect_convergence(world.wanted());
    EXPECT_EQ(simulation->findings(), "") << name;
  }
}

TEST(Faults, F19ClocksMayStepBetweenRuns) {
  for (const int minutes : {-60, -10, 10, 60}) {
    const ReferenceWorld world(Way::kMixed);
    for (std::size_t nth = 0; nth < 12; ++nth) {
      const auto simulation = world.begin(
          Luck({{.site = Site::kRequest, .nth = nth, .fault = Fault::kKillAfterRequest}}));
      simulation->run({.manifest = &world.wanted(), .is_faulty = true});
      simulation->workspace.skew = std::chrono::minutes(minutes);
      simulation->expect_convergence(world.wanted());
      EXPECT_EQ(simulation->findings(), "") << minutes << " minutes, request " << nth;
    }
  }
}

TEST(Faults, F19OurClockMayBeWrongByMinutes) {
  for (const int minutes : {-9, 9}) {
    const ReferenceWorld world(Way::kCreate);
    for (std::size_t nth = 0; nth < 10; ++nth) {
      const auto simulation =
          world.begin(Luck({{.site = Site::kRequest, .nth = nth, .fault = Fault::kLostAfter}}));
      simulation->workspace.skew = std::chrono::minutes(minutes);
      const End end = simulation->run({.manifest = &world.wanted(), .is_faulty = true});
      EXPECT_EQ(end, End::kComplete) << "what a lost request made is ours";
      simulation->expect_convergence(world.wanted());
      EXPECT_EQ(simulation->findings(), "") << minutes << " minutes, request " << nth;
    }
  }
}

TEST(Faults, F24TheFirstInterruptionEndsWhatHasBegunAndTheRestIsNotBegun) {
  const ReferenceWorld world(Way::kCreate);
  const auto simulation =
      world.begin(Luck({{.site = Site::kTurn, .nth = 8, .fault = Fault::kInterrupt}}));
  EXPECT_EQ(simulation->run({.manifest = &world.wanted(), .is_faulty = true}), End::kIncomplete);
  EXPECT_EQ(simulation->result.count(State::kUnfinished), 0U);
  EXPECT_GT(simulation->result.count(State::kNotBegun), 0U);
  EXPECT_TRUE(simulation->disk->open()->intents().empty());
  simulation->expect_convergence(world.wanted());
  EXPECT_EQ(simulation->findings(), "");
}

TEST(Faults, F12WhatNeverEndsIsLeftAndGoneOnWithLater) {
  const ReferenceWorld world(Way::kCreate);
  const auto simulation =
      world.begin(Luck({{.site = Site::kRequest, .nth = 0, .fault = Fault::kNeverEnds}}));
  EXPECT_EQ(simulation->run({.manifest = &world.wanted(), .is_faulty = true}), End::kIncomplete);
  EXPECT_EQ(simulation->result.count(State::kUnfinished), 1U);
  ASSERT_EQ(simulation->disk->open()->intents().size(), 1U);
  EXPECT_NE(simulation->disk->open()->intents().front().operation, "");
  simulation->expect_convergence(world.wanted());
  EXPECT_EQ(simulation->findings(), "");
  const auto creations = [](const Delivery& each) { return each.name == "projects/shop"; };
  EXPECT_EQ(std::ranges::count_if(simulation->workspace.ledger, creations), 1);
}

TEST(Faults, F16WhatIsInsideOfSomebodyElsesBranchStays) {
  const ReferenceWorld world(Way::kDelete);
  const auto simulation = world.begin(no_faults());
  simulation->workspace.world.resources.at(kDev).uid = "uid-of-another";
  simulation->expect_convergence(world.wanted());
  EXPECT_EQ(deletions(*simulation), 0U);
  EXPECT_EQ(simulation->findings(), "");
}

TEST(Faults, I12TheSameSeedDoesTheSame) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const Story first = play(seed);
    EXPECT_EQ(first.trace, play(seed).trace) << "seed " << seed;
    EXPECT_EQ(first.trace, play(seed, first.strikes).trace) << "told exactly, seed " << seed;
  }
}

}  // namespace
}  // namespace weir::test
