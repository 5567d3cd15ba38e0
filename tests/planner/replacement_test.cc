// What ends so that something else can begin, and what comes back.
#include <algorithm>

#include <gtest/gtest.h>

#include "planner/planner.h"
#include "tests/planner/shop.h"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

// ---- soft deletion -----------------------------------------------------------------------------

World with_dev_deleted(const Manifest& manifest) {
  World world = applied(manifest);
  world.now += 3 * 24h;
  std::erase_if(world.resources,
                [](const auto& entry) { return entry.first.starts_with(kDev + "/"); });
  world.resources.at(kDev).delete_time = "2026-05-01T12:30:00Z";
  world.resources.at(kDev).purge_time = "2026-05-08T12:30:00Z";
  return world;
}

TEST(SoftDeletion, IsUndoneForWhatIsDeclared) {
  World world = with_dev_deleted(a_shop());
  const std::string uid = world.resources.at(kDev).uid;
  const Plan plan = world.plan(a_shop());
  EXPECT_EQ(steps_of(plan), Steps{"undelete " + kDev});
  EXPECT_EQ(plan.steps[0].why,
            "deleted 2 d 23 h ago (gone since 2026-05-01T12:30:00Z), purge in 4 d (at "
            "2026-05-08T12:30:00Z)");
  EXPECT_EQ(plan.steps[0].request->target, "/api/2.0/postgres/" + kDev + "/undelete");
  EXPECT_EQ(plan.steps[0].request->body, Document::object());
  world.apply(plan, a_shop());
  EXPECT_EQ(world.resources.at(kDev).uid, uid);
}

TEST(SoftDeletion, IsUndoneAndThenWhatDiffersIsChanged) {
  World world = with_dev_deleted(a_shop());
  world.resources.at(kDev).fields["protected"] = true;
  const Manifest manifest =
      a_manifest({a_project("shop").with("pg_version", 17),
                  a_branch("dev").with("expires", "7d").with("protected", false)});
  const Plan plan = world.plan(manifest, {.may_prune = false});
  EXPECT_EQ(steps_of(plan), (Steps{"undelete " + kDev, "update " + kDev}));
  EXPECT_EQ(plan.steps[1].after, std::vector<std::size_t>{0});
}

TEST(SoftDeletion, OfWhatHadNoEndIsUndoneAndThenItGetsOne) {
  World world = with_dev_deleted(a_shop());
  world.resources.at(kDev).fields.erase("expires");
  const Manifest manifest =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d")});
  const Plan plan = world.plan(manifest, {.may_prune = false});
  ASSERT_EQ(steps_of(plan), (Steps{"undelete " + kDev, "update " + kDev}));
  EXPECT_EQ(plan.steps[1].request->target,
            "/api/2.0/postgres/" + kDev + "?update_mask=spec.expiration");
}

TEST(SoftDeletion, EndsInAPurgeWhenAFixedFieldDiffers) {
  World world = with_dev_deleted(a_shop());
  world.resources.at(kDev).fields["from"] = kShop + "/branches/production";
  const Manifest manifest = a_manifest({a_project("shop").with("pg_version", 17), a_branch("other"),
                                        a_branch("dev").with("from", kShop + "/branches/other")});
  const Plan plan = world.plan(manifest, {.may_prune = false});
  EXPECT_EQ(steps_of(plan),
            (Steps{"purge " + kDev, "create " + kShop + "/branches/other", "create " + kDev}));
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P007");
}

Manifest with_expiry(const char* choice) {
  return a_manifest(
      {a_project("shop"), a_branch("dev").with("expires", "1d").with("on_expiry", choice)});
}

TEST(SoftDeletion, OfWhatIsRenewedIsUndone) {
  World world = with_dev_deleted(with_expiry("renew"));
  const Plan plan = world.plan(with_expiry("renew"));
  EXPECT_EQ(steps_of(plan), (Steps{"undelete " + kDev, "update " + kDev}));
  EXPECT_EQ(to_text(plan.steps[1].request->body),
            R"({"spec":{"expire_time":"2026-05-05T12:00:00Z"}})");
}

