#include "core/glob.h"

#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Glob, CoversAWholeTextWithinSegmentsOrAcrossThem) {
  EXPECT_TRUE(matches_glob("pr-*", "pr-123"));
  EXPECT_TRUE(matches_glob("pr-*", "pr-"));
  EXPECT_FALSE(matches_glob("pr-*", "pr"));
  EXPECT_FALSE(matches_glob("pr-?", "pr-12"));
  EXPECT_TRUE(matches_glob("*-*-x", "a-b-c-x"));
  EXPECT_FALSE(matches_glob("projects/*", "projects/shop/branches/dev"));
  EXPECT_TRUE(matches_glob("projects/**", "projects/shop/branches/dev"));
  EXPECT_TRUE(matches_glob("**/branches/d?v", "projects/shop/branches/dev"));
  EXPECT_TRUE(matches_glob("**/*/x", "a/b/c/x"));
  EXPECT_FALSE(matches_glob("a*/x", "ab/c/x"));
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_FALSE(matches_glob("", "a"));
}

TEST(Glob, CostsLittleHoweverManyStarsItHas) {
  std::string hostile;
  for (int star = 0; star < 500; ++star) hostile += "*a";
  EXPECT_FALSE(matches_glob(hostile + "b", std::string(1000, 'a')));
  std::string wide;
  for (int star = 0; star < 300; ++star) wide += "**a";
  EXPECT_FALSE(matches_glob(wide + "b", std::string(600, 'a')));
}

}  // namespace
}  // namespace weir
