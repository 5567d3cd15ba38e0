// Registered databases and synced tables in the real program with real PostgreSQL.
#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/emulator/live/emulator_process.h"

namespace emulator {
namespace {

using test::becomes_true;
using test::EmulatorProcess;
using test::value_at;

const std::string kProduction = "projects/shop/branches/production";
const std::string kPrimary = kProduction + "/endpoints/primary";
const std::string kTrips = "synced_tables/shop_pg.rides.trips";

void put_source(const EmulatorProcess& emulator, const std::string& rows) {
  const std::string columns =
      R"json([{"name":"id","type":"bigint","nullable":false},
              {"name":"fare","type":"decimal(10,2)"},
              {"name":"stops","type":"array<string>"},
              {"name":"at","type":"timestamp"}])json";
  emulator.call("POST", "/_emulator/tables",
                fmt::format(R"({{"schemas":["main.storage"],"tables":[{{"name":"main.shop.trips",
                  "primary_key":["id"],"change_data_feed":true,"rows":{},"columns":{}}}]}})",
                            rows, columns));
}

/// A project with its database registered, and a source with two rows.
void create_shop(const EmulatorProcess& emulator) {
  emulator.run("POST", "projects?project_id=shop", R"({"spec":{}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "ACTIVE"; }));
  emulator.run(
      "POST", "catalogs?catalog_id=shop_pg",
      fmt::format(R"({{"spec":{{"branch":"{}","postgres_database":"databricks_postgres"}}}})",
                  kProduction));
  put_source(emulator, R"([{"id":1,"fare":2.5,"stops":["a","b"],"at":"2026-08-20T12:00:00Z"},
                           {"id":2}])");
}

std::string trips_spec(const std::string& more) {
  return fmt::format(R"({{"spec":{{"source_table_full_name":"main.shop.trips",{}
    "new_pipeline_spec":{{"storage_catalog":"main","storage_schema":"storage"}}}}}})",
                     more);
}

void create_trips(const EmulatorProcess& emulator, const std::string& more) {
  emulator.run("POST", "synced_tables?synced_table_id=shop_pg.rides.trips", trips_spec(more));
}

std::string state_of(const EmulatorProcess& emulator, const std::string& table = kTrips) {
  return value_at(emulator.get(table), "status.detailed_state");
}

bool comes_online(const EmulatorProcess& emulator, const std::string& table = kTrips) {
  return becomes_true([&] { return state_of(emulator, table).starts_with("SYNCED_TABLE_ONLINE"); });
}

TEST(LiveSyncedTable, BringsTheRowsOfItsSourceToPostgres) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator, "");
  EXPECT_TRUE(comes_online(emulator)) << emulator.get(kTrips);
  EXPECT_EQ(emulator.query(kPrimary,
                           "select id, fare, stops, at at time zone 'utc' from rides.trips "
                           "where id = 1"),
            R"(1|2.50|["a", "b"]|2026-08-20 12:00:00)");
  EXPECT_EQ(emulator.query(kPrimary, "select count(*) from rides.trips"), "2");
  EXPECT_THROW(emulator.query(kPrimary, "delete from rides.trips"), std::runtime_error);
}

TEST(LiveSyncedTable, FollowsItsSourceWhenItIsContinuous) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator, R"("scheduling_policy":"CONTINUOUS",)");
  EXPECT_TRUE(comes_online(emulator));
  put_source(emulator, R"([{"id":3}])");
  EXPECT_TRUE(
      becomes_true([&] { return emulator.query(kPrimary, "select id from rides.trips") == "3"; }));
}

TEST(LiveSyncedTable, LeavesItsTableInPostgresAndTakesItOverAgain) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator, "");
  EXPECT_TRUE(comes_online(emulator));
  emulator.run("DELETE", kTrips);
  EXPECT_EQ(emulator.query(kPrimary, "select count(*) from rides.trips"), "2");
  put_source(emulator, R"([{"id":7}])");
  create_trips(emulator, "");
  EXPECT_TRUE(comes_online(emulator));
  EXPECT_EQ(emulator.query(kPrimary, "select id from rides.trips"), "7");
}

TEST(LiveSyncedTable, SaysWhatPostgresRefusesAndRecoversWhenTheSourceIsMended) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  put_source(emulator, R"([{"id":1},{"id":1}])");
  create_trips(emulator, R"("scheduling_policy":"CONTINUOUS",)");
  EXPECT_TRUE(becomes_true([&] { return state_of(emulator) == "SYNCED_TABLE_OFFLINE_FAILED"; }));
  EXPECT_NE(value_at(emulator.get(kTrips), "status.message").find("duplicate key"),
            std::string::npos);
  put_source(emulator, R"([{"id":1}])");
  EXPECT_TRUE(comes_online(emulator));
}

TEST(LiveSyncedTable, FailsWithoutItsSchemaWhenThatMayNotBeMade) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string begun = emulator.call(
      "POST", EmulatorProcess::api("synced_tables?synced_table_id=shop_pg.rides.trips"),
      trips_spec(R"("create_database_objects_if_missing":false,)"));
  const auto error = [&] {
    return value_at(emulator.get(value_at(begun, "name")), "error.message");
  };
  EXPECT_TRUE(becomes_true([&] { return error() == "The schema \"rides\" does not exist."; }));
}

TEST(LiveSyncedTable, IsFilledAfterACrashOnTheWay) {
  EmulatorProcess emulator({"--latency", "sync=1s"});
  create_shop(emulator);
  create_trips(emulator, "");
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_TRUE(comes_online(emulator));
  EXPECT_EQ(emulator.query(kPrimary, "select count(*) from rides.trips"), "2");
}

TEST(LiveCatalog, MakesItsDatabaseAndARoleThatOwnsIt) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("POST", "catalogs?catalog_id=main_pg",
               fmt::format(R"({{"spec":{{"branch":"{}","postgres_database":"app_main",
                           "create_database_if_missing":true}}}})",
                           kProduction));
  EXPECT_EQ(emulator.query(kPrimary,
                           "select pg_get_userbyid(datdba) from pg_database "
                           "where datname = 'app_main'"),
            "developer@example.com");
}

TEST(LiveCatalog, RegistersADatabaseThatSqlHasMade) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create database made_by_sql");
  const std::string made =
      emulator.run("POST", "catalogs?catalog_id=sql_pg",
                   fmt::format(R"({{"spec":{{"branch":"{}","postgres_database":"made_by_sql"}}}})",
                               kProduction));
  EXPECT_EQ(value_at(made, "response.name"), "catalogs/sql_pg") << made;
}

}  // namespace
}  // namespace emulator
