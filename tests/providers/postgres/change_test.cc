// Snapshots and changes on a real server, directly and through a pool.
#include <gtest/gtest.h>

#include "sql/read_catalogue.h"
#include "tests/providers/postgres/door.h"

namespace weir::test {
namespace {

using Way = PostgresServers::Way;

TEST(PostgresDoor, ReadsADatabaseInOneRoundTrip) {
  const Door door;
  door.execute("CREATE TABLE orders (item text)");
  const auto read = sql::read_catalogue(door->snapshot(door.place()));
  ASSERT_TRUE(read.catalogue) << read.problem;
  EXPECT_EQ(read.catalogue->database, door.place().database);
  EXPECT_EQ(door->round_trips(), 1U);
}

TEST(PostgresDoor, ChangesADatabaseInOneTransaction) {
  const Door door;
  std::string seen;
  door->change(door.place(), [&](std::string_view snapshot) {
    seen = snapshot;
    return std::vector<SqlText>{{.shown = "CREATE SCHEMA a"},
                                {.shown = "CREATE TABLE a.t AS SELECT txid_current() AS id"},
                                {.shown = "CREATE TABLE a.u AS SELECT txid_current() AS id"}};
  });
  EXPECT_TRUE(sql::read_catalogue(seen).catalogue.has_value());
  EXPECT_EQ(door.execute("SELECT count(*) FROM a.t JOIN a.u USING (id)"), "1");
  EXPECT_EQ(door->round_trips(), 5U);
}

TEST(PostgresDoor, CommitsNothingWhenThereIsNothingToDo) {
  const Door door;
  door.change({});
  EXPECT_EQ(door->round_trips(), 2U);
}

TEST(PostgresDoor, RollsBackAllAndNamesTheStatementThatFailed) {
  const Door door;
  const std::string said = refusal_of([&] {
    door.change({"CREATE SCHEMA a", "GRANT USAGE ON SCHEMA a TO \"no such role\""});
  });
  EXPECT_EQ(said.substr(0, 7), "[42704]") << said;
  EXPECT_TRUE(has(said, "of projects/shop/branches/dev refuses `GRANT USAGE ON SCHEMA a TO"))
      << said;
  EXPECT_TRUE(has(said, "role \"no such role\" does not exist (42704)")) << said;
  EXPECT_TRUE(has(said, "Nothing was changed there")) << said;
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), "0");
  door.change({"CREATE SCHEMA a"});
}

TEST(PostgresDoor, LetsThroughWhatItsScriptThrows) {
  const Door door;
  EXPECT_THROW(door->change(door.place(),
                            [](std::string_view) -> std::vector<SqlText> {
                              throw ConfigurationError("no such thing");
                            }),
               ConfigurationError);
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
  door.change({"CREATE SCHEMA a"});
}

TEST(PostgresDoor, WorksThroughAPoolThatChangesSessions) {
  const Door door({}, Way::kPooled);
  for (int number = 0; number < 5; ++number) {
    door.change({"CREATE SCHEMA s" + std::to_string(number)});
  }
  const auto read = sql::read_catalogue(door->snapshot(door.place()));
  ASSERT_TRUE(read.catalogue) << read.problem;
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 's_'"), "5");
}

}  // namespace
}  // namespace weir::test
