#include "planner/planner.h"

#include <gtest/gtest.h>

#include "planner/selection.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

const std::string kShop = "projects/shop";
const std::string kDev = "projects/shop/branches/dev";

/// "create projects/shop", one line a step.
std::vector<std::string> steps_of(const Plan& plan) {
  std::vector<std::string> steps;
  steps.reserve(plan.steps.size());
  for (const Step& step : plan.steps) {
    steps.push_back(std::string(text_of(step.action)) + " " + step.address.text());
  }
  return steps;
}
using Steps = std::vector<std::string>;

Manifest a_shop() {
  return a_manifest({a_project("shop").with("pg_version", 17),
                     a_branch("dev").with("expires", "7d"),
                     a_role("app_owner").with("login", false),
                     a_database("orders").with("owner", kDev + "/roles/app_owner")});
}

World applied(const Manifest& manifest) {
  World world;
  world.apply(world.plan(manifest), manifest);
  return world;
}

TEST(Planner, MakesEverythingInOrderInAnEmptyWorkspace) {
  const Plan plan = World().plan(a_shop());
  EXPECT_EQ(steps_of(plan),
            (Steps{"create projects/shop", "create " + kDev, "create " + kDev + "/roles/app_owner",
                   "create " + kDev + "/databases/orders"}));
  EXPECT_EQ(plan.steps[3].after, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(plan.steps[1].request->method, "POST");
  EXPECT_EQ(plan.steps[1].request->target,
            "/api/2.0/postgres/projects/shop/branches?branch_id=dev");
  EXPECT_EQ(to_text(plan.steps[1].request->body), R"({"spec":{"ttl":"604800s"}})");
  EXPECT_EQ(
      to_text(plan.steps[3].request->body),
      R"({"spec":{"role":"projects/shop/branches/dev/roles/app-owner","postgres_database":"orders"}})");
  EXPECT_TRUE(plan.steps[1].precondition.must_be_absent);
  EXPECT_EQ(plan.steps[2].lock, kDev);
  EXPECT_EQ(plan.steps[1].lock, "");
}

TEST(Planner, ChangesWhatTheServiceMakesWithItsParent) {
  const Manifest manifest = a_manifest(
      {a_project("shop"),
       permissions_of().with("entries", Document::array({{{"group", "g"}, {"level", "CAN_USE"}}})),
       a_branch("production").with("protected", true).with("expires", "never"),
       an_endpoint("primary")
           .in(kShop + "/branches/production")
           .with("type", "read_write")
           .with("max_cu", 4)});
  const Plan plan = World().plan(manifest);
  EXPECT_EQ(steps_of(plan),
            (Steps{"create projects/shop", "update projects/shop/branches/production",
                   "update projects/shop/branches/production/endpoints/primary",
                   "update projects/shop/permissions"}));
  EXPECT_EQ(to_text(plan.steps[1].request->body), R"({"spec":{"is_protected":true}})");
  EXPECT_EQ(plan.steps[1].why, "made together with its project");
  EXPECT_EQ(plan.steps[2].after, std::vector<std::size_t>{0});
  EXPECT_EQ(plan.steps[3].request->method, "PATCH");
}

TEST(Planner, SetsADefaultBranchOnceItExists) {
  const Manifest manifest =
      a_manifest({a_project("shop").with("default_branch", kDev), a_branch("dev")});
  const Plan plan = World().plan(manifest);
  EXPECT_EQ(steps_of(plan),
            (Steps{"create projects/shop", "create " + kDev, "update projects/shop"}));
  EXPECT_EQ(plan.steps[0].request->body, Document::object());
  EXPECT_EQ(plan.steps[2].after, (std::vector<std::size_t>{0, 1}));
}

TEST(Planner, TakesOverWhatABranchInherits) {
  const std::string production = kShop + "/branches/production";
  const Manifest manifest = a_manifest(
      {a_project("shop"), a_branch("production"), a_role("app").in(production).with("login", false),
       a_branch("dev").with("from", production),
       a_role("app").with("login", false).with("superuser", true)});
  World world;
  const Plan plan = world.plan(manifest);
  EXPECT_EQ(steps_of(plan), (Steps{"create projects/shop", "create " + production + "/roles/app",
                                   "create " + kDev, "update " + kDev + "/roles/app"}));
  world.apply(plan, manifest);
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

/// production and a copy of a copy of it, with the same role and database on both ends.
Manifest a_chain(const Document& version) {
  const std::string production = kShop + "/branches/production";
  return a_manifest({a_project("shop").with("pg_version", version), a_branch("production"),
                     a_role("app").in(production).with("login", true),
                     a_database("orders").in(production).with("owner", production + "/roles/app"),
                     a_branch("copy").with("from", production),
                     a_branch("dev").with("from", kShop + "/branches/copy"),
                     a_role("app").with("login", true).with("attributes", {"createdb"}),
                     a_database("orders").with("owner", kDev + "/roles/app")});
}

TEST(Planner, TakesOverWhatComesThroughACopyThatNobodyDescribes) {
  const std::string production = kShop + "/branches/production";
  World world;
  world.is_strict = true;
  const Plan plan = world.plan(a_chain(17));
  EXPECT_EQ(steps_of(plan), (Steps{"create projects/shop", "create " + production + "/roles/app",
                                   "create " + production + "/databases/orders",
                                   "create " + kShop + "/branches/copy", "create " + kDev,
                                   "update " + kDev + "/roles/app"}));
  world.apply(plan, a_chain(17));
  EXPECT_TRUE(world.plan(a_chain(17)).is_empty());
}

TEST(Planner, AsksToTakeOverWhatNobodyCanSeeYet) {
  const std::string production = kShop + "/branches/production";
  const Manifest manifest = a_manifest(
      {a_project("shop"), a_branch("production"),
       a_role("me").in(production).with("user", "developer@example.com").with("superuser", true)});
  World world;
  world.is_strict = true;
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[1].request->target,
            "/api/2.0/postgres/" + production + "/roles?role_id=developer&replace_existing=true");
  world.apply(plan, manifest);
  EXPECT_TRUE(world.plan(manifest).is_empty());
}

TEST(Planner, KeepsWhatABranchOfThePastMayHave) {
  const std::string production = kShop + "/branches/production";
  const std::vector<Declaration> before = {
      a_project("shop"), a_branch("production"),
      a_role("app").in(production).with("login", true).with("attributes", {"createdb"})};
  World world = applied(a_manifest(before));
  std::vector<Declaration> after = before;
  after.push_back(a_branch("dev").with("from", production).with("at", "2026-05-01T11:00:00Z"));
  after.push_back(a_role("app").with("login", true));
  const Plan plan = world.plan(a_manifest(after));
  ASSERT_EQ(steps_of(plan), (Steps{"create " + kDev, "create " + kDev + "/roles/app"}));
  EXPECT_EQ(plan.steps[1].request->body["spec"]["attributes"]["createdb"], true);
}

TEST(Planner, SendsOneRequestWithTheSmallestMask) {
  const Manifest before = a_manifest({a_project("shop")
                                          .with("display_name", "a")
                                          .with("native_login", true)
                                          .with("tags", {{"a", "b"}})});
  World world = applied(before);
  const Manifest after = a_manifest({a_project("shop")
                                         .with("display_name", "b")
                                         .with("native_login", false)
                                         .with("tags", {{"a", "b"}})});
  const Plan plan = world.plan(after);
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].request->target,
            "/api/2.0/postgres/projects/"
            "shop?update_mask=spec.display_name%2Cspec.enable_pg_native_login");
  EXPECT_EQ(to_text(plan.steps[0].request->body),
            R"({"spec":{"display_name":"b","enable_pg_native_login":false}})");
}

