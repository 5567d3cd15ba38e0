#include "planner/forgery.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

/// A plan with a replacement, an update with a shared mask, a creation with a reference.
Plan a_plan() {
  const Manifest before = a_manifest(
      {a_project("shop").with("default_endpoint.min_cu", 1).with("default_endpoint.max_cu", 2),
       a_branch("dev").with("expires", "7d"), a_branch("old")});
  World world;
  world.apply(world.plan(before), before);
  return world.plan(a_manifest(
      {a_project("shop").with("default_endpoint.min_cu", 0.5).with("default_endpoint.max_cu", 2),
       a_branch("dev").with("expires", "8d"), a_branch("new").with("expires", "1d")}));
}

Step step_that(const Plan& plan, Action action) {
  for (const Step& step : plan.steps) {
    if (step.action == action) return step;
  }
  ADD_FAILURE() << "no step is to " << text_of(action);
  return {};
}

TEST(Forgery, NothingOfWhatWeirPlansIsOne) {
  for (const Step& step : a_plan().steps) EXPECT_EQ(forgery_in(step), "") << step.address.text();
}

TEST(Forgery, NothingThatIsPlannedInAnyWorldIsOne) {
  for_each_world([](std::mt19937& random) {
    const World world = applied_world(random_estate(random));
    const Manifest wanted = random_estate(random);
    for (const bool is_destroy : {false, true}) {
      const Plan plan = world.plan(wanted, {.now = world.now, .is_destroy = is_destroy});
      for (const Step& step : plan.steps) EXPECT_EQ(forgery_in(step), "") << step.address.text();
    }
  });
}

TEST(Forgery, IsARequestThatTheChangesDoNotNeed) {
  const Plan plan = a_plan();
  const std::vector<std::function<void(Request&)>> forgeries = {
      [](Request& request) { request.target = "http://evil.example/" + request.target; },
      [](Request& request) { request.target += "&x=1"; },
      [](Request& request) { request.target = "/api/2.0/postgres/projects/other"; },
      [](Request& request) { request.method = request.method == "DELETE" ? "POST" : "DELETE"; },
      [](Request& request) { request.body["spec"]["is_protected"] = false; }};
  for (const Action action : {Action::kCreate, Action::kUpdate, Action::kDelete}) {
    for (const auto& forge : forgeries) {
      Step step = step_that(plan, action);
      forge(*step.request);
      EXPECT_NE(forgery_in(step).find("is not the one that its changes need"), std::string::npos)
          << text_of(action) << " " << step.request->method << " " << step.request->target;
    }
  }
}

TEST(Forgery, IsAValueThatItsFieldCannotHave) {
  const Plan plan = a_plan();
  for (const Action action : {Action::kCreate, Action::kUpdate}) {
    for (const Document& value :
         {Document(5), Document("x"), Document::array({1}), Document({{"a", {{"b", 1}}}})}) {
      Step step = step_that(plan, action);
      for (FieldChange& change : step.changes) change.before = change.after = value;
      EXPECT_NE(forgery_in(step), "") << step.address.text() << " " << to_text(value);
    }
  }
  Step permissions = step_that(plan, Action::kUpdate);
  permissions.kind = &kPermissionsOfProject;
  permissions.changes.resize(1);
  for (const Document& value : {Document(5), Document({{"a", 1}}), Document::array({5})}) {
    permissions.changes[0].before = permissions.changes[0].after = value;
    EXPECT_NE(forgery_in(permissions), "") << to_text(value);
  }
}

TEST(Forgery, IsAnotherValueBesideOneThatIsSentAlong) {
  Step step = step_that(a_plan(), Action::kUpdate);
  step.request->body["spec"]["default_endpoint_settings"]["autoscaling_limit_min_cu"] = 16;
  EXPECT_NE(forgery_in(step), "");
}

TEST(Forgery, IsAStepWithoutItsRequest) {
  Step step = step_that(a_plan(), Action::kUpdate);
  step.request.reset();
  EXPECT_EQ(forgery_in(step), "it is to update without a request");
}

/// A plan with statements for the roles of a branch and for a database.
Plan a_plan_with_scripts() {
  return plan_of(World(), a_shop_with({inside(kDev).with_role({.name = "sql_role"}),
                                       inside().with_schema("main")}));
}

TEST(Forgery, NoScriptThatWeirPlansIsOne) {
  for (const Step& step : a_plan_with_scripts().steps) {
    EXPECT_EQ(forgery_in(step), "") << step.address.text();
  }
}

TEST(Forgery, IsAScriptWhereNoneIsMeant) {
  const Plan plan = a_plan_with_scripts();
  Step step = step_that(plan, Action::kCreate);
  step.script = step_that(plan, Action::kExecute).script;
  EXPECT_EQ(forgery_in(step), "it is to create with statements");
  step = step_that(plan, Action::kExecute);
  step.action = Action::kForget;
  EXPECT_EQ(forgery_in(step), "it is to forget with statements");
}

TEST(Forgery, IsAnExecutionOfSomethingElse) {
  const Plan plan = a_plan_with_scripts();
  const Step good = step_that(plan, Action::kExecute);
  Step without = good;
  without.script.reset();
  Step other_kind = good;
  other_kind.kind = &kDatabase;
  Step with_request = good;
  with_request.request = step_that(plan, Action::kCreate).request;
  for (const Step& step : {without, other_kind, with_request}) {
    EXPECT_EQ(forgery_in(step), "it executes nothing inside a database");
  }
}

TEST(Forgery, IsAPredictionWhereNothingIsMade) {
  const World world = applied(a_shop_with({}));
  Plan plan =
      plan_of(world, a_shop_with({inside().with_schema("main")}), views_of(seen_in(orders())));
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(forgery_in(plan, plan.steps[0]), "");
  plan.steps[0].script->predicted_from = "an empty database";
  EXPECT_EQ(forgery_in(plan, plan.steps[0]), "it predicts what could be seen");
}

TEST(Forgery, IsNoPredictionOfWhatThePlanMakes) {
  const Plan plan = plan_of(World(), a_shop_with({inside().with_schema("main")}));
  for (const Step& step : plan.steps) EXPECT_EQ(forgery_in(plan, step), "") << step.address.text();
}

TEST(Forgery, IsAScriptForAnotherPlace) {
  const Plan plan = a_plan_with_scripts();
  for (const char* address : {"/sql", "/databases/orders/sql"}) {
    Step step = step_that(plan, Action::kExecute);
    step.remote_name = kDev + address;
    step.script->place.branch = kShop + "/branches/production";
    EXPECT_EQ(forgery_in(step), "it executes statements in projects/shop/branches/production");
  }
}

}  // namespace
}  // namespace weir::test
