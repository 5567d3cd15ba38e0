// Apps in the real program with real PostgreSQL: what attaching a database lets them do.
#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/emulator/live/emulator_process.h"

namespace emulator {
namespace {

using test::becomes_true;
using test::EmulatorProcess;
using test::value_at;

const std::string kApp = "/api/2.0/apps/shop-app";
const std::string kProduction = "projects/shop/branches/production";
const std::string kPrimary = kProduction + "/endpoints/primary";
constexpr const char* kDeveloper = "developer@example.com";

constexpr const char* kOneDatabase =
    R"({"resources":[{"name":"pg","postgres":{"branch":"projects/shop/branches/production",
        "database":"projects/shop/branches/production/databases/databricks-postgres",
        "permission":"CAN_CONNECT_AND_CREATE"}}]})";
constexpr const char* kWholeBranch =
    R"({"resources":[{"name":"pg","postgres":{"branch":"projects/shop/branches/production",
        "permission":"CAN_CONNECT_AND_CREATE"}}]})";
constexpr const char* kInstance =
    R"({"resources":[{"name":"db","database":{"instance_name":"shop-db",
        "database_name":"made_by_sql","permission":"CAN_CONNECT_AND_CREATE"}}]})";

void create_shop(const EmulatorProcess& emulator) {
  emulator.run("POST", "projects?project_id=shop", R"({"spec":{}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "ACTIVE"; }));
  emulator.call("POST", "/api/2.0/apps?no_compute=true", R"({"name":"shop-app"})");
}

/// What the app signs in with, and the role that it has.
struct SignedIn {
  test::Client client;
  std::string role;
};

SignedIn sign_in(const EmulatorProcess& emulator) {
  const std::string made = emulator.call("POST", "/_emulator/identities", R"({"app":"shop-app"})");
  return {.client = {.port = emulator.client().port, .token = value_at(made, "token")},
          .role = value_at(emulator.call("GET", kApp), "service_principal_client_id")};
}

/// What the app gets for a statement at its branch.
std::string ask(const EmulatorProcess& emulator, const std::string& sql) {
  const SignedIn app = sign_in(emulator);
  const std::string token = value_at(app.client
                                         .call("POST", EmulatorProcess::api("credentials"),
                                               fmt::format(R"({{"endpoint":"{}"}})", kPrimary))
                                         .body,
                                     "token");
  return emulator.query(kPrimary, app.role, token, sql);
}

/// The same at an instance.
std::string ask_instance(const EmulatorProcess& emulator, const std::string& sql) {
  const SignedIn app = sign_in(emulator);
  const std::string token = value_at(
      app.client.call("POST", "/api/2.0/database/credentials", R"({"instance_names":["shop-db"]})")
          .body,
      "token");
  const std::string instance = emulator.call("GET", "/api/2.0/database/instances/shop-db");
  return emulator.query_at(value_at(instance, "read_write_dns"), app.role, token, sql);
}

std::string refusal_of(const EmulatorProcess& emulator, const std::string& sql) {
  try {
    return "no refusal but " + ask(emulator, sql);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// Where the app may make schemas: "database|t" or "database|f".
std::string rights_of(const EmulatorProcess& emulator) {
  const std::string role = value_at(emulator.call("GET", kApp), "service_principal_client_id");
  return emulator.query(
      kPrimary,
      fmt::format("select datname, has_database_privilege('{0}', datname, 'create') from "
                  "pg_database where not datistemplate and datname <> 'postgres' order by 1",
                  role));
}

TEST(LiveApp, MayCreateSchemasAndReadNothingOfOthers) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  emulator.query(kPrimary, "create schema office");
  emulator.call("PATCH", kApp, kOneDatabase);

  ask(emulator, "create schema shop_app");
  ask(emulator, "create table shop_app.carts as select 'cake' as item");
  EXPECT_EQ(ask(emulator, "select item from shop_app.carts"), "cake");
  EXPECT_NE(refusal_of(emulator, "select item from orders").find("permission denied for table"),
            std::string::npos);
  EXPECT_NE(refusal_of(emulator, "create table office.carts ()").find("permission denied for sch"),
            std::string::npos);
  EXPECT_NE(refusal_of(emulator, "create table public.carts ()").find("permission denied for sch"),
            std::string::npos);
}

TEST(LiveApp, HasTheRoleOfAServicePrincipalWhateverIsSeenInBetween) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("PATCH", kApp, kOneDatabase);
  const std::string role = value_at(emulator.call("GET", kApp), "service_principal_client_id");
  const std::string row = emulator.get(kProduction + "/roles/sp-" + role);
  EXPECT_EQ(value_at(row, "status.identity_type"), "SERVICE_PRINCIPAL");
  EXPECT_EQ(value_at(row, "status.auth_method"), "LAKEBASE_OAUTH_V1");
  emulator.query(kPrimary, fmt::format("alter role \"{}\" createdb", role));
  emulator.call("PATCH", kApp, R"({"resources":[]})");
  emulator.call("PATCH", kApp, kOneDatabase);
  EXPECT_EQ(value_at(emulator.get(kProduction + "/roles/sp-" + role), "status.attributes.createdb"),
            "true")
      << "a role that is there stays as it is";
}

TEST(LiveApp, GetsInEverywhereWhenNoDatabaseIsNamed) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create database archive");
  emulator.call("PATCH", kApp, kOneDatabase);
  EXPECT_EQ(rights_of(emulator), "archive|f,databricks_postgres|t");
  emulator.call("PATCH", kApp, kWholeBranch);
  EXPECT_EQ(rights_of(emulator), "archive|t,databricks_postgres|t");
}

TEST(LiveApp, IsLetIntoADatabaseOfAnInstanceThatSqlHasMade) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", "/api/2.0/database/instances", R"({"name":"shop-db"})");
  const auto instance = [&] { return emulator.call("GET", "/api/2.0/database/instances/shop-db"); };
  EXPECT_TRUE(becomes_true([&] { return value_at(instance(), "state") == "AVAILABLE"; }));
  const std::string token = value_at(
      emulator.call("POST", "/api/2.0/database/credentials", R"({"instance_names":["shop-db"]})"),
      "token");
  emulator.query_at(value_at(instance(), "read_write_dns"), kDeveloper, token,
                    "create database made_by_sql");
  emulator.call("PATCH", kApp, kInstance);
  EXPECT_EQ(ask_instance(emulator,
                         "select has_database_privilege('made_by_sql', 'create'), "
                         "has_database_privilege('databricks_postgres', 'create')"),
            "t|f");
}

TEST(LiveApp, IsUpdatedAfterADeathInBetween) {
  EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", "/_emulator/faults",
                R"({"faults":[{"do":"operation","fate":"hang","path":"/api/2.0/apps/*/update"}]})");
  const std::string wanted = kOneDatabase;
  emulator.call("POST", kApp + "/update", R"({"update_mask":"resources","app":)" + wanted + "}");
  emulator.stop(SIGKILL);
  emulator.start();
  const auto state = [&] {
    return value_at(emulator.call("GET", kApp + "/update"), "status.state");
  };
  EXPECT_EQ(state(), "IN_PROGRESS");
  emulator.call("DELETE", "/_emulator/faults");
  EXPECT_TRUE(becomes_true([&] { return state() == "SUCCEEDED"; }));
  // Its compute slept when the role was made.
  EXPECT_EQ(ask(emulator, "select has_database_privilege(current_database(), 'create')"), "t");
}

}  // namespace
}  // namespace emulator