TEST(Planner, SendsSettingsThatShareAMaskWhole) {
  World world = applied(a_manifest({a_project("shop")}));
  Document& fields = world.resources.at(kShop).fields;
  fields["default_endpoint.min_cu"] = 1;
  fields["default_endpoint.max_cu"] = 4;
  fields["default_endpoint.suspend_after"] = "300s";
  const Plan plan = world.plan(a_manifest({a_project("shop").with("default_endpoint.max_cu", 8)}));
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].request->target,
            "/api/2.0/postgres/projects/shop?update_mask=spec.default_endpoint_settings");
  EXPECT_EQ(to_text(plan.steps[0].request->body),
            R"({"spec":{"default_endpoint_settings":{"autoscaling_limit_min_cu":1,)"
            R"("autoscaling_limit_max_cu":8,"suspend_timeout_duration":"300s"}}})");
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].type, Notice::Type::kDefaultsDoNotReach);
}

TEST(Planner, SendsWhatIsIgnoredAsItIs) {
  World world = applied(a_manifest({a_project("shop")}));
  Document& fields = world.resources.at(kShop).fields;
  fields["default_endpoint.min_cu"] = 1;
  fields["default_endpoint.max_cu"] = 2;
  const Plan plan =
      world.plan(a_manifest({a_project("shop")
                                 .with("default_endpoint.min_cu", 0.5)
                                 .with("default_endpoint.max_cu", 3)
                                 .with_lifecycle({.ignore = {"default_endpoint.min_cu"}})}));
  ASSERT_EQ(plan.steps.size(), 1U);
  const Document& sent = plan.steps[0].request->body["spec"]["default_endpoint_settings"];
  EXPECT_EQ(sent["autoscaling_limit_min_cu"], 1);
  EXPECT_EQ(sent["autoscaling_limit_max_cu"], 3);
}

