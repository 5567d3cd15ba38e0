#include "emulator/postgres/standby.h"

#include <gtest/gtest.h>

#include "emulator/postgres/admin_session.h"
#include "support.h"

namespace emulator::test {
namespace {

const ComputeDefinition kReader{
    .endpoint = "ep-reader", .branch = "br-main", .is_read_only = true, .settings = {}};

TEST(Standby, ShowsNewRowsAndRefusesWrites) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");

  const Outcome created = world.create_compute(kReader);
  const std::string reader = world.wake(kReader);

  EXPECT_EQ(created.error_code, "") << created.message;
  EXPECT_EQ(sql(reader, "SELECT name FROM fish"), "trout");
  EXPECT_THROW(sql(reader, "INSERT INTO fish VALUES ('pike')"), SqlFailure);
  sql(main, "INSERT INTO fish VALUES ('eel')");
  EXPECT_TRUE(becomes_true([&] { return sql(reader, "SELECT count(*) FROM fish") == "2"; }));
}

TEST(Standby, WakesAloneWithAllThatWasCommitted) {
  World world;
  world.create_root("br-main");
  world.create_compute(kReader);
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");
  world.put_to_sleep("br-main");

  const std::string reader = world.wake(kReader);

  EXPECT_EQ(sql(reader, "SELECT name FROM fish"), "trout");
  EXPECT_FALSE(world.inspect("br-main").has_value());
  world.wake("br-main");
  sql(main, "INSERT INTO fish VALUES ('eel')");
  EXPECT_TRUE(becomes_true([&] { return sql(reader, "SELECT count(*) FROM fish") == "2"; }));
  world.sleep("ep-reader");
  world.put_to_sleep("br-main");
  EXPECT_EQ(processes_below(world.data_folder()), 0);
}

TEST(Standby, FollowsARestoredBranch) {
  World world;
  world.create_root("br-origin");
  const std::string origin = world.wake("br-origin");
  sql(origin, "CREATE TABLE fish AS SELECT 'trout' AS name");
  const std::string lsn = sql(origin, "SELECT pg_current_wal_lsn()");
  sql(origin, "INSERT INTO fish VALUES ('pike')");
  world.create_branch("br-main", {.parent = "br-origin", .lsn = lsn});
  world.create_compute(kReader);

  const std::string reader = world.wake(kReader);
  sql(world.wake("br-main"), "INSERT INTO fish VALUES ('eel')");

  EXPECT_TRUE(becomes_true([&] { return sql(reader, "SELECT count(*) FROM fish") == "2"; }));
}

TEST(Standby, StartsThoughItsBranchHasMoreConnections) {
  World world;
  world.create_root("br-main");
  world.create_compute(kReader);
  world.wake(
      {.endpoint = "ep-main", .branch = "br-main", .settings = {{"max_connections", "150"}}});

  const std::string reader = world.wake(kReader);

  EXPECT_EQ(sql(reader, "SHOW max_connections"), "150");
}

TEST(Standby, IsGoneWhenItsEndpointIs) {
  World world;
  world.create_root("br-main");
  world.create_compute(kReader);
  world.wake(kReader);

  outcome_of(world.loop(), [&](const Computes::Done& done) {
    world.computes().destroy_compute("ep-reader", done);
  });

  EXPECT_EQ(processes_below(world.data_folder()), 0);
  EXPECT_FALSE(std::filesystem::exists(world.cluster("br-main") / "standbys" / "ep-reader"));
}

}  // namespace
}  // namespace emulator::test
