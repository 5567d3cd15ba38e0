// Changes while others change, lock, end sessions and stop the server.
#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/providers/postgres/door.h"
#include "tests/support/cutting_proxy.h"

namespace weir::test {
namespace {

using Cut = CuttingProxy::Cut;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Runs `action` in so many threads; what the first of them throws comes through.
void at_once(int count, const std::function<void(int)>& action) {
  std::vector<std::future<void>> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number) {
    threads.push_back(std::async(std::launch::async, action, number));
  }
  for (auto& thread : threads) thread.get();
}

/// A session beside the door, in a transaction.
class Rival {
 public:
  explicit Rival(const Door& door) : connection_(door.address()), work_(connection_) {}
  void execute(const std::string& sql) { work_.exec(sql); }
  std::string value(const std::string& sql) { return work_.exec(sql)[0][0].c_str(); }

 private:
  pqxx::connection connection_;
  pqxx::work work_;
};

postgres::Options hasty() {
  postgres::Options options;
  options.limits = {.lock = seconds(1), .turn = seconds(1), .statement = seconds(2)};
  return options;
}

/// Twenty applies that change the same rows of the catalogue.
void make_twenty_changes(PostgresServers::Way way) {
  const Door door;
  door.execute("CREATE SCHEMA app");
  constexpr int kChanges = 20;
  http::Guarded<int> asked;
  // Every apply has sessions of its own, as separate processes have.
  at_once(kChanges, [&](int number) {
    const auto own = postgres::databases_at({{kBranch, Secret(door.address(way))}});
    const std::string role = fmt::format("{}_{}", door.place().database, number);
    own->change(door.place(), [&](std::string_view) {
      asked.with([](int& count) { ++count; });
      return std::vector<SqlText>{
          {.shown = "CREATE ROLE " + role},
          {.shown = "GRANT USAGE ON SCHEMA app TO " + role},
          {.shown = "GRANT CREATE ON SCHEMA app TO " + role},
          {.shown = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO " + role}};
    });
  });
  EXPECT_EQ(asked.with([](int count) { return count; }), kChanges) << "they met";
  EXPECT_EQ(door.execute("SELECT count(DISTINCT grantee) FROM pg_namespace,"
                         " aclexplode(nspacl) WHERE nspname = 'app' AND grantee <> nspowner"),
            std::to_string(kChanges));
}

TEST(PostgresDoor, MakesTwentyChangesAtOnce) {
  make_twenty_changes(PostgresServers::Way::kDirect);
}

TEST(PostgresDoor, MakesTwentyChangesAtOnceThroughAPool) {
  make_twenty_changes(PostgresServers::Way::kPooled);
}

TEST(PostgresDoor, MakesChangesInTwoDatabasesThatShareRoles) {
  const Door one;
  const Door other;
  const std::string role = one.place().database + "_shared";
  one.execute("CREATE ROLE " + role);
  at_once(8, [&](int number) {
    const Door& door = number % 2 == 0 ? one : other;
    for (int round = 0; round < 5; ++round) {
      door.change({fmt::format("ALTER ROLE {} CONNECTION LIMIT {}", role, number * 10 + round)});
    }
  });
}

TEST(PostgresDoor, HasTwoSessionsForADatabaseAtMost) {
  const Door door;
  http::Guarded<int> most;
  at_once(20, [&](int number) {
    const std::string seen = door->snapshot(door.place());
    door->change(door.place(), [&](std::string_view) {
      const int count = std::stoi(
          door.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                       " AND application_name = 'weir'"));
      most.with([&](int& known) { known = std::max(known, count); });
      return std::vector<SqlText>{{.shown = fmt::format("CREATE SCHEMA s{}", number)}};
    });
  });
  EXPECT_EQ(most.with([](int count) { return count; }), 2);
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^s[0-9]'"), "20");
}

TEST(PostgresDoor, HasFewSessionsInAll) {
  postgres::Options options;
  options.sessions = {.for_each_database = 2, .in_all = 3};
  const Door door(options);
  std::vector<DatabasePlace> places = {door.place()};
  for (int number = 0; number < 5; ++number) {
    places.push_back({.branch = kBranch, .database = PostgresServers::get().new_database()});
  }
  std::string names;
  for (const DatabasePlace& place : places) names += fmt::format("'{}',", place.database);
  names.pop_back();
  at_once(12, [&](int number) {
    door->snapshot(places[static_cast<std::size_t>(number) % places.size()]);
  });
  EXPECT_LE(std::stoi(door.execute("SELECT count(*) FROM pg_stat_activity WHERE"
                                   " application_name = 'weir' AND datname IN (" +
                                   names + ")")),
            3);
}

TEST(PostgresDoor, SaysWhoHoldsTheLockThatItWaitedFor) {
  const Door door(hasty());
  door.execute("CREATE TABLE orders (item text)");
  Rival rival(door);
  rival.execute("LOCK TABLE orders IN ACCESS SHARE MODE");
  const std::string pid = rival.value("SELECT pg_backend_pid()");
  const std::string said = refusal_of([&] {
    door.change({"CREATE SCHEMA a", "ALTER TABLE public.orders RENAME TO bills"});
  });
  EXPECT_EQ(said.substr(0, 7), "[55P03]") << said;
  EXPECT_TRUE(has(said, "is too busy for `ALTER TABLE public.orders RENAME TO bills`")) << said;
  EXPECT_TRUE(has(said, "in the way: session " + pid + " of role lakebase_internal")) << said;
  EXPECT_TRUE(has(said, "Nothing was changed there")) << said;
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), "0");
}