TEST(Planner, NeverShowsAPassword) {
  auto legacy = a_role("legacy").with("password", "hunter2");
  const Plan plan = World().plan(a_manifest({a_project("shop"), a_branch("dev"), legacy}));
  for (const Step& step : plan.steps) {
    EXPECT_EQ(to_text(step.request->body).find("hunter2"), std::string::npos);
    for (const FieldChange& change : step.changes) EXPECT_NE(change.field->name, "password");
  }
}

TEST(Planner, LeavesIgnoredFieldsAlone) {
  const Manifest manifest = a_manifest(
      {a_project("shop").with("display_name", "a").with_lifecycle({.ignore = {"display_name"}})});
  World world = applied(manifest);
  world.resources.at(kShop).fields["display_name"] = "somebody else's";
  EXPECT_TRUE(world.plan(manifest).is_empty());
  EXPECT_TRUE(world.plan(manifest).drift.empty());
}

TEST(Planner, SaysWhatStaysWhenAFieldIsNoLongerDeclared) {
  World world = applied(
      a_manifest({a_project("shop").with("display_name", "Shop").with("native_login", true)}));
  const Plan plan = world.plan(a_manifest({a_project("shop")}));
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices[0].text, "display_name is no longer declared and stays Shop");
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].why, "no longer declared");
}

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
  EXPECT_EQ(plan.refusals[0].hint, "Say --allow-destroy projects/shop when that is meant.");
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

// ---- the rest ----------------------------------------------------------------------------------

TEST(Planner, SaysThatSomethingAppliedIsGone) {
  World world = applied(a_shop());
  world.resources.erase(kDev + "/databases/orders");
  const Plan plan = world.plan(a_shop());
  EXPECT_EQ(steps_of(plan), Steps{"create " + kDev + "/databases/orders"});
  EXPECT_EQ(plan.steps[0].why, "was applied and is gone from the workspace");
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_TRUE(plan.drift[0].is_gone);
}

TEST(Planner, RefusesWhatComesFromSomethingThatExpired) {
  const Manifest manifest = a_manifest({a_project("shop"), a_branch("tmp").with("expires", "1d"),
                                        a_branch("dev").with("from", kShop + "/branches/tmp")});
  World world = applied(a_manifest({a_project("shop"), a_branch("tmp").with("expires", "1d")}));
  world.now += 48h;
  world.resources.erase(kShop + "/branches/tmp");
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P013");
  EXPECT_EQ(
      plan.refusals[0].message,
      "its from is projects/shop/branches/tmp, which is not there and is not made by this plan");
}

TEST(Planner, GivesProtectionUpBeforeItIsTakenElsewhere) {
  const auto guarded = [](const char* key) {
    Manifest manifest = a_manifest({a_project("shop"), a_branch("dev"), a_branch("old")});
    for (Declaration& each : manifest.declarations) {
      if (each.kind == &kBranch) each.fields["protected"] = each.id == key;
    }
    return manifest;
  };
  World world = applied(guarded("old"));
  EXPECT_EQ(steps_of(world.plan(guarded("dev"))),
            (Steps{"update " + kShop + "/branches/old", "update " + kDev}));
}

