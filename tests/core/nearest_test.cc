#include "core/nearest.h"

#include <array>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kWords = {"branches", "endpoints", "expires"};

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("braches", kWords), "branches");
  EXPECT_EQ(nearest("endpoint", kWords), "endpoints");
  EXPECT_EQ(nearest("epxires", kWords), "expires");
  EXPECT_EQ(nearest("shpo", std::array<std::string_view, 1>{"shop"}), "shop");
  EXPECT_EQ(did_you_mean("expire", kWords), "did you mean \"expires\"?");
}

TEST(Nearest, FindsNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("roles", kWords), "");
  EXPECT_EQ(nearest("base", std::array<std::string_view, 1>{"name"}), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'b'), kWords), "");
  EXPECT_EQ(did_you_mean("x", kWords), "");
}

}  // namespace
}  // namespace weir