TEST(PostgresDoor, SaysWhoChangesTheSameToWhomeverMayNotSeeMuch) {
  const Door door;
  const std::string role = door.place().database + "_plain";
  door.execute("CREATE ROLE " + role + " LOGIN; CREATE SCHEMA app AUTHORIZATION " + role);
  Rival rival(door);
  rival.execute("GRANT USAGE ON SCHEMA app TO PUBLIC");
  const std::string pid = rival.value("SELECT pg_backend_pid()");
  const std::string address = fmt::format(
      "host='{}' user={} dbname=x", PostgresServers::get().socket().parent_path().string(), role);
  const auto own = postgres::databases_at({{kBranch, Secret(address)}}, hasty());
  const std::string said = refusal_of(
      [&] { own->change(door.place(), script_of({"GRANT CREATE ON SCHEMA app TO PUBLIC"})); });
  EXPECT_EQ(said.substr(0, 7), "[55P03]") << said;
  EXPECT_TRUE(has(said, "in the way: session " + pid + " of role lakebase_internal")) << said;
}

TEST(PostgresDoor, SaysThatAnotherApplyHasTheTurn) {
  const Door door(hasty());
  Rival rival(door);
  rival.execute(fmt::format("SELECT pg_advisory_xact_lock({})", postgres::kTurnKey));
  const std::string pid = rival.value("SELECT pg_backend_pid()");
  const std::string said = refusal_of([&] { door.change({"CREATE SCHEMA a"}); });
  EXPECT_TRUE(has(said, "other applies keep database " + door.place().database)) << said;
  EXPECT_TRUE(has(said, "in the way: session " + pid)) << said;
  EXPECT_NE(door->snapshot(door.place()), "") << "who only reads waits for nobody";
}

TEST(PostgresDoor, EndsAStatementThatTakesTooLong) {
  const Door door(hasty());
  const std::string said = refusal_of([&] { door.change({"SELECT pg_sleep(60)"}); });
  EXPECT_EQ(said.substr(0, 7), "[57014]") << said;
}

TEST(PostgresDoor, TriesAgainWhatAnotherSessionWasInTheWayOf) {
  for (const char* code : {"40001", "40P01", "XX000"}) {
    const Door door;
    door.execute("CREATE SEQUENCE tries");
    door.change({"CREATE SCHEMA a", fmt::format("DO $$ BEGIN IF nextval('public.tries') < 4 THEN"
                                                " RAISE EXCEPTION 'again' USING ERRCODE = '{}';"
                                                " END IF; END $$",
                                                code)});
    EXPECT_EQ(door.execute("SELECT last_value FROM tries"), "4") << code;
    EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), "1");
  }
}

