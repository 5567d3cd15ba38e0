#include "core/observations.h"

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

const std::string kDev = "projects/shop/branches/dev";

TEST(Observations, FindRolesByTheirNameInsidePostgres) {
  Observations observations;
  observations.add(
      {.kind = &kRole, .name = kDev + "/roles/ana", .postgres_name = "ana@example.com"});
  const Observed* role = observations.find_postgres(kRole, kDev, "ana@example.com");
  ASSERT_NE(role, nullptr);
  EXPECT_EQ(role->name, kDev + "/roles/ana");
  EXPECT_EQ(observations.find_postgres(kRole, "projects/shop/branches/other", "ana@example.com"),
            nullptr);
  EXPECT_EQ(observations.find_postgres(kDatabase, kDev, "ana@example.com"), nullptr);
}

TEST(Observations, GiveChildrenWithoutGrandchildren) {
  Observations observations;
  observations.add({.kind = &kBranch, .name = kDev});
  observations.add({.kind = &kBranch, .name = "projects/shop/branches/a"});
  observations.add({.kind = &kBranch, .name = "projects/shop-2/branches/b"});
  observations.add({.kind = &kEndpoint, .name = kDev + "/endpoints/primary"});
  const auto branches = observations.children(kBranch, "projects/shop");
  ASSERT_EQ(branches.size(), 2U);
  EXPECT_EQ(branches[0]->name, "projects/shop/branches/a");
  EXPECT_EQ(branches[1]->name, kDev);
}

TEST(Observations, PreferWhatLivesToItsDeletedNamesake) {
  const Observed live = {.kind = &kBranch, .name = kDev, .uid = "new"};
  const Observed deleted = {
      .kind = &kBranch, .name = kDev, .uid = "old", .delete_time = "2026-05-01T00:00:00Z"};
  Observations one_way;
  one_way.add(live);
  one_way.add(deleted);
  Observations other_way;
  other_way.add(deleted);
  other_way.add(live);
  EXPECT_EQ(one_way.find(kDev)->uid, "new");
  EXPECT_EQ(other_way.find(kDev)->uid, "new");
}

TEST(Observations, KnowWhatWasListedThoughItWasEmpty) {
  Observations observations;
  EXPECT_FALSE(observations.is_listed(kBranch, "projects/shop"));
  observations.set_listed(kBranch, "projects/shop");
  EXPECT_TRUE(observations.is_listed(kBranch, "projects/shop"));
  EXPECT_FALSE(observations.is_listed(kEndpoint, "projects/shop"));
}

}  // namespace
}  // namespace weir
