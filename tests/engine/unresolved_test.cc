#include "engine/unresolved.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

Address at(const std::string& text) {
  return Address::parse(text).value();
}

TEST(Unresolved, KeepsBackWhatIsAboveAndBelowIt) {
  Plan plan;
  for (const char* address :
       {"projects/shop", "projects/shop/branches/dev", "projects/shop/branches/dev/roles/ana",
        "projects/shop/branches/other", "projects/shopping"}) {
    plan.steps.push_back({.address = at(address)});
  }
  const auto kept_back =
      find_kept_back(plan, {{at("projects/shop/branches/dev"), "it takes longer than weir waits"}});
  ASSERT_EQ(kept_back.size(), 3U);
  for (std::size_t step = 0; step < kept_back.size(); ++step) EXPECT_EQ(kept_back[step].step, step);
  EXPECT_EQ(kept_back[0].what,
            "what an earlier apply began with projects/shop/branches/dev is not over: it takes "
            "longer than weir waits");
  EXPECT_TRUE(find_kept_back(plan, {}).empty());
}

}  // namespace
}  // namespace weir
