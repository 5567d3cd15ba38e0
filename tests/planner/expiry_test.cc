#include "planner/expiry.h"

#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

const std::string kDev = "projects/shop/branches/dev";

Manifest dev_that_expires(const char* expires, const char* on_expiry) {
  auto dev = a_branch("dev");
  dev.with("expires", expires);
  if (*on_expiry != '\0') dev.with("on_expiry", on_expiry);
  return a_manifest({a_project("shop"), dev, an_endpoint("primary").with("max_cu", 2)});
}

World applied(const Manifest& manifest) {
  World world;
  world.apply(world.plan(manifest), manifest);
  return world;
}

/// What the service does when the time has come.
void expire(World& world) {
  std::erase_if(world.resources, [&](const auto& entry) { return entry.first.starts_with(kDev); });
}

void expire_softly(World& world) {
  Observed gone = world.resources.at(kDev);
  expire(world);
  gone.delete_time = timestamp_text(world.now);
  gone.purge_time = timestamp_text(world.now + 7 * 24h);
  world.add(gone);
}

TEST(Expiry, OfAForgottenBranchIsSaidAndNothingIsDone) {
  const Manifest manifest = dev_that_expires("7d", "");
  World world = applied(manifest);
  world.now += 8 * 24h;
  for (const bool is_soft : {true, false}) {
    World later = world;
    is_soft ? expire_softly(later) : expire(later);
    for (int day = 0; day < 3; ++day) {
      const Plan plan = later.plan(manifest);
      EXPECT_TRUE(plan.is_empty());
      EXPECT_TRUE(plan.drift.empty());
      ASSERT_EQ(plan.notices.size(), 1U);
      EXPECT_EQ(plan.notices.front().type, Notice::Type::kExpired);
      EXPECT_EQ(plan.notices.front().text,
                "expired at 2026-05-08T12:00:00Z, as it was meant to: take its block out of the "
                "manifest");
      later.apply(plan, manifest);
      later.now += 24h;
    }
  }
}

TEST(Expiry, OfAForgottenBranchIsForgottenWithItsBlock) {
  const Manifest manifest = dev_that_expires("7d", "forget");
  World world = applied(manifest);
  world.now += 8 * 24h;
  expire(world);
  const Plan plan = world.plan(a_manifest({a_project("shop")}));
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[0].action, Action::kForget);
  EXPECT_EQ(plan.steps[1].action, Action::kForget);
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(Expiry, OfABranchThatWasNeverAppliedMeansNothing) {
  World world;
  world.apply(world.plan(a_manifest({a_project("shop")})), a_manifest({a_project("shop")}));
  const Plan plan = world.plan(dev_that_expires("7d", "forget"));
  ASSERT_FALSE(plan.is_empty());
  EXPECT_EQ(plan.steps.front().action, Action::kCreate);
}

TEST(Expiry, OfABranchToBeRecreatedMakesItAnew) {
  const Manifest manifest = dev_that_expires("7d", "recreate");
  World world = applied(manifest);
  world.now += 8 * 24h;
  expire(world);
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[0].action, Action::kCreate);
  EXPECT_EQ(plan.steps[0].why, "expired at 2026-05-08T12:00:00Z; on_expiry: recreate");
  EXPECT_EQ(plan.steps[1].action, Action::kUpdate);
}

TEST(Expiry, OfABranchToBeRecreatedPurgesWhatHoldsItsId) {
  const Manifest manifest = dev_that_expires("7d", "recreate");
  World world = applied(manifest);
  world.now += 8 * 24h;
  expire_softly(world);
  const Plan plan = world.plan(manifest, {.allow_destroy = {kDev}});
  ASSERT_EQ(plan.steps.size(), 3U);
  EXPECT_EQ(plan.steps[0].action, Action::kPurge);
  EXPECT_EQ(plan.steps[0].request->target, "/api/2.0/postgres/" + kDev + "?purge=true");
  EXPECT_EQ(plan.steps[1].action, Action::kCreate);
  EXPECT_EQ(plan.steps[1].after, std::vector<std::size_t>{0});
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(Expiry, IsRenewedWhenLessThanHalfIsLeftAndNotBefore) {
  const Manifest manifest = dev_that_expires("10d", "renew");
  World world = applied(manifest);
  world.now += 5 * 24h;
  EXPECT_TRUE(world.plan(manifest).is_empty());
  world.now += 1h;
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].changes[0].reason, Reason::kRenewed);
  EXPECT_EQ(plan.steps[0].request->target,
            "/api/2.0/postgres/" + kDev + "?update_mask=spec.expiration");
  EXPECT_EQ(to_text(plan.steps[0].request->body),
            R"({"spec":{"expire_time":"2026-05-16T13:00:00Z"}})");
  EXPECT_TRUE(plan.drift.empty());
}

TEST(Expiry, NeverFlapsInThirtyDaysOfPlansEveryFewHours) {
  for (const char* choice : {"forget", "recreate", "renew"}) {
    SCOPED_TRACE(choice);
    const Manifest manifest = dev_that_expires("7d", choice);
    World world = applied(manifest);
    int changes = 0;
    for (int turn = 0; turn < 30 * 24 / 5; ++turn) {
      world.now += 5h;
      const auto dev = world.resources.find(kDev);
      const bool is_over =
          dev != world.resources.end() && *end_of(dev->second.fields["expires"], "") <= world.now;
      if (is_over) expire(world);
      const Plan plan = world.plan(manifest);
      world.apply(plan, manifest);
      changes += plan.is_empty() ? 0 : 1;
      EXPECT_TRUE(world.plan(manifest).is_empty());
      world.now += 1s;
      EXPECT_TRUE(world.plan(manifest).is_empty());
    }
    const std::string expected = choice;
    const int least = expected == "forget" ? 0 : expected == "recreate" ? 4 : 7;
    const int most = expected == "renew" ? 9 : least;
    EXPECT_GE(changes, least);
    EXPECT_LE(changes, most);
    EXPECT_EQ(world.resources.contains(kDev), expected != "forget");
  }
}

TEST(Expiry, ThatIsNearIsSaid) {
  const Manifest manifest = dev_that_expires("7d", "forget");
  World world = applied(manifest);
  world.now += 6 * 24h + 2h;
  const Plan plan = world.plan(manifest);
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].text, "expires in 22 h, at 2026-05-08T12:00:00Z");
}

TEST(Expiry, WithoutARecordFollowsTheDateOfTheManifest) {
  World world;
  world.apply(world.plan(a_manifest({a_project("shop")})), a_manifest({a_project("shop")}));
  const Plan plan = world.plan(dev_that_expires("2026-04-01T00:00:00Z", "recreate"));
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].type, Notice::Type::kExpired);
}

TEST(Expiry, DoesNotMindFractionsOfASecondThatTheServiceDrops) {
  const Manifest manifest = dev_that_expires("7d", "forget");
  World world = applied(manifest);
  world.resources.at(kDev).fields["expires"]["ttl"] = "604799.500s";
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

}  // namespace
}  // namespace weir::test
