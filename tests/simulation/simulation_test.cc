// Whole applies in a simulated workspace, thousands of them, with whatever can go wrong.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/simulation/known_seeds.h"
#include "tests/simulation/schedule.h"

namespace weir::test {
namespace {

/// Parts of the whole, so that they run beside each other.
class Stories : public testing::TestWithParam<std::uint32_t> {};

constexpr std::uint32_t kParts = 4;

std::uint32_t stories() {
  const char* wanted = std::getenv("WEIR_WORLDS");
  return wanted == nullptr ? 500 : static_cast<std::uint32_t>(std::stoul(wanted));
}

TEST_P(Stories, ConvergesAfterWhateverWentWrong) {
  std::size_t runs = 0;
  std::size_t kills = 0;
  for (std::uint32_t seed = GetParam(); seed < stories(); seed += kParts) {
    const Story story = play(seed);
    runs += story.runs;
    kills += story.kills;
    ASSERT_EQ(story.findings, "") << report_of(seed, story);
  }
  EXPECT_GT(kills * 20, runs) << "hardly anything is killed";
}

INSTANTIATE_TEST_SUITE_P(Parts, Stories, testing::Range(0U, kParts));

TEST(KnownSeeds, StillConverge) {
  for (const std::uint32_t seed : kKnownSeeds) {
    const Story story = play(seed);
    EXPECT_EQ(story.findings, "") << report_of(seed, story);
  }
}

}  // namespace
}  // namespace weir::test
