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
  EXPECT_EQ(door->round_trips(), 3U) << "the snapshot, all statements, the commit";
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

TEST(PostgresDoor, KeepsToItsOwnSettings) {
  const Door door;
  const std::string change = "ALTER DATABASE " + door.place().database + " SET ";
  door.execute("CREATE SCHEMA evil");
  // An operator of somebody else, which would be found before that of the server.
  door.execute(
      "CREATE FUNCTION evil.equal(name, name) RETURNS boolean LANGUAGE plpgsql AS"
      " $$ BEGIN RAISE 'called'; END $$;"
      " CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.equal)");
  door.execute(change + "search_path = evil, pg_catalog");
  door.execute(change + "standard_conforming_strings = off");
  door.execute(change + "default_transaction_isolation = 'serializable'");
  door.execute(change + "lock_timeout = '1ms'");
  door.execute(change + "default_transaction_read_only = on");
  EXPECT_TRUE(sql::read_catalogue(door->snapshot(door.place())).catalogue.has_value());
  door.change(
      {R"(CREATE TABLE public.t AS SELECT '\' AS a, current_setting('search_path') AS b,)"
       R"( current_setting('transaction_isolation') AS c, current_setting('lock_timeout') AS d)"});
  EXPECT_EQ(door.execute("SELECT concat_ws(',', a, b, c, d) FROM public.t"),
            "\\,pg_catalog,read committed,10s");
}

TEST(PostgresDoor, LeavesNothingBehindInASessionOfAPool) {
  const Door door({}, Way::kPooled);
  door->snapshot(door.place());
  door.change({"CREATE SCHEMA a"});
  pqxx::connection connection(door.address(Way::kPooled));
  pqxx::nontransaction session(connection);
  EXPECT_STREQ(session.exec("SELECT current_setting('search_path')")[0][0].c_str(),
               "\"$user\", public");
  EXPECT_STREQ(session.exec("SELECT current_setting('lock_timeout')")[0][0].c_str(), "0");
}

TEST(PostgresDoor, EndsSessionsThatNobodyNeeds) {
  postgres::Options options;
  options.sessions.idle = std::chrono::seconds(-1);
  const Door door(options);
  door->snapshot(door.place());
  // The server notices the end a moment later.
  const std::string count =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
      " AND application_name = 'weir'";
  for (int tries = 0; tries < 500 && door.execute(count) != "0"; ++tries)
    door.execute("SELECT pg_sleep(0.01)");
  EXPECT_EQ(door.execute(count), "0");
}

}  // namespace
}  // namespace weir::test
