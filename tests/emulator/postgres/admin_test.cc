#include <gtest/gtest.h>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/databases.h"
#include "emulator/postgres/roles.h"
#include "support.h"

namespace emulator::test {
namespace {

TEST(Roles, HaveTheAttributesThatWereAskedFor) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");
  const RoleDefinition wanted{.name = "Anna \"x\"",
                              .can_login = true,
                              .is_member_of_superuser = true,
                              .bypassrls = true,
                              .createdb = true,
                              .createrole = false};
  EXPECT_EQ(world.create_role("br-main", wanted).error_code, "");
  EXPECT_EQ(world.create_role("br-main", wanted).error_code, "");  // again, as after a crash

  const Inventory inventory = world.inspect("br-main").value_or(Inventory());

  ASSERT_EQ(inventory.roles.size(), 1U);
  EXPECT_EQ(inventory.roles[0].name, "Anna \"x\"");
  EXPECT_TRUE(inventory.roles[0].can_login);
  EXPECT_TRUE(inventory.roles[0].is_member_of_superuser);
  EXPECT_TRUE(inventory.roles[0].bypassrls);
  EXPECT_TRUE(inventory.roles[0].createdb);
  EXPECT_FALSE(inventory.roles[0].createrole);
  ASSERT_EQ(inventory.databases.size(), 1U);
  EXPECT_EQ(inventory.databases[0].name, "databricks_postgres");
}

TEST(Roles, LoseTheMembershipWhenItIsTakenAway) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");
  world.create_role("br-main", {.name = "anna", .is_member_of_superuser = true});

  outcome_of(world.loop(), [&](const Computes::Done& done) {
    world.computes().alter_role("br-main", {.name = "anna", .can_login = false}, done);
  });

  const Inventory inventory = world.inspect("br-main").value_or(Inventory());
  EXPECT_FALSE(inventory.roles.at(0).is_member_of_superuser);
  EXPECT_FALSE(inventory.roles.at(0).can_login);
}

TEST(Roles, OfTheSystemAreNobodysToChange) {
  World world;
  world.create_root("br-main");

  for (const std::string name : {"lakebase_internal", "databricks_superuser", "pg_monitor"}) {
    EXPECT_EQ(world.create_role("br-main", {.name = name}).error_code, "BAD_REQUEST") << name;
    EXPECT_EQ(world.drop_role("br-main", name).error_code, "BAD_REQUEST") << name;
  }
  EXPECT_EQ(world.create_role("br-main", {.name = std::string(64, 'x')}).error_code,
            "INVALID_PARAMETER_VALUE");
}

TEST(Roles, AreNotDroppedWhileTheyOwnSomething) {
  World world;
  world.create_root("br-main");
  world.create_role("br-main", {.name = "anna"});
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  sql(main, "ALTER TABLE fish OWNER TO anna");

  const Outcome refused = world.drop_role("br-main", "anna");

  EXPECT_EQ(refused.error_code, "BAD_REQUEST");
  EXPECT_NE(refused.message.find("anna"), std::string::npos) << refused.message;
}

