#include "planner/planner.h"

#include <gtest/gtest.h>

#include "planner/request.h"
#include "planner/selection.h"
#include "tests/planner/shop.h"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

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
  const Step& role = plan.steps[1];
  ASSERT_TRUE(takes_over(role));
  EXPECT_FALSE(role.request->body["spec"].contains("attributes"));
  const Observed past =
      an_observed(kRole, role.remote_name, {{"attributes", {"createdb"}}, {"superuser", true}});
  const Request sent = beside_what_stands(role, past).value();
  EXPECT_EQ(sent.target, role.request->target);
  EXPECT_EQ(sent.body["spec"]["attributes"]["createdb"], true);
  EXPECT_EQ(sent.body["spec"]["membership_roles"], Document::array({"DATABRICKS_SUPERUSER"}));
}

TEST(Planner, ChangesWhatAnInstanceBringsAlongWhereTheServiceTakesNothingOver) {
  DeclarationBuilder me(kInstanceRole, "me", "instances/legacy");
  me.with("user", "me@example.com").with("superuser", true).with("attributes", {"createdb"});
  const Manifest manifest = a_manifest({an_instance("legacy"), me});
  World world;
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.steps.size(), 2U);
  const Step& role = plan.steps[1];
  ASSERT_TRUE(takes_over(role));
  EXPECT_EQ(role.request->method, "POST");
  Document fields = {{"postgres_role", "me@example.com"},
                     {"identity", "user"},
                     {"superuser", true},
                     {"attributes", {"createdb", "createrole"}}};
  const auto request =
      beside_what_stands(role, an_observed(kInstanceRole, role.remote_name, fields));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "PATCH");
  EXPECT_FALSE(request->body.contains("membership_role"));
  fields["attributes"] = {"createdb"};
  EXPECT_FALSE(beside_what_stands(role, an_observed(kInstanceRole, role.remote_name, fields)));
  fields["identity"] = "group";
  EXPECT_EQ(beside_what_stands(role, an_observed(kInstanceRole, role.remote_name, fields)),
            role.request);
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
