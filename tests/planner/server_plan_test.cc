// Plans for a server without a control plane: statements, and no request.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "manifest/server_part.h"
#include "planner/plan_file.h"
#include "tests/planner/insides.h"

namespace weir::test {
namespace {

const Kind& kind(const char* name) {
  return *lakebase_catalogue().find(name);
}

/// The shop on a server that stands for its branch "dev", with roles that SQL makes.
Manifest on_server(const std::vector<std::string>& roles = {"app_owner", "reader"}) {
  InsideBuilder of_branch = inside(kDev);
  for (const std::string& role : roles) of_branch.knows(role).with_role({.name = role});
  Manifest manifest = a_shop_with(
      {of_branch, inside().knows("reader").with_schema("main").with_usage("reader", "main")});
  manifest.server = {.url = {.text = "postgres://weir@localhost/entry"}, .branch = kDev};
  std::erase_if(manifest.declarations, [&](const Declaration& each) {
    const bool is_role = each.kind->name == "role";
    return is_role && std::ranges::find(roles, each.id) == roles.end();
  });
  for (Declaration& each : manifest.declarations) each.is_made_in_sql = each.kind->name == "role";
  keep_what_a_server_has(manifest);
  return manifest;
}

World a_server(const std::vector<std::string>& roles, bool has_database = true) {
  World world;
  world.add(an_observed(kind("project"), kShop));
  world.add(an_observed(kind("branch"), kDev)).facts["entry_database"] = "entry";
  for (const std::string& role : roles) {
    Observed observed = an_observed(kind("role"), fmt::format("{}/roles/{}", kDev, role),
                                    {{"postgres_role", role}});
    observed.postgres_name = role;
    world.add(observed);
  }
  Observed orders = an_observed(kind("database"), kOrders, {{"postgres_database", "orders"}});
  orders.postgres_name = "orders";
  if (has_database) world.add(orders);
  return world;
}

InsideViews views(const sql::Catalogue& of_entry, const sql::Catalogue& of_orders) {
  InsideViews views = views_of(seen_in(of_orders));
  views.merge(views_of(seen_in(of_entry), kDev));
  return views;
}

TEST(ServerPlan, MakesRolesAndWhatIsInsideByStatementsAlone) {
  const Plan plan = plan_of(a_server({}), on_server(),
                            views(CatalogueBuilder("entry"), CatalogueBuilder("orders")));
  EXPECT_EQ(steps_of(plan), (Steps{"execute " + kDev + "/sql", "execute " + kOrders + "/sql"}));
  EXPECT_EQ(statements_of(script_step(plan, kDev)),
            (Statements{R"(new: CREATE ROLE "app_owner")", R"(new: CREATE ROLE "reader")"}));
  EXPECT_EQ(script_step(plan, kDev).script->place, (DatabasePlace{kDev, "entry"}));
  for (const Step& step : plan.steps) EXPECT_FALSE(step.request) << step.address.text();
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(ServerPlan, SetsPasswordsOfRolesThatItMakes) {
  Manifest manifest = on_server({"reader"});
  manifest.insides.front() =
      inside(kDev).knows("reader").with_role({.name = "reader"}).with_password("reader", "login");
  const Plan plan =
      plan_of(a_server({}), manifest, views(CatalogueBuilder("entry"), CatalogueBuilder("orders")));
  EXPECT_EQ(statements_of(script_step(plan, kDev)),
            (Statements{R"(new: CREATE ROLE "reader")", R"(new: ALTER ROLE "reader" PASSWORD )"}));
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(ServerPlan, RemembersWhatIsInsideAndTheRoles) {
  const World world = a_server({"app_owner", "reader"});
  const Plan plan =
      plan_of(world, on_server(),
              views(CatalogueBuilder("entry").with_role("app_owner").with_role("reader"),
                    orders().with_usage("reader", "main")));
  EXPECT_TRUE(plan.is_empty());
  std::vector<std::string> remembered;
  remembered.reserve(plan.adoptions.size());
  for (const Record& record : plan.adoptions) remembered.push_back(record.address.text());
  EXPECT_EQ(remembered,
            (std::vector<std::string>{kDev + "/sql", kOrders + "/sql", kDev + "/roles/app_owner",
                                      kDev + "/roles/reader"}));
  EXPECT_EQ(plan.adopted, 2U);
}

TEST(ServerPlan, IsBlockedWhereADatabaseIsMissing) {
  const Plan plan = plan_of(a_server({}, false), on_server());
  ASSERT_EQ(plan.refusals.size(), 1U);
  EXPECT_EQ(plan.refusals.front().rule, "P015");
  EXPECT_EQ(plan.refusals.front().address, kOrders);
  EXPECT_EQ(plan.refusals.front().hint, "make it first: createdb orders");
}

TEST(ServerPlan, ShowsAMissingDatabaseAsDrift) {
  World world = a_server({}, false);
  const Address orders = Address::parse(kOrders).value();
  world.records[orders] = {.address = orders, .kind = "database", .remote_name = kOrders};
  const Plan plan = plan_of(world, on_server());
  ASSERT_EQ(plan.drift.size(), 1U);
  EXPECT_EQ(plan.drift.front().address, orders);
  EXPECT_TRUE(plan.drift.front().is_gone);
}

TEST(ServerPlan, IsNotBlockedByADatabaseThatNobodyChose) {
  const Plan plan = plan_of(a_server({}, false), on_server(), {}, {.except = {kOrders}});
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(ServerPlan, RetiresARoleThatIsDeclaredNoLongerAndThenDropsIt) {
  World world = a_server({"app_owner", "reader"});
  const InsideViews seen =
      views(CatalogueBuilder("entry").with_role("app_owner").with_role("reader"),
            orders().with_usage("reader", "main"));
  for (const Record& record : plan_of(world, on_server(), seen).adoptions) {
    world.records[record.address] = record;
  }
  const Plan plan = plan_of(world, on_server({"reader"}), seen);
  const std::string leaver = kDev + "/roles/app_owner";
  ASSERT_EQ(steps_of(plan), (Steps{"execute " + leaver + "/databases/orders", "delete " + leaver}));
  const Step& end = plan.steps[1];
  EXPECT_EQ(end.after, std::vector<std::size_t>{0});
  EXPECT_FALSE(end.request);
  EXPECT_EQ(end.script->place, (DatabasePlace{kDev, "entry"}));
  EXPECT_EQ(statements_of(end), Statements{R"(no longer declared: DROP ROLE "app_owner")"});
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(save_plan(load_plan(save_plan(plan), lakebase_catalogue())), save_plan(plan));
}

TEST(ServerPlan, KeepsARoleThatIsToBeKept) {
  World world = a_server({"app_owner", "reader"});
  const Address address = Address::parse(kDev + "/roles/app_owner").value();
  world.records[address] = {
      .address = address, .kind = "role", .remote_name = address.text(), .on_remove = "keep"};
  const Plan plan = plan_of(world, on_server({"reader"}));
  EXPECT_TRUE(std::ranges::none_of(plan.steps, &Step::is_destructive));
  const auto notice = std::ranges::find(plan.notices, Notice::Type::kKeptOnRemoval, &Notice::type);
  EXPECT_NE(notice, plan.notices.end());
}

TEST(ServerPlan, SaysOnceWhatIsNotLookedAt) {
  const Plan plan = plan_of(a_server({}), on_server(),
                            views(CatalogueBuilder("entry"), CatalogueBuilder("orders")));
  ASSERT_EQ(plan.notices.size(), 1U);
  EXPECT_EQ(plan.notices.front().address.text(), kDev);
  EXPECT_EQ(plan.notices.front().text,
            "is a server without a control plane here; not looked at: 1 project, 1 branch");
}

TEST(ServerPlan, IsSavedWithTheServerAndReadBack) {
  const Plan plan = plan_of(a_server({}), on_server(),
                            views(CatalogueBuilder("entry"), CatalogueBuilder("orders")));
  const Plan read = load_plan(save_plan(plan), lakebase_catalogue());
  EXPECT_EQ(read.server.url.text, "postgres://weir@localhost/entry");
  EXPECT_EQ(read.server.branch, kDev);
  EXPECT_EQ(read.target(), "server");
}

}  // namespace
}  // namespace weir::test
