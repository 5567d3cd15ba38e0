#include "planner/identify.h"

#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir::test {
namespace {

std::string role_id(const char* name, const char* identity = "none") {
  return id_for(kRole, {{"identity", identity}}, name);
}

TEST(Identify, MakesIdsAsTheServiceDoes) {
  EXPECT_EQ(role_id("Jane.Doe@example.com", "user"), "jane-doe");
  EXPECT_EQ(role_id("11111111-2222-3333-4444-555555555555", "service_principal"),
            "sp-11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(role_id("app_owner"), "app-owner");
  EXPECT_EQ(id_for(kDatabase, {}, "databricks_postgres"), "databricks-postgres");
}

TEST(Identify, MakesIdsThatTheServiceTakes) {
  EXPECT_EQ(role_id("app"), "role-app");
  EXPECT_EQ(role_id("4711"), "role-4711");
  EXPECT_EQ(id_for(kDatabase, {}, "_x_"), "database-x");
  for (const std::string& name :
       {std::string("日本語"), std::string(200, 'x'), std::string("----"), std::string("é@b")}) {
    const std::string id = role_id(name.c_str());
    EXPECT_GE(id.size(), 4U) << id;
    EXPECT_LE(id.size(), 63U) << id;
    EXPECT_TRUE(id.front() >= 'a' && id.front() <= 'z') << id;
    EXPECT_NE(id.back(), '-') << id;
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  }
}

TEST(Identify, GivesNamesakesDifferentIds) {
  const Manifest manifest =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("my_app").with("login", false),
                  a_role("my-app").with("login", false)});
  const Observations none;
  const Wishes wishes(manifest, {}, none, lakebase_catalogue());
  EXPECT_EQ(wishes[2].remote_name, "projects/shop/branches/dev/roles/my-app");
  EXPECT_TRUE(wishes[3].remote_name.starts_with("projects/shop/branches/dev/roles/my-app-"));
}

TEST(Identify, FindsRolesByTheirNameInPostgres) {
  World world;
  world.add(
      an_observed(kRole, "projects/shop/branches/dev/roles/role-1a2b", {{"postgres_role", "app"}}));
  const Observations seen = world.seen();
  const Manifest manifest =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("app").with("login", false),
                  a_database("orders").with("owner", "projects/shop/branches/dev/roles/app")});
  const Wishes wishes(manifest, {}, seen, lakebase_catalogue());
  const Wish& database = wishes[2];
  EXPECT_EQ(database.wanted["owner"], "app");
  EXPECT_EQ(wishes[3].remote_name, "projects/shop/branches/dev/roles/role-1a2b");
  EXPECT_EQ(wishes.name_of(*find_field(kDatabase, "owner"), "app", "projects/shop/branches/dev"),
            "projects/shop/branches/dev/roles/role-1a2b");
}

TEST(Identify, KnowsTheParentOfAName) {
  EXPECT_EQ(parent_of_name("projects/shop/branches/dev"), "projects/shop");
  EXPECT_EQ(parent_of_name("projects/shop/permissions"), "projects/shop");
  EXPECT_EQ(parent_of_name("projects/shop"), "");
}

}  // namespace
}  // namespace weir::test
