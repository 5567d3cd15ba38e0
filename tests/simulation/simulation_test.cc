// Whole applies in a simulated workspace, thousands of them, with whatever can go wrong.
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/simulation/schedule.h"

namespace weir::test {
namespace {

TEST(Simulation, ConvergesAfterWhateverWentWrong) {
  std::size_t kills = 0;
  const char* wanted = std::getenv("WEIR_WORLDS");
  const std::uint32_t count =
      wanted == nullptr ? 2000 : static_cast<std::uint32_t>(std::atoi(wanted));
  for (std::uint32_t seed = 0; seed < count; ++seed) {
    const Story story = play(seed);
    kills += story.kills;
    ASSERT_EQ(story.findings, "") << report_of(seed, story);
  }
  EXPECT_GT(kills, count / 10) << "hardly anything is killed";
}

}  // namespace
}  // namespace weir::test
