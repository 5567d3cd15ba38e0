// What apps are bound to: entries of lists in which others have entries as well.
#include "planner/bindings.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "planner/forgery.h"
#include "planner/plan_file.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

const Field& bind() {
  return *bindings_in(kApp);
}

Document json(const std::string& text) {
  return parse_document(text).value();
}

Document entry(const char* key, const char* branch) {
  return {{"resource_key", key}, {"branch", branch}, {"permission", "CAN_CONNECT_AND_CREATE"}};
}

/// An app as answers show it.
Observed an_app_with(const std::string& resources) {
  const Document answer = {{"resources", json(resources)}};
  Observed app = an_observed(kApp, "apps/site", {{"bind", observe_value(bind(), answer, {})}});
  app.facts["resources"] = answer.at("resources");
  app.facts["service_principal_client_id"] = "11111111-1111-1111-1111-111111111111";
  return app;
}

Manifest bound_to(const Document& entries) {
  return a_manifest({a_project(),
                     a_branch("dev").with_implied("from", "projects/shop/branches/production"),
                     an_app().with("bind", entries)});
}

constexpr const char* kDev = "projects/shop/branches/dev";
constexpr const char* kSecret =
    R"({"name":"s","secret":{"scope":"a","key":"b","permission":"READ"},"description":"theirs"})";

World with_dev() {
  World world;
  world.apply(
      world.plan(a_manifest({a_project(), a_branch("dev").with_implied(
                                              "from", "projects/shop/branches/production")})),
      a_manifest({}));
  return world;
}

const Step& step_of(const Plan& plan, const char* address) {
  const auto found = std::ranges::find_if(
      plan.steps, [&](const Step& step) { return step.address.text() == address; });
  if (found == plan.steps.end()) throw std::invalid_argument(address);
  return *found;
}

std::size_t place_of(const Plan& plan, const char* address) {
  return static_cast<std::size_t>(&step_of(plan, address) - plan.steps.data());
}

TEST(Bindings, AreMergedIntoTheListAsItStands) {
  World world = with_dev();
  world.add(an_app_with(std::string("[") + kSecret + R"(,{"name":"db","description":"kept",)" +
                        R"("postgres":{"branch":"projects/other/branches/a","permission":"P"}}])"));
  const Plan plan = world.plan(bound_to(Document::array({entry("db", kDev), entry("a", kDev)})));
  const Step& step = step_of(plan, "apps/site");
  EXPECT_EQ(step.request->method + " " + step.request->target, "POST /api/2.0/apps/site/update");
  EXPECT_EQ(to_text(step.request->body),
            std::string(R"({"app":{"name":"site","resources":[)") + kSecret +
                R"(,{"name":"db","postgres":{"branch":"projects/shop/branches/dev",)"
                R"("permission":"CAN_CONNECT_AND_CREATE"},"description":"kept"},)"
                R"({"name":"a","postgres":{"branch":"projects/shop/branches/dev",)"
                R"("permission":"CAN_CONNECT_AND_CREATE"}}]},"update_mask":"resources"})");
  ASSERT_EQ(step.changes.size(), 2U);
  EXPECT_EQ(step.changes[0].reason, Reason::kNew);
  EXPECT_EQ(step.changes[1].reason, Reason::kAdopted);
  EXPECT_EQ(step.precondition.needs.count(kDev), 1U);
  EXPECT_EQ(forgery_in(step), "");
}

TEST(Bindings, OfAnAppThatIsNotThereAreRefused) {
  World world = with_dev();
  Observations seen = world.seen();
  const Plan plan = make_plan(bound_to(Document::array({entry("db", kDev)})), {}, seen,
                              lakebase_catalogue(), {.now = world.now});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals.front().rule, "P020");
  EXPECT_EQ(plan.refusals.front().message,
            "there is no app site in the workspace, and weir makes none");
}