TEST(SoftDeletion, OfWhatIsToBeMadeAnewNeedsNoConsent) {
  World world = with_dev_deleted(with_expiry("recreate"));
  const Plan plan = world.plan(with_expiry("recreate"));
  EXPECT_EQ(steps_of(plan), (Steps{"purge " + kDev, "create " + kDev}));
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(SoftDeletion, IsOverAfterThePurge) {
  World world = with_dev_deleted(a_manifest({a_project("shop"), a_branch("dev")}));
  world.now = at("2026-06-01T00:00:00Z");
  EXPECT_EQ(steps_of(world.plan(a_manifest({a_project("shop"), a_branch("dev")}))),
            Steps{"create " + kDev});
}

TEST(SoftDeletion, OfWhatNobodyDeclaresIsNobodysBusiness) {
  World world = with_dev_deleted(a_shop());
  const Plan plan = world.plan(a_manifest({a_project("shop").with("pg_version", 17)}));
  for (const Step& step : plan.steps) EXPECT_EQ(step.action, Action::kForget);
  EXPECT_TRUE(plan.unmanaged.empty());
}

// ---- replacement -------------------------------------------------------------------------------

TEST(Replacement, ShowsEverythingThatGoesAndMakesItAgain) {
  World world = applied(a_shop());
  world.resources.at(kDev).facts = {{"logical_size_bytes", 1288490189}};
  world.add(an_observed(kBranch, kShop + "/branches/somebodys")).facts = {
      {"logical_size_bytes", 2048}};
  Manifest manifest = a_shop();
  manifest.declarations[0].fields["pg_version"] = 16;
  const Plan plan = world.plan(manifest, {.allow_destroy = {"*"}});
  EXPECT_EQ(steps_of(plan),
            (Steps{"purge projects/shop", "create projects/shop", "create " + kDev,
                   "create " + kDev + "/roles/app_owner", "create " + kDev + "/databases/orders"}));
  EXPECT_TRUE(plan.refusals.empty());
  const Step& end = plan.steps[0];
  EXPECT_TRUE(end.is_replacement);
  EXPECT_EQ(end.why, "pg_version is fixed at creation; it cannot be undeleted then");
  const auto loss = [&](const std::string& name) {
    return *std::find_if(end.losses.begin(), end.losses.end(),
                         [&](const Loss& each) { return each.name == name; });
  };
  EXPECT_TRUE(loss(kDev).is_declared);
  EXPECT_EQ(loss(kDev).size, "1.2 GiB");
  EXPECT_FALSE(loss(kShop + "/branches/somebodys").is_declared);
  EXPECT_EQ(loss(kShop + "/branches/somebodys").size, "2.0 KiB");
  world.apply(plan, manifest);
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

TEST(Replacement, OfAProjectMakesAllThatItsFirstBranchHad) {
  World world;
  world.is_strict = true;
  world.apply(world.plan(a_chain(17)), a_chain(17));
  const Plan plan = world.plan(a_chain(16), {.allow_destroy = {"*"}});
  EXPECT_EQ(plan.steps.size(), 7U);
  world.apply(plan, a_chain(16));
  EXPECT_TRUE(world.plan(a_chain(16)).is_empty());
}

TEST(Replacement, CountsAsADestructionAndACreation) {
  World world = applied(a_manifest({a_project("shop").with("pg_version", 17)}));
  const Counts counts = count(world.plan(a_manifest({a_project("shop").with("pg_version", 16)})));
  EXPECT_EQ(counts.destroy, 1U);
  EXPECT_EQ(counts.create, 1U);
  EXPECT_EQ(counts.replace, 1U);
}

TEST(Replacement, OfARoleThatOwnsSomethingIsRefused) {
  World world = applied(a_shop());
  const Manifest manifest =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").with("expires", "7d"),
                  a_role("app_owner").with("login", true),
                  a_database("orders").with("owner", kDev + "/roles/app_owner")});
  const Plan plan = world.plan(manifest, {.allow_destroy = {"*"}});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P010");
  EXPECT_EQ(plan.refusals[0].message,
            "cannot be deleted while others need it: " + kDev + "/databases/orders (owner)");
}

TEST(Replacement, OfTheDefaultBranchIsRefused) {
  const auto with_source = [](const char* source) {
    return a_manifest({a_project("shop").with("default_branch", kDev), a_branch("production"),
                       a_branch("old").with("from", kShop + "/branches/production"),
                       a_branch("dev").with("from", kShop + "/branches/" + source)});
  };
  World world = applied(with_source("production"));
  const Plan plan = world.plan(with_source("old"), {.allow_destroy = {"*"}});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].message,
            "cannot be deleted while others need it: projects/shop (default_branch)");
}

TEST(Replacement, IsNotMeantByHowAManagedIdentityLogsIn) {
  const Manifest manifest =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("team").with("group", "analysts")});
  World world = applied(manifest);
  world.resources.at(kDev + "/roles/analysts").fields["auth_method"] = "no_login";
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

TEST(Replacement, NeedsConsent) {
  World world = applied(a_shop());
  Manifest manifest = a_shop();
  manifest.declarations[0].fields["pg_version"] = 16;
  const Plan plan = world.plan(manifest);
  ASSERT_FALSE(plan.refusals.empty());
  EXPECT_EQ(plan.refusals[0].rule, "P007");
  EXPECT_EQ(plan.refusals[0].hint, "say -allow-destroy projects/shop when that is meant");
}