TEST(Planner, DoesNotCallLeftAloneWhatItEnds) {
  World world = applied(a_shop());
  world.add(an_observed(kBranch, kShop + "/branches/somebodys"));
  EXPECT_EQ(world.plan(a_shop()).unmanaged.size(), 1U);
  EXPECT_TRUE(world.plan(a_shop(), {.is_destroy = true}).unmanaged.empty());
}

TEST(Planner, ReportsWhatNobodyDeclares) {
  World world = applied(a_shop());
  world.add(an_observed(kRole, kDev + "/roles/stranger", {{"postgres_role", "stranger"}}));
  const Plan plan = world.plan(a_shop());
  EXPECT_TRUE(plan.is_empty());
  ASSERT_EQ(plan.unmanaged.size(), 1U);
  EXPECT_EQ(plan.unmanaged[0].postgres_name, "stranger");
}

TEST(Planner, DeletesARoleAfterItsDatabasesGotAnotherOwner) {
  const auto with_owner = [](const char* owner) {
    return a_manifest({a_project("shop"), a_branch("dev"), a_role(owner).with("login", false),
                       a_database("orders").with("owner", kDev + "/roles/" + owner)});
  };
  World world = applied(with_owner("anna"));
  const Plan plan = world.plan(with_owner("berta"));
  EXPECT_EQ(steps_of(plan),
            (Steps{"create " + kDev + "/roles/berta", "update " + kDev + "/databases/orders",
                   "delete " + kDev + "/roles/anna"}));
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(Planner, AbsorbsTheChildrenOfWhatIsDeleted) {
  World world = applied(a_shop());
  const Plan plan =
      world.plan(a_manifest({a_project("shop").with("pg_version", 17)}), {.allow_destroy = {"*"}});
  EXPECT_EQ(steps_of(plan), Steps{"delete " + kDev});
  EXPECT_EQ(plan.steps[0].losses.size(), 4U);
  EXPECT_FALSE(plan.steps[0].recoverable_until.empty());
}

TEST(Planner, ChoosesStepsWithWhatTheyNeed) {
  const Plan only = World().plan(a_shop(), {.only = {"projects/*/branches/dev/roles/*"}});
  EXPECT_EQ(steps_of(only), (Steps{"create projects/shop", "create " + kDev,
                                   "create " + kDev + "/roles/app_owner"}));
  const Plan except = World().plan(a_shop(), {.except = {"**/roles/app_owner"}});
  EXPECT_EQ(steps_of(except), (Steps{"create projects/shop", "create " + kDev}));
}

TEST(Selection, MatchesGlobsOfAddresses) {
  const Address role = *Address::parse(kDev + "/roles/app");
  EXPECT_TRUE(names("projects/shop", role));
  EXPECT_TRUE(names("projects/*/branches/d?v", role));
  EXPECT_TRUE(names("**/roles/*", role));
  EXPECT_FALSE(names("projects/*/roles/*", role));
  EXPECT_FALSE(names("projects/sho", role));
}

TEST(Planner, PlansTheEndOfEverything) {
  World world = applied(a_shop());
  const Plan plan = world.plan(a_shop(), {.is_destroy = true, .allow_destroy = {"*"}});
  EXPECT_EQ(steps_of(plan), Steps{"delete projects/shop"});
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(Planner, PlansTheEndOfWhatIsChosen) {
  World world = applied(a_shop());
  const Plan plan = world.plan(
      a_shop(), {.is_destroy = true, .allow_destroy = {"*"}, .only = {"**/databases/orders"}});
  EXPECT_EQ(steps_of(plan), Steps{"delete " + kDev + "/databases/orders"});
}

TEST(Planner, WantsConsentForTheEndOfAProject) {
  World world = applied(a_shop());
  const Plan plan = world.plan(a_shop(), {.is_destroy = true});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals[0].rule, "P007");
}

}  // namespace
}  // namespace weir::test
