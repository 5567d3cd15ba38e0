// Every single fault at every place of an apply of the reference manifest.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/simulation/reference.h"

namespace weir::test {
namespace {

class Sweep : public testing::TestWithParam<Way> {};

/// The faults that leave nobody a decision to make: no people, and nobody else.
bool is_swept(const FaultFacts& facts) {
  return facts.site != Site::kWorld;
}

std::map<Site, std::size_t> points_of(const ReferenceWorld& world) {
  const auto simulation = world.begin(Luck(std::vector<Strike>()));
  simulation->run({.manifest = &world.wanted()});
  EXPECT_EQ(simulation->findings(), "");
  std::map<Site, std::size_t> points;
  for (const Site site : {Site::kRequest, Site::kRead, Site::kCommit, Site::kLease, Site::kTurn}) {
    points[site] = simulation->luck().points(site);
  }
  return points;
}

std::size_t calls_of(Simulation& simulation) {
  return simulation.luck().points(Site::kRequest) + simulation.luck().points(Site::kRead);
}

TEST_P(Sweep, ConvergesAfterEachSingleFault) {
  const ReferenceWorld world(GetParam());
  auto points = points_of(world);
  const std::size_t most_calls = 3 * (points[Site::kRequest] + points[Site::kRead]) + 20;
  std::size_t schedules = 0;
  for (const FaultFacts& facts : all_faults()) {
    if (!is_swept(facts)) continue;
    for (std::size_t nth = 0; nth < points[facts.site]; ++nth) {
      const Strike strike = {.site = facts.site, .nth = nth, .fault = facts.fault};
      const auto simulation = world.begin(Luck(std::vector<Strike>{strike}));
      simulation->run({.manifest = &world.wanted(), .is_faulty = true});
      // What never ends is asked for until weir waits no longer.
      if (facts.fault != Fault::kNeverEnds) {
        EXPECT_LE(calls_of(*simulation), most_calls) << text_of(strike);
      }
      simulation->expect_convergence(world.wanted());
      ++schedules;
      ASSERT_EQ(simulation->findings(), "") << text_of(strike) << "\n"
                                            << simulation->workspace.trace;
    }
  }
  RecordProperty("schedules", static_cast<int>(schedules));
  EXPECT_GT(schedules, 50U);
}

INSTANTIATE_TEST_SUITE_P(Ways, Sweep,
                         testing::Values(Way::kCreate, Way::kUpdate, Way::kReplace, Way::kDelete,
                                         Way::kMixed),
                         [](const auto& each) { return std::string(text_of(each.param)); });

}  // namespace
}  // namespace weir::test
