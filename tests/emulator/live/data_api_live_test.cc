// The Data API and change data feeds in the real program: what PostgreSQL has decides.
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
const std::string kDatabase = kProduction + "/databases/databricks-postgres";

void create_shop(const EmulatorProcess& emulator) {
  emulator.run("POST", "projects?project_id=shop", R"({"spec":{}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "ACTIVE"; }));
}

TEST(LiveDataApi, ShowsTheSchemasThatThereAre) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create schema sales");
  emulator.run("POST", kDatabase + "/data-api", R"({"spec":{"db_schemas":["sales"]}})");
  EXPECT_EQ(value_at(emulator.get(kDatabase + "/data-api"), "status.available_schemas"),
            R"(["public","sales"])");
}

TEST(LiveDataApi, IsRefusedForASchemaThatIsNotThere) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string begun = emulator.call("POST", EmulatorProcess::api(kDatabase + "/data-api"),
                                          R"({"spec":{"db_schemas":["sales"]}})");
  const auto error = [&] {
    return value_at(emulator.get(value_at(begun, "name")), "error.error_code");
  };
  EXPECT_TRUE(becomes_true([&] { return error() == "INVALID_PARAMETER_VALUE"; }));
  EXPECT_EQ(emulator.client().call("GET", EmulatorProcess::api(kDatabase + "/data-api")).status,
            404);
}

TEST(LiveChangeFeed, HasAStatusForEachTableAndOneForThoseThatHaveGone) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", "/_emulator/tables", R"({"schemas":["main.replica"]})");
  emulator.query(kPrimary, "create table orders (id int)");
  emulator.run("POST", kDatabase + "/cdf-configs",
               R"({"catalog":"main","schema":"replica","postgres_schema":"public"})");
  const std::string statuses = kDatabase + "/cdf-configs/public/cdf-statuses";
  EXPECT_EQ(value_at(emulator.get(statuses + "/orders"), "state"), "CDF_STATE_STREAMING");
  EXPECT_EQ(value_at(emulator.get(statuses + "/orders"), "uc_table"), "main.replica.orders");
  emulator.query(kPrimary, "drop table orders");
  emulator.query(kPrimary, "create table items (id int)");
  EXPECT_EQ(value_at(emulator.get(statuses + "/items"), "state"), "CDF_STATE_STREAMING");
  EXPECT_EQ(value_at(emulator.get(statuses + "/orders"), "state"), "CDF_STATE_TERMINATED");
}

TEST(LiveChangeFeed, LeavesItsDeltaTablesUnlessForced) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", "/_emulator/tables", R"({"schemas":["main.replica"]})");
  emulator.query(kPrimary, "create table orders (id int)");
  const std::string configs = kDatabase + "/cdf-configs";
  const auto exists = [&] {
    return value_at(
        emulator.call("GET", "/api/2.1/unity-catalog/tables/main.replica.orders/exists"),
        "table_exists");
  };
  for (const auto& [query, expected] : {std::pair{"", "true"}, std::pair{"?force=true", "false"}}) {
    emulator.run("POST", configs,
                 R"({"catalog":"main","schema":"replica","postgres_schema":"public"})");
    emulator.get(configs + "/public/cdf-statuses");
    emulator.run("DELETE", configs + "/public" + query);
    EXPECT_EQ(exists(), expected);
  }
}

}  // namespace
}  // namespace emulator