TEST(Roles, LeaveTheirObjectsInEveryDatabaseToAnother) {
  World world;
  world.create_root("br-main");
  world.create_role("br-main", {.name = "anna", .createdb = true});
  world.create_role("br-main", {.name = "bert"});
  world.create_database("br-main", {.name = "second", .owner = "anna"});
  const std::string main = world.wake("br-main");
  for (const std::string database : {"databricks_postgres", "second"}) {
    sql(main, "CREATE TABLE fish (name text)", database);
    sql(main, "ALTER TABLE fish OWNER TO anna", database);
    sql(main, "GRANT SELECT ON fish TO anna", database);
    sql(main, "ALTER DEFAULT PRIVILEGES FOR ROLE anna GRANT SELECT ON TABLES TO bert", database);
  }

  EXPECT_EQ(world.drop_role("br-main", "anna").error_code, "BAD_REQUEST");
  EXPECT_EQ(world.drop_role("br-main", "anna", "nobody").error_code, "BAD_REQUEST");
  const Outcome dropped = world.drop_role("br-main", "anna", "bert");

  EXPECT_EQ(dropped.error_code, "") << dropped.message;
  for (const std::string database : {"databricks_postgres", "second"}) {
    EXPECT_EQ(sql(main, "SELECT tableowner FROM pg_tables WHERE tablename = 'fish'", database),
              "bert");
  }
  EXPECT_EQ(sql(main, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'second'"),
            "bert");
  EXPECT_EQ(world.drop_role("br-main", "anna").error_code, "");  // again, as after a crash
}

TEST(Databases, AreCreatedRenamedAndDropped) {
  World world;
  world.create_root("br-main");
  world.create_role("br-main", {.name = "anna"});
  EXPECT_EQ(world.create_database("br-main", {.name = "one", .owner = "anna"}).error_code, "");
  EXPECT_EQ(world.create_database("br-main", {.name = "one", .owner = "anna"}).error_code, "");
  EXPECT_EQ(world.create_database("br-main", {.name = "x", .owner = "nobody"}).error_code,
            "BAD_REQUEST");
  const std::string main = world.wake("br-main");
  AdminSession in_the_way(main, "one");

  const Outcome renamed = outcome_of(world.loop(), [&](const Computes::Done& done) {
    world.computes().alter_database("br-main", "one", {.name = "two", .owner = "anna"}, done);
  });
  EXPECT_EQ(renamed.error_code, "") << renamed.message;
  const Inventory inventory = world.inspect("br-main").value_or(Inventory());
  ASSERT_EQ(inventory.databases.size(), 2U);
  EXPECT_EQ(inventory.databases[1].name, "two");
  EXPECT_EQ(inventory.databases[1].owner, "anna");

  AdminSession still_in_the_way(main, "two");
  const Outcome dropped = outcome_of(world.loop(), [&](const Computes::Done& done) {
    world.computes().drop_database("br-main", "two", done);
  });
  EXPECT_EQ(dropped.error_code, "") << dropped.message;
  EXPECT_EQ(world.inspect("br-main").value_or(Inventory()).databases.size(), 1U);
}

TEST(Databases, AreWhereAProjectOwnerCanWork) {
  World world;
  world.create_root("br-main");
  world.create_role(
      "br-main",
      {.name = "owner", .is_member_of_superuser = true, .createdb = true, .createrole = true});
  world.create_database("br-main", {.name = "second", .owner = "databricks_superuser"});
  const std::string main = world.wake("br-main");

  for (const std::string database : {"databricks_postgres", "second"}) {
    AdminSession session(main, database);
    session.query("SET SESSION AUTHORIZATION owner");
    session.query("CREATE TABLE public.fish (name text)");
    session.query("CREATE SCHEMA pond");
    session.query("CREATE EXTENSION pgcrypto SCHEMA public");
  }
  AdminSession session(main, "databricks_postgres");
  session.query("SET SESSION AUTHORIZATION owner");
  session.query("CREATE ROLE reader LOGIN");
  session.query("GRANT USAGE ON SCHEMA pond TO reader");
  session.query("CREATE DATABASE own");
  EXPECT_THROW(session.query("COPY (SELECT 1) TO PROGRAM 'cat'"), SqlFailure);
}

TEST(Databases, LetARoleInToMakeSchemasAndNoMore) {
  World world;
  world.create_root("br-main");
  world.create_role("br-main", {.name = "app"});
  world.create_database("br-main", {.name = "second", .owner = "databricks_superuser"});
  const auto let_in = [&](const std::string& database) {
    return outcome_of(world.loop(), [&](const Computes::Done& done) {
      world.computes().grant_database("br-main", database, "app", done);
    });
  };
  EXPECT_EQ(let_in("second").error_code, "");
  EXPECT_EQ(let_in("second").error_code, "");  // again, as after a crash
  EXPECT_EQ(let_in("nowhere").error_code, "BAD_REQUEST");
  EXPECT_EQ(let_in("template1").error_code, "BAD_REQUEST");
  const std::string main = world.wake("br-main");
  const std::string rights =
      "SELECT has_database_privilege('app', datname, 'create') FROM pg_database "
      "WHERE datname IN ('databricks_postgres', 'second') ORDER BY datname";
  EXPECT_EQ(sql(main, rights), "f,t");

  EXPECT_EQ(let_in("").error_code, "");

  EXPECT_EQ(sql(main, rights), "t,t");
  AdminSession session(main, "second");
  session.query("SET SESSION AUTHORIZATION app");
  session.query("CREATE SCHEMA pond");
  EXPECT_THROW(session.query("CREATE TABLE public.fish (name text)"), SqlFailure);
}

TEST(AdminSession, IsUntouchedByTheSettingsOfItsDatabase) {
  World world;
  world.create_root("br-main");
  sql(world.wake("br-main"), "ALTER DATABASE postgres SET default_transaction_read_only = on");

  EXPECT_EQ(world.create_role("br-main", {.name = "anna"}).error_code, "");
}

TEST(Identifier, IsQuotedOrRefused) {
  EXPECT_EQ(identifier("a\"b; DROP"), "\"a\"\"b; DROP\"");
  EXPECT_THROW(identifier(""), Failure);
  EXPECT_THROW(identifier(std::string_view("a\0b", 3)), Failure);
  EXPECT_THROW(identifier(std::string(64, 'a')), Failure);
}

}  // namespace
}  // namespace emulator::test