TEST(Replacement, OfAnEndpointThatWritesIsRefused) {
  const Manifest manifest = a_manifest(
      {a_project("shop"), a_branch("dev"), an_endpoint("primary").with("type", "read_only")});
  World world = applied(a_manifest({a_project("shop"), a_branch("dev")}));
  const Plan plan = world.plan(manifest);
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P009");
}

// ---- another one under the same key -----------------------------------------------------------

Manifest owned_by(const std::string& user, const Lifecycle& lifecycle = {}) {
  return a_manifest({a_project("shop"), a_branch("dev"),
                     a_role("owner").with("user", user).with_lifecycle(lifecycle),
                     a_database("orders").with("owner", kDev + "/roles/owner")});
}

std::vector<std::string> names_of(const Plan& plan) {
  std::vector<std::string> names;
  names.reserve(plan.steps.size());
  for (const Step& step : plan.steps) {
    names.push_back(std::string(text_of(step.action)) + " " + step.remote_name);
  }
  return names;
}

TEST(AnotherOne, UnderAKeyEndsTheFormerWhenNothingNeedsItAnyMore) {
  World world = applied(owned_by("ana@example.com"));
  world.is_strict = true;
  const Plan plan = world.plan(owned_by("bea@example.com"));
  EXPECT_EQ(names_of(plan),
            (Steps{"create " + kDev + "/roles/role-bea", "update " + kDev + "/databases/orders",
                   "delete " + kDev + "/roles/role-ana"}));
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(plan.steps[2].address.text(), kDev + "/roles/owner-before-role-ana");
  ASSERT_EQ(plan.adoptions.size(), 1U);
  EXPECT_EQ(plan.adoptions[0].address, plan.steps[2].address);
  EXPECT_EQ(plan.adoptions[0].remote_name, kDev + "/roles/role-ana");
  world.apply(plan, owned_by("bea@example.com"));
  EXPECT_TRUE(world.plan(owned_by("bea@example.com")).is_empty());
}

TEST(AnotherOne, LeavesTheFormerThatIsToBeKept) {
  const Lifecycle keep = {.on_remove = "keep"};
  World world = applied(owned_by("ana@example.com", keep));
  const Plan plan = world.plan(owned_by("bea@example.com", keep));
  EXPECT_EQ(names_of(plan),
            (Steps{"create " + kDev + "/roles/role-bea", "update " + kDev + "/databases/orders",
                   "forget " + kDev + "/roles/role-ana"}));
  EXPECT_EQ(plan.notices.size(), 1U);
}

TEST(AnotherOne, LeavesTheFormerThatHasAKeyOfItsOwnNow) {
  World world = applied(owned_by("ana@example.com"));
  Manifest manifest = owned_by("bea@example.com");
  manifest =
      a_manifest({manifest.declarations[0], manifest.declarations[1], manifest.declarations[2],
                  manifest.declarations[3], a_role("former").with("user", "ana@example.com")});
  for (const Step& step : world.plan(manifest).steps) EXPECT_FALSE(step.is_destructive());
}

TEST(AnotherOne, GoesByTheNextPlanWhenTheFirstIsKilledInTheMiddle) {
  World world = applied(owned_by("ana@example.com"));
  const Manifest after = owned_by("bea@example.com");
  Plan plan = world.plan(after);
  for (const Record& record : plan.adoptions) world.records[record.address] = record;
  plan.steps.pop_back();
  world.apply(plan, after);
  EXPECT_EQ(names_of(world.plan(after)), Steps{"delete " + kDev + "/roles/role-ana"});
}

TEST(AnotherOne, IsNotWhoHasGotTheNameOfTheFormerMeanwhile) {
  World world = applied(owned_by("ana@example.com"));
  Observed& role = world.resources.at(kDev + "/roles/role-ana");
  role.postgres_name = "ana@new.example.com";
  role.fields["postgres_role"] = role.postgres_name;
  world.resources.at(kDev + "/databases/orders").fields["owner"] = role.postgres_name;
  for (const Step& step : world.plan(owned_by("ana@example.com")).steps) {
    EXPECT_FALSE(step.is_destructive()) << step.remote_name;
  }
}

TEST(AnotherOne, NeedsConsentWhereTheEndOfADeclarationDoes) {
  World world = applied(a_manifest({a_project("shop").called("shop"), a_branch("dev")}));
  const Manifest renamed = a_manifest({a_project("shop").called("store")});
  const Plan plan = world.plan(renamed);
  ASSERT_FALSE(plan.refusals.empty());
  EXPECT_EQ(plan.refusals[0].rule, "P007");
}

}  // namespace
}  // namespace weir::test
