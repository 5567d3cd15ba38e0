#include "engine/schedule.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

Plan a_plan(const std::vector<std::vector<std::size_t>>& after) {
  Plan plan;
  for (const auto& before : after) plan.steps.push_back({.after = before});
  return plan;
}

/// Begins all that may begin.
std::vector<std::size_t> begin_all(Schedule& schedule) {
  std::vector<std::size_t> begun;
  while (const auto step = schedule.begin()) begun.push_back(*step);
  return begun;
}

using Steps = std::vector<std::size_t>;

TEST(Schedule, BeginsAStepWhenAllBeforeItAreDone) {
  const Plan plan = a_plan({{}, {}, {0, 1}});
  Schedule schedule(plan);
  EXPECT_EQ(begin_all(schedule), (Steps{0, 1}));
  schedule.finish(0);
  EXPECT_EQ(begin_all(schedule), Steps{});
  schedule.finish(1);
  EXPECT_EQ(begin_all(schedule), Steps{2});
  EXPECT_EQ(schedule.open(), 0U);
}

TEST(Schedule, BeginsWithTheLongestWayToTheEnd) {
  const Plan plan = a_plan({{}, {}, {1}, {2}, {0}});
  Schedule schedule(plan);
  EXPECT_EQ(begin_all(schedule), (Steps{1, 0}));
}

TEST(Schedule, RunsStepsWithTheSameLockOneAfterAnother) {
  Plan plan = a_plan({{}, {}, {}, {1}});
  plan.steps[0].lock = plan.steps[1].lock = plan.steps[2].lock = "projects/shop/branches/dev";
  Schedule schedule(plan);
  EXPECT_EQ(begin_all(schedule), Steps{0});
  schedule.finish(0);
  EXPECT_EQ(begin_all(schedule), Steps{1});
  schedule.fail(1);
  EXPECT_EQ(begin_all(schedule), Steps{2});
}

TEST(Schedule, BlocksOnlyWhatDependsOnAFailure) {
  const Plan plan = a_plan({{}, {}, {0}, {2}, {1}, {0, 1}});
  Schedule schedule(plan);
  begin_all(schedule);
  EXPECT_EQ(schedule.fail(0), (Steps{2, 3, 5}));
  schedule.finish(1);
  EXPECT_EQ(begin_all(schedule), Steps{4});
  EXPECT_EQ(schedule.open(), 0U) << "the last one is blocked as well";
}

TEST(Schedule, KnowsWhatWaitsForWhat) {
  const Plan plan = a_plan({{}, {}, {0, 1}, {2}});
  Schedule schedule(plan);
  begin_all(schedule);
  EXPECT_EQ(schedule.waiting(), std::pair(std::size_t{2}, std::size_t{0}));
  schedule.finish(0);
  EXPECT_EQ(schedule.waiting(), std::pair(std::size_t{2}, std::size_t{1}));
  schedule.finish(1);
  EXPECT_EQ(schedule.waiting(), std::pair(std::size_t{3}, std::size_t{2}));
  begin_all(schedule);
  schedule.fail(2);
  EXPECT_EQ(schedule.waiting(), std::nullopt);
}

TEST(Schedule, FollowsALongQueueBeforeShortOnes) {
  Plan plan = a_plan({{}, {}, {}, {}});
  plan.steps[1].lock = plan.steps[2].lock = plan.steps[3].lock = "projects/shop/branches/dev";
  Schedule schedule(plan);
  EXPECT_EQ(schedule.begin(), 1U);
}

}  // namespace
}  // namespace weir
