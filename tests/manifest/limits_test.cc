#include "manifest/limits.h"

#include <set>

#include <gtest/gtest.h>

#include "core/units.h"

namespace weir {
namespace {

TEST(Limits, GiveWhatTheTableHas) {
  const Limits limits;
  EXPECT_EQ(limits.duration("branch_ttl_maximum"), "2592000s");
  EXPECT_EQ(limits.number("cu_minimum"), 0.5);
  EXPECT_EQ(limits.number("branches_per_project"), 10);
  EXPECT_FALSE(limits.flag("no_login_roles"));
}

TEST(Limits, CanBeOverridden) {
  const Limits limits({{"branch_ttl_maximum", {{"value", "45d"}, {"reason", "agreed"}}},
                       {"branches_per_project", {{"value", 20}, {"reason", "agreed"}}},
                       {"no_login_roles", {{"value", true}, {"reason", "agreed"}}}});
  EXPECT_EQ(limits.duration("branch_ttl_maximum"), "3888000s");
  EXPECT_EQ(limits.number("branches_per_project"), 20);
  EXPECT_TRUE(limits.flag("no_login_roles"));
}

TEST(Limits, StayAsTheyAreWhenAnOverrideIsOfAnotherSort) {
  const Limits limits({{"branch_ttl_maximum", {{"value", 45}}},
                       {"branches_per_project", {{"value", "many"}}},
                       {"no_login_roles", {{"reason", "agreed"}}},
                       {"no_such_limit", {{"value", 1}}}});
  EXPECT_EQ(limits.duration("branch_ttl_maximum"), "2592000s");
  EXPECT_EQ(limits.number("branches_per_project"), 10);
  EXPECT_FALSE(limits.flag("no_login_roles"));
  EXPECT_THROW(limits.number("no_such_limit"), std::out_of_range);
}

TEST(Limits, AreDescribed) {
  std::set<std::string_view> names;
  for (const LimitText& limit : all_limits()) {
    EXPECT_TRUE(names.insert(limit.name).second) << limit.name;
    EXPECT_TRUE(limit.doc.ends_with('.')) << limit.name;
    EXPECT_FALSE(limit.source.empty()) << limit.name;
  }
}

}  // namespace
}  // namespace weir