TEST(Bindings, ComeAfterWhatTheyLeadToAndTheRoleOfTheApp) {
  World world;
  const Manifest manifest = a_manifest(
      {a_project(), a_branch("dev"), a_role("owner").with("user", "a@example.com"),
       a_role("web").with("app", "site").with("service_principal", "x"),
       a_database("orders").with("owner", "projects/shop/branches/dev/roles/owner"),
       an_app().with("bind",
                     Document::array({{{"resource_key", "db"},
                                       {"database", std::string(kDev) + "/databases/orders"}}}))});
  const Plan plan = world.plan(manifest);
  ASSERT_TRUE(plan.refusals.empty());
  const std::size_t app = place_of(plan, "apps/site");
  const std::vector<std::size_t>& after = plan.steps[app].after;
  const auto waits_for = [&](const char* address) {
    return std::ranges::find(after, place_of(plan, address)) != after.end();
  };
  EXPECT_TRUE(waits_for("projects/shop/branches/dev/databases/orders"));
  EXPECT_TRUE(waits_for("projects/shop/branches/dev/roles/web"));
  EXPECT_FALSE(waits_for("projects/shop/branches/dev/roles/owner"));
}

World applied(const Document& entries) {
  World world = with_dev();
  const Manifest manifest = bound_to(entries);
  world.apply(world.plan(manifest), manifest);
  world.resources.at("apps/site").facts["resources"] = Document::array();
  return world;
}

TEST(Bindings, GoBeforeWhatTheyLeadTo) {
  World world = applied(Document::array({entry("db", kDev)}));
  const Plan plan = world.plan(a_manifest({a_project()}), {.allow_destroy = {"*"}});
  ASSERT_TRUE(plan.refusals.empty());
  EXPECT_LT(place_of(plan, "apps/site"), place_of(plan, kDev));
  EXPECT_EQ(step_of(plan, kDev).after, std::vector<std::size_t>{place_of(plan, "apps/site")});
  EXPECT_FALSE(step_of(plan, "apps/site").record);
  const Plan kept =
      world.plan(a_manifest({a_project()}), {.allow_destroy = {"*"}, .except = {"apps/*"}});
  EXPECT_TRUE(kept.is_empty());
}

TEST(Bindings, OfOthersHoldWhatTheyLeadTo) {
  World world = applied(Document::array({entry("db", kDev)}));
  world.resources.at("apps/site").fields["bind"].push_back(entry("theirs", kDev));
  const Plan plan = world.plan(a_manifest({a_project(), an_app().with("bind", Document::array())}),
                               {.allow_destroy = {"*"}});
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals.front().rule, "P010");
  EXPECT_EQ(plan.refusals.front().message,
            "cannot be deleted while others need it: apps/site (bind.theirs)");
}

TEST(Bindings, OfAppsThatNobodyDeclaresAreToldAndHoldNothing) {
  const Manifest before = a_manifest(
      {a_project(), a_branch("dev").with_implied("from", "projects/shop/branches/production")});
  World world;
  world.apply(world.plan(before), before);
  world.add(an_observed(kApp, "apps/theirs",
                        {{"bind", {entry("db", kDev), entry("x", "projects/x/branches/b")}}}));
  const Plan plan = world.plan(a_manifest({a_project()}), {.allow_destroy = {"*"}});
  EXPECT_TRUE(plan.refusals.empty());
  const std::vector<BoundApp>& bound = step_of(plan, kDev).bound_apps;
  ASSERT_EQ(bound.size(), 1U);
  EXPECT_EQ(bound.front().name, "theirs");
  EXPECT_EQ(bound.front().key, "db");
  const Plan all = world.plan(a_manifest({}), {.allow_destroy = {"*"}});
  EXPECT_EQ(step_of(all, "projects/shop").bound_apps.size(), 1U);
}

TEST(Bindings, OfOthersAreNoDriftAndStay) {
  World world = applied(Document::array({entry("db", kDev)}));
  Document& shown = world.resources.at("apps/site").fields["bind"];
  shown.push_back(entry("theirs", "projects/other/branches/b"));
  const Manifest manifest = bound_to(Document::array({entry("db", kDev)}));
  EXPECT_TRUE(world.plan(manifest).is_empty());
  EXPECT_TRUE(world.plan(manifest).drift.empty());
  shown[0]["branch"] = "projects/other/branches/b";
  const Plan plan = world.plan(manifest);
  ASSERT_EQ(plan.drift.size(), 1U);
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps.front().changes.front().reason, Reason::kDrift);
  // Nor is it taken away when nobody declares it any more: it is not what was applied.
  const Plan without = world.plan(bound_to(Document::array()));
  EXPECT_TRUE(without.is_empty());
  ASSERT_EQ(without.notices.size(), 1U);
  EXPECT_EQ(without.notices.front().text,
            "bind.db is no longer declared, and stays: somebody has bound it to something else");
}