TEST(PostgresDoor, GivesUpWhatNeverComesToAnEnd) {
  postgres::Options options;
  options.timing.sleep = [](Duration) {};
  const Door door(options);
  const std::string said = refusal_of([&] {
    door.change({"DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"});
  });
  EXPECT_EQ(said.substr(0, 7), "[40001]") << said;
  EXPECT_TRUE(has(said, "It was tried 10 times")) << said;
}

TEST(PostgresDoor, DoesNotTryAgainWhatIsForbidden) {
  const Door door;
  int asked = 0;
  const std::string said = refusal_of([&] {
    door->change(door.place(), [&](std::string_view) {
      ++asked;
      return std::vector<SqlText>{
          {.shown = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '42501'; END $$"}};
    });
  });
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(has(said, "Apply as a role that may do this")) << said;
}

TEST(PostgresDoor, SaysWhenTheDiskIsFullAndLeavesAllAsItWas) {
  const Door door;
  const std::string said = refusal_of([&] {
    door.change({"CREATE SCHEMA a",
                 "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"});
  });
  EXPECT_TRUE(has(said, "Make room: the disk or the quota is full")) << said;
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), "0");
}

TEST(PostgresDoor, BeginsAnewWhenItsSessionIsEnded) {
  const Door door;
  int asked = 0;
  door->change(door.place(), [&](std::string_view) {
    if (++asked < 3) {
      door.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
          " datname = current_database() AND pid <> pg_backend_pid()");
    }
    return std::vector<SqlText>{{.shown = "CREATE SCHEMA a"}};
  });
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), "1");
}

TEST(PostgresDoor, BeginsAnewWhenTheServerIsRestarted) {
  const Door door;
  door->snapshot(door.place());
  PostgresServers::get().restart();
  EXPECT_NE(door->snapshot(door.place()), "");
  int asked = 0;
  door->change(door.place(), [&](std::string_view) {
    if (++asked == 1) PostgresServers::get().restart();
    return std::vector<SqlText>{{.shown = "CREATE SCHEMA a"}, {.shown = "CREATE SCHEMA b"}};
  });
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(door.execute("SELECT count(*) FROM pg_namespace WHERE nspname IN ('a', 'b')"), "2");
}

TEST(PostgresDoor, WaitsForAServerThatComesBack) {
  const Door door;
  PostgresServers::get().stop();
  auto later = std::async(std::launch::async, [&] { return door->snapshot(door.place()); });
  EXPECT_EQ(later.wait_for(milliseconds(200)), std::future_status::timeout);
  PostgresServers::get().start();
  EXPECT_NE(later.get(), "");
}

/// A door whose words pass through a proxy.
struct Proxied {
  TemporaryFolder folder;
  Door door;
  CuttingProxy proxy{folder.path(), PostgresServers::get().socket()};
  std::unique_ptr<Databases> databases = postgres::databases_at(
      {{kBranch, Secret("user=lakebase_internal dbname=x host='" + folder.path().string() + "'")}});
};

TEST(PostgresDoor, SaysThatNobodyKnowsWhenTheConnectionBreaksAtTheCommit) {
  for (const Cut cut : {Cut::kAfterCommit, Cut::kBeforeCommit}) {
    Proxied world;
    int asked = 0;
    // From here on only: the first message has the word as well.
    const auto script = [&](std::string_view) {
      ++asked;
      world.proxy.cut(cut);
      return std::vector<SqlText>{{.shown = "CREATE SCHEMA a"}};
    };
    const std::string said =
        refusal_of([&] { world.databases->change(world.door.place(), script); });
    EXPECT_EQ(said.substr(0, 3), "[?]") << said;
    EXPECT_TRUE(has(said, "nobody knows whether it holds")) << said;
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(world.door.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"),
              cut == Cut::kAfterCommit ? "1" : "0");
  }
}

}  // namespace
}  // namespace weir::test
