// What is remembered once a plan is carried out.
#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

std::vector<std::string> brought_by(const Plan& plan, const std::string& address) {
  std::vector<std::string> brought;
  for (const Step& step : plan.steps) {
    if (step.address.text() != address) continue;
    for (const Record& record : step.brings) brought.push_back(record.address.text());
  }
  return brought;
}

TEST(Remember, WhatTheServiceMakesComesWithWhatContainsIt) {
  const std::string production = kShop + "/branches/production";
  const Manifest manifest =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("production")});
  const Plan plan = plan_of(World(), manifest);
  EXPECT_EQ(steps_of(plan), Steps{"create " + kShop});
  EXPECT_EQ(brought_by(plan, kShop), std::vector<std::string>{production});
  EXPECT_TRUE(plan.adoptions.empty()) << "it is not there yet";
}

TEST(Remember, RolesThatStatementsMakeComeWithTheStatements) {
  Manifest manifest = a_shop_with({inside(kDev).with_role({.name = "batch"})});
  Declaration batch = a_role("batch").with("login", false);
  batch.is_made_in_sql = true;
  manifest.declarations.push_back(batch);
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  const Plan plan = plan_of(World(), manifest);
  EXPECT_EQ(brought_by(plan, kDev + "/sql"), std::vector<std::string>{kDev + "/roles/batch"});
}

TEST(Remember, WhatHasAStepOfItsOwnComesWithNothingElse) {
  const Plan plan = plan_of(World(), a_shop());
  for (const Step& step : plan.steps) EXPECT_TRUE(step.brings.empty()) << step.address.text();
}

}  // namespace
}  // namespace weir::test