TEST(Bindings, AreDriftWhenTheirAppIsGone) {
  World world = applied(Document::array({entry("db", kDev)}));
  world.resources.erase("apps/site");
  const Plan plan = make_plan(bound_to(Document::array({entry("db", kDev)})), world.records,
                              world.seen(), lakebase_catalogue(), {.now = world.now});
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_TRUE(plan.drift.front().is_gone);
  EXPECT_EQ(plan.refusals.front().rule, "P020");
}

TEST(Bindings, KeepWhatWasAppliedUnderAnotherKeyOfTheManifest) {
  World world = applied(Document::array({entry("old", kDev), entry("db", kDev)}));
  const Manifest renamed = a_manifest(
      {a_project(), a_branch("dev").with_implied("from", "projects/shop/branches/main"),
       an_app("front").called("site").with("bind", Document::array({entry("db", kDev)}))});
  const Plan plan = world.plan(renamed);
  const Step& step = step_of(plan, "apps/front");
  ASSERT_EQ(step.changes.size(), 1U);
  EXPECT_EQ(step.changes.front().before, Document::array({entry("old", kDev)}));
  EXPECT_EQ(step.changes.front().reason, Reason::kNoLongerDeclared);
}

Rules rules_of_plan(World& world, const Document& entries, const Lifecycle& lifecycle = {},
                    const PlanOptions& options = {}) {
  Manifest manifest = bound_to(entries);
  for (Declaration& each : manifest.declarations) {
    if (each.kind == &kApp) each.lifecycle = lifecycle;
  }
  return rules_of(world.plan(manifest, options));
}

TEST(Bindings, TakeTheKeyOfSomethingElseWithConsentOnly) {
  World world = with_dev();
  world.add(an_app_with(R"([{"name":"db","job":{"id":"7"}}])"));
  const Document wanted = Document::array({entry("db", kDev)});
  EXPECT_EQ(rules_of_plan(world, wanted), Rules{"P007"});
  EXPECT_EQ(rules_of_plan(world, wanted, {}, {.allow_destroy = {"apps/site"}}), Rules{});
}

TEST(Bindings, AreNotTakenOverWhereAdoptionIsDenied) {
  World world = with_dev();
  world.add(an_app_with(R"([{"name":"db","postgres":{"branch":"projects/a/branches/b"}}])"));
  EXPECT_EQ(rules_of_plan(world, Document::array({entry("db", kDev)}), {.adopt = false}),
            Rules{"P008"});
  EXPECT_EQ(rules_of_plan(world, Document::array({entry("new", kDev)}), {.adopt = false}), Rules{});
}

TEST(Bindings, ThatAreProtectedStay) {
  World world = applied(Document::array({entry("db", kDev)}));
  const Document none = Document::array();
  const Document elsewhere = Document::array({entry("db", "projects/shop/branches/production")});
  EXPECT_EQ(rules_of_plan(world, none, {.protect = true}), Rules{"P002"});
  EXPECT_EQ(rules_of_plan(world, elsewhere, {.protect = true}), Rules{"P002"});
  EXPECT_EQ(rules_of_plan(world, none, {.on_remove = "fail"}), Rules{"P007"});
  EXPECT_EQ(rules_of_plan(world, none), Rules{});
  world.records.at(*Address::parse("apps/site")).is_protected = true;
  EXPECT_EQ(rules_of(world.plan(a_manifest({a_project(), a_branch("dev")}))), Rules{"P002"})
      << "also when the block is gone that said so";
}

TEST(Bindings, OfOthersMayBeTakenBackFromThemThoughProtected) {
  World world = applied(Document::array({entry("db", kDev)}));
  world.resources.at("apps/site").fields["bind"][0]["branch"] = "projects/other/branches/b";
  EXPECT_EQ(rules_of_plan(world, Document::array({entry("db", kDev)}), {.protect = true}), Rules{});
}

