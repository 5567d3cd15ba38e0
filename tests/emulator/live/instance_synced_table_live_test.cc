// Catalogs and synced tables of the Provisioned API in the real program with real PostgreSQL.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/emulator/live/emulator_process.h"

namespace emulator {
namespace {

using test::becomes_true;
using test::EmulatorProcess;
using test::value_at;

std::string path(const std::string& target) {
  return "/api/2.0/database/" + target;
}

std::string state_of(const EmulatorProcess& emulator) {
  return value_at(emulator.call("GET", path("synced_tables/shop_pg.rides.trips")),
                  "data_synchronization_status.detailed_state");
}

std::string query(const EmulatorProcess& emulator, const std::string& sql) {
  const std::string instance = emulator.call("GET", path("instances/shop-db"));
  const std::string token = value_at(
      emulator.call("POST", path("credentials"), R"({"instance_names":["shop-db"]})"), "token");
  return emulator.query_at(value_at(instance, "read_write_dns"), "developer@example.com", token,
                           sql);
}

std::string tables(const EmulatorProcess& emulator) {
  return query(emulator, "select count(*) from pg_tables where schemaname = 'rides'");
}

void create_shop(const EmulatorProcess& emulator) {
  emulator.call("POST", path("instances"), R"({"name":"shop-db"})");
  EXPECT_TRUE(becomes_true([&] {
    return value_at(emulator.call("GET", path("instances/shop-db")), "state") == "AVAILABLE";
  }));
  emulator.call("POST", path("catalogs"),
                R"({"name":"shop_pg","database_instance_name":"shop-db",
                    "database_name":"databricks_postgres"})");
  emulator.call("POST", "/_emulator/tables",
                R"({"schemas":["main.storage"],"tables":[{"name":"main.shop.trips",
                    "primary_key":["id"],"columns":[{"name":"id","type":"bigint"}],
                    "rows":[{"id":1},{"id":2}]}]})");
}

void create_trips(const EmulatorProcess& emulator) {
  emulator.call("POST", path("synced_tables"),
                R"({"name":"shop_pg.rides.trips","spec":{"source_table_full_name":"main.shop.trips",
                    "new_pipeline_spec":{"storage_catalog":"main","storage_schema":"storage"}}})");
  EXPECT_TRUE(
      becomes_true([&] { return state_of(emulator) == "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE"; }));
}

TEST(LiveInstanceSyncedTable, BringsTheRowsOfItsSourceToPostgres) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator);
  EXPECT_EQ(query(emulator, "select id from rides.trips order by id"), "1,2");
}

TEST(LiveInstanceSyncedTable, DropsItsTableOnlyWhenAskedTo) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator);
  emulator.call("DELETE", path("synced_tables/shop_pg.rides.trips"));
  EXPECT_EQ(tables(emulator), "1");
  create_trips(emulator);
  emulator.call("DELETE", path("synced_tables/shop_pg.rides.trips?purge_data=true"));
  EXPECT_EQ(tables(emulator), "0");
}

TEST(LiveInstanceSyncedTable, StaysWhenItsTableCannotBeDropped) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator);
  query(emulator, "create view many as select * from rides.trips");
  const auto refused =
      emulator.client().call("DELETE", path("synced_tables/shop_pg.rides.trips?purge_data=true"));
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(state_of(emulator), "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE");
}

TEST(LiveInstanceSyncedTable, CanBeDeletedWhenItsInstanceHasGone) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create_trips(emulator);
  emulator.call("DELETE", path("instances/shop-db"));
  EXPECT_TRUE(becomes_true(
      [&] { return emulator.client().call("GET", path("instances/shop-db")).status == 404; }));
  emulator.call("DELETE", path("synced_tables/shop_pg.rides.trips?purge_data=true"));
  emulator.call("DELETE", path("catalogs/shop_pg"));
}

TEST(LiveInstanceSyncedTable, LeavesTheRegistrationOfTablesToThoseThatAreThere) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string body = R"({"name":"shop_pg.public.orders"})";
  EXPECT_EQ(emulator.client().call("POST", path("tables"), body).status, 404);
  query(emulator, "create table orders (id int)");
  EXPECT_EQ(emulator.client().call("POST", path("tables"), body).status, 200);
}

}  // namespace
}  // namespace emulator
