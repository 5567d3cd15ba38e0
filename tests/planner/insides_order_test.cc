// When the statements inside of databases have their turn.
#include <gtest/gtest.h>

#include "tests/planner/insides.h"

namespace weir::test {
namespace {

using Addresses = std::vector<std::string>;

/// The addresses of all that comes before the step, directly or not.
Addresses before(const Plan& plan, const std::string& address) {
  std::vector<bool> is_before(plan.steps.size(), false);
  for (std::size_t index = plan.steps.size(); index-- > 0;) {
    if (plan.steps[index].address.text() != address && !is_before[index]) continue;
    for (const std::size_t first : plan.steps[index].after) is_before[first] = true;
  }
  Addresses addresses;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    if (is_before[index]) addresses.push_back(plan.steps[index].address.text());
  }
  return addresses;
}

TEST(InsideOrder, IsRolesThenDatabasesThenTheirInsides) {
  const Manifest manifest =
      a_shop_with({inside(kDev).with_role({.name = "sql_role"}), inside().with_schema("main")});
  const Plan plan = plan_of(World(), manifest);
  EXPECT_EQ(steps_of(plan),
            (Steps{"create projects/shop", "create " + kDev, "create " + kDev + "/roles/app_owner",
                   "create " + kOrders, "create " + kDev + "/roles/reader",
                   "execute " + kDev + "/sql", "execute " + kOrders + "/sql"}));
  EXPECT_EQ(before(plan, kOrders + "/sql").size(), 6U);
}

TEST(InsideOrder, IsTheSameInAnInstanceAndBeforeItIsCopied) {
  const std::string legacy = "instances/legacy";
  const std::string database = legacy + "/databases/databricks_postgres";
  DeclarationBuilder role(kInstanceRole, "web", legacy);
  role.with("user", "web@example.com");
  DeclarationBuilder postgres(kInstanceDatabase, "databricks_postgres", legacy);
  Declaration declared = postgres.build();
  declared.takes_requests = false;
  Manifest manifest = a_manifest({an_instance("legacy").build(), role.build(), declared,
                                  an_instance("copy").with("from", legacy).build()});
  manifest.insides = {inside(database).with_schema("main")};
  const Plan plan = plan_of(World(), manifest);
  EXPECT_EQ(before(plan, database + "/sql"), (Addresses{legacy, legacy + "/roles/web"}));
  EXPECT_EQ(before(plan, "instances/copy"),
            (Addresses{legacy, legacy + "/roles/web", database + "/sql"}));
}

TEST(InsideOrder, DoesNotKeepTheRolesWaitingForDatabases) {
  const Manifest manifest = a_shop_with({inside(kDev).with_role({.name = "sql_role"})});
  const Addresses first = before(plan_of(World(), manifest), kDev + "/sql");
  EXPECT_EQ(std::ranges::count(first, kOrders), 0);
}

TEST(InsideOrder, DoesNotKeepADatabaseWaitingForAnother) {
  Manifest manifest = a_shop_with({inside().with_schema("main")});
  manifest.declarations.push_back(a_database("zoo").with("owner", kDev + "/roles/app_owner"));
  const Addresses first = before(plan_of(World(), manifest), kOrders + "/sql");
  EXPECT_EQ(std::ranges::count(first, kDev + "/databases/zoo"), 0);
}

TEST(InsideOrder, EndsRolesBeforeTheStatementsThatNameThemNoMore) {
  const World world = applied(a_shop_with({}));
  Manifest manifest = a_shop();
  manifest.insides = {inside().with_schema("main")};
  const Plan plan = plan_of(world, manifest, views_of(seen_in(orders())));
  EXPECT_EQ(steps_of(plan),
            (Steps{"execute " + kDev + "/roles/reader/databases/orders",
                   "delete " + kDev + "/roles/reader", "execute " + kOrders + "/sql"}));
  EXPECT_EQ(plan.steps[2].after, std::vector<std::size_t>{1});
}

/// A branch "copy" of "dev", which is called otherwise in the workspace than in the manifest.
Manifest with_a_copy() {
  Manifest manifest =
      a_manifest({a_project("shop").with("pg_version", 17), a_branch("dev").called("development"),
                  a_branch("copy").with("from", kDev)});
  Declaration role = a_role("reader").with("login", true);
  Declaration database = a_database("orders").with("owner", kDev + "/roles/reader");
  role.remote_parent = database.remote_parent = kShop + "/branches/development";
  manifest.declarations.push_back(role);
  manifest.declarations.push_back(database);
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  return manifest;
}

TEST(InsideOrder, CopiesABranchAfterTheStatementsInItsSource) {
  Manifest manifest = a_shop_with({inside().with_schema("main")});
  manifest.declarations.push_back(a_branch("copy").with("from", kDev));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  const Addresses first = before(plan_of(World(), manifest), kShop + "/branches/copy");
  EXPECT_EQ(std::ranges::count(first, kOrders + "/sql"), 1);
}

TEST(InsideOrder, CopiesABranchThatIsCalledOtherwiseInTheWorkspace) {
  Manifest manifest = with_a_copy();
  manifest.insides = {inside().with_schema("main")};
  const Addresses first = before(plan_of(World(), manifest), kShop + "/branches/copy");
  EXPECT_EQ(std::ranges::count(first, kOrders + "/sql"), 1);
}

TEST(InsideOrder, GivesASqlRoleItsDatabaseAfterItWasMade) {
  Manifest manifest = a_shop_with({});
  Declaration owner = a_role("keeper").with("login", false);
  owner.is_made_in_sql = true;
  manifest.declarations.push_back(owner);
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  Inside of_database = inside().knows("keeper");
  of_database.wishes.owners.push_back(
      {.tag = kOrders + "/owner", .target = sql::the_database("orders"), .owner = "keeper"});
  manifest.insides = {
      inside(kDev).knows("keeper").with_role({.name = "keeper", .can_login = false}), of_database};
  const Plan plan = plan_of(World(), manifest);
  EXPECT_TRUE(plan.refusals.empty());
  EXPECT_EQ(statements_of(script_step(plan, kDev)).front(), R"(new: CREATE ROLE "keeper" NOLOGIN)");
  EXPECT_EQ(statements_of(script_step(plan)),
            Statements{R"(new: ALTER DATABASE "orders" OWNER TO "keeper")"});
  EXPECT_EQ(std::ranges::count(before(plan, kOrders + "/sql"), kDev + "/sql"), 1);
}

}  // namespace
}  // namespace weir::test