TEST(Bindings, WithAnEmptyDescriptionHaveNone) {
  Document wanted = entry("db", kDev);
  wanted["description"] = "";
  World world = applied(Document::array({wanted}));
  world.resources.at("apps/site").fields["bind"][0].erase("description");
  EXPECT_TRUE(world.plan(bound_to(Document::array({wanted}))).is_empty());
  world.resources.at("apps/site").fields["bind"][0]["description"] = "theirs";
  EXPECT_FALSE(world.plan(bound_to(Document::array({wanted}))).is_empty());
}

TEST(Bindings, ThatStoodThereAreRememberedBeforeOthersAreMade) {
  World world = with_dev();
  world.add(an_app_with(R"([{"name":"db","postgres":{"branch":"projects/shop/branches/dev",)"
                        R"("permission":"CAN_CONNECT_AND_CREATE"}}])"));
  const Plan plan = world.plan(bound_to(Document::array({entry("db", kDev), entry("a", kDev)})));
  const auto adopted =
      std::ranges::find(plan.adoptions, *Address::parse("apps/site"), &Record::address);
  ASSERT_NE(adopted, plan.adoptions.end());
  EXPECT_EQ(adopted->fields.at("bind"), Document::array({entry("db", kDev)}));
}

TEST(Bindings, AreStaleWhenOursHaveMovedAlone) {
  World world = with_dev();
  world.add(an_app_with(std::string("[") + kSecret + "]"));
  const Plan plan = world.plan(bound_to(Document::array({entry("db", kDev)})));
  const Step& step = step_of(plan, "apps/site");
  const Observed empty = an_app_with("[]");
  EXPECT_EQ(moved_since(step, &empty, WasSent::kNo), "");
  EXPECT_EQ(to_text(binding_request_for(step, empty).body.at("app").at("resources")),
            R"([{"name":"db","postgres":{"branch":"projects/shop/branches/dev",)"
            R"("permission":"CAN_CONNECT_AND_CREATE"}}])");
  const Observed taken = an_app_with(R"([{"name":"db","job":{"id":"7"}}])");
  EXPECT_EQ(moved_since(step, &taken, WasSent::kNo),
            "bind was [] and is [{resource_key: db, other: job}]");
  const Observed done =
      an_app_with(R"([{"name":"db","postgres":{"branch":"projects/shop/branches/dev",)"
                  R"("permission":"CAN_CONNECT_AND_CREATE"}}])");
  EXPECT_EQ(moved_since(step, &done, WasSent::kMaybe), "");
  EXPECT_NE(moved_since(step, &done, WasSent::kNo), "");
  EXPECT_EQ(moved_since(step, nullptr, WasSent::kNo), "apps/site is gone");
}

TEST(Bindings, InASavedPlanCannotBeForged) {
  World world = with_dev();
  world.add(an_app_with(std::string("[") + kSecret + "]"));
  Plan plan = world.plan(bound_to(Document::array({entry("db", kDev)})));
  EXPECT_EQ(save_plan(load_plan(save_plan(plan), lakebase_catalogue())), save_plan(plan));
  Step step = step_of(plan, "apps/site");
  step.request->body["app"]["resources"][1]["postgres"]["branch"] = "projects/else/branches/a";
  EXPECT_NE(forgery_in(step), "");
  step = step_of(plan, "apps/site");
  step.request->body["app"]["description"] = "x";
  EXPECT_NE(forgery_in(step), "");
}

TEST(Bindings, ThatNobodySawTheEndOfAreRememberedAsTheyShow) {
  const Record before = {
      .kind = "app",
      .fields = {{"bind", Document::array({entry("old", kDev), entry("gone", kDev)})}}};
  Record intended = {
      .kind = "app",
      .fields = {{"bind", Document::array({entry("new", kDev), entry("never", kDev)})}}};
  Observed found = an_observed(kApp, "apps/site");
  found.fields["bind"] =
      Document::array({entry("new", kDev), entry("old", kDev), entry("theirs", kDev)});
  const auto both = record_of_bound(&before, intended, found);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->fields.at("bind"), Document::array({entry("new", kDev), entry("old", kDev)}));
  const auto old = record_of_bound(&before, std::nullopt, found);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->fields.at("bind"), Document::array({entry("old", kDev)}));
  found.fields["bind"] = Document::array();
  EXPECT_FALSE(record_of_bound(&before, std::nullopt, found));
}

}  // namespace
}  // namespace weir::test
