#include "emulator/postgres/history.h"

#include <gtest/gtest.h>

#include "emulator/postgres/server.h"
#include "support.h"

namespace emulator::test {
namespace {

namespace fs = std::filesystem;

/// The cluster's own time, between what was committed before and after the call.
std::chrono::system_clock::time_point time_of(const std::string& socket_folder) {
  const std::string micros =
      sql(socket_folder, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
  return std::chrono::system_clock::time_point(std::chrono::microseconds(std::stoll(micros)));
}

std::string lsn_of(const std::string& socket_folder) {
  return sql(socket_folder, "SELECT pg_current_wal_lsn()");
}

std::string names(const std::string& socket_folder) {
  return sql(socket_folder, "SELECT name FROM fish ORDER BY name");
}

TEST(History, BringsBackAPastTimeOfARunningBranch) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const auto past = time_of(main);
  sql(main, "INSERT INTO fish VALUES ('pike')");

  const Outcome created = world.create_branch("br-past", {.parent = "br-main", .time = past});

  EXPECT_EQ(created.error_code, "") << created.message;
  EXPECT_TRUE(parse_lsn(created.lsn).value_or(0) > 0) << created.lsn;
  EXPECT_EQ(names(world.wake("br-past")), "trout");
  EXPECT_EQ(names(main), "pike,trout");
}

TEST(History, BringsBackAPastTimeOfASleepingBranch) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  const auto empty = time_of(main);
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const auto one = time_of(main);
  world.put_to_sleep("br-main");
  const auto asleep = std::chrono::system_clock::now();
  world.wake("br-main");
  sql(main, "INSERT INTO fish VALUES ('pike')");
  world.put_to_sleep("br-main");

  const auto name_at = [&](const std::string& branch, auto time) {
    const Outcome created = world.create_branch(branch, {.parent = "br-main", .time = time});
    EXPECT_EQ(created.error_code, "") << created.message;
    return names(world.wake(branch));
  };
  EXPECT_EQ(name_at("br-0", empty), "");
  EXPECT_EQ(name_at("br-1", one), "trout");
  EXPECT_EQ(name_at("br-2", asleep), "trout");
  EXPECT_EQ(name_at("br-3", std::chrono::system_clock::now()), "pike,trout");
}

TEST(History, BringsBackExactlyWhatWasWrittenBeforeAnLsn) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const std::string past = lsn_of(main);
  sql(main, "INSERT INTO fish VALUES ('pike')");
  const std::string present = lsn_of(main);

  const Outcome created = world.create_branch("br-past", {.parent = "br-main", .lsn = past});
  const Outcome newest = world.create_branch("br-new", {.parent = "br-main", .lsn = present});

  EXPECT_EQ(created.error_code, "") << created.message;
  EXPECT_EQ(created.lsn, past);
  EXPECT_EQ(names(world.wake("br-past")), "trout");
  EXPECT_EQ(newest.error_code, "") << newest.message;
  EXPECT_EQ(names(world.wake("br-new")), "pike,trout");
}

TEST(History, OfARestoredBranchCanBeBroughtBackAgain) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const auto past = time_of(main);
  sql(main, "INSERT INTO fish VALUES ('never in a child')");
  world.create_branch("br-child", {.parent = "br-main", .time = past});
  const std::string child = world.wake("br-child");
  sql(child, "INSERT INTO fish VALUES ('pike')");
  const auto child_past = time_of(child);
  const std::string child_lsn = lsn_of(child);
  sql(child, "INSERT INTO fish VALUES ('eel')");

  const Outcome by_time =
      world.create_branch("br-grandchild-1", {.parent = "br-child", .time = child_past});
  const Outcome by_lsn =
      world.create_branch("br-grandchild-2", {.parent = "br-child", .lsn = child_lsn});
  const Outcome by_head = world.create_branch("br-grandchild-3", {.parent = "br-child"});

  EXPECT_EQ(by_time.error_code, "") << by_time.message;
  EXPECT_EQ(names(world.wake("br-grandchild-1")), "pike,trout");
  EXPECT_EQ(by_lsn.error_code, "") << by_lsn.message;
  EXPECT_EQ(names(world.wake("br-grandchild-2")), "pike,trout");
  EXPECT_EQ(by_head.error_code, "") << by_head.message;
  EXPECT_EQ(names(world.wake("br-grandchild-3")), "eel,pike,trout");
}

TEST(History, OfABranchCopiedWhileItsParentRanCanBeBroughtBack) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");
  const Outcome created = world.create_branch("br-child", {.parent = "br-main"});
  const auto born = std::chrono::system_clock::now();
  const std::string child = world.wake("br-child");
  sql(child, "INSERT INTO fish VALUES ('pike')");

  const Outcome by_time = world.create_branch("br-1", {.parent = "br-child", .time = born});
  const Outcome by_lsn = world.create_branch("br-2", {.parent = "br-child", .lsn = created.lsn});

  EXPECT_EQ(by_time.error_code, "") << by_time.message;
  EXPECT_EQ(names(world.wake("br-1")), "trout");
  EXPECT_EQ(by_lsn.error_code, "") << by_lsn.message;
  EXPECT_EQ(names(world.wake("br-2")), "trout");
}

TEST(History, RefusesPointsOutsideOfIt) {
  using std::chrono::hours;
  World world;
  const auto before = std::chrono::system_clock::now() - hours(1);
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  const auto after = std::chrono::system_clock::now() + hours(1);

  const auto code = [&](const BranchPoint& point) {
    const Outcome outcome = world.create_branch("br-dev", point);
    EXPECT_NE(outcome.message, "");
    return outcome.error_code;
  };
  EXPECT_EQ(code({.parent = "br-main", .time = before}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(code({.parent = "br-main", .time = after}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(code({.parent = "br-main", .lsn = "0/1"}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(code({.parent = "br-main", .lsn = "FFFF/0"}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(code({.parent = "br-main", .lsn = "what"}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(code({.parent = "br-none"}), "NOT_FOUND");
  world.put_to_sleep("br-main");
  EXPECT_EQ(code({.parent = "br-main", .lsn = "FFFF/0"}), "INVALID_PARAMETER_VALUE");
  EXPECT_FALSE(fs::exists(world.cluster("br-dev")));
}

TEST(History, OfABranchThatNeverWokeIsItsOnlyState) {
  World world;
  const Outcome root = world.create_root("br-main");

  EXPECT_EQ(world.create_branch("br-1", {.parent = "br-main", .lsn = root.lsn}).error_code, "");
  EXPECT_EQ(
      world.create_branch("br-2", {.parent = "br-main", .time = std::chrono::system_clock::now()})
          .error_code,
      "");
}

TEST(History, SurvivesACrashOfTheServer) {
  World world;
  world.create_root("br-main");
  std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const auto past = time_of(main);
  sql(main, "INSERT INTO fish VALUES ('pike')");
  end_leftover_processes(world.cluster("br-main") / "data");
  main = world.wake("br-main");
  sql(main, "INSERT INTO fish VALUES ('eel')");
  world.put_to_sleep("br-main");

  const Outcome created = world.create_branch("br-past", {.parent = "br-main", .time = past});

  EXPECT_EQ(created.error_code, "") << created.message;
  EXPECT_EQ(names(world.wake("br-past")), "trout");
  EXPECT_EQ(names(world.wake("br-main")), "eel,pike,trout");
}

TEST(History, TakesANewBaseWhenMuchWalHasPiledUpAndForgetsWhatIsTooOld) {
  World world;
  world.create_root("br-main");
  std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish (name text)");
  const auto old = time_of(main);
  sql(main,
      "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 200000) n");
  world.put_to_sleep("br-main");
  main = world.wake("br-main");
  const auto middle = time_of(main);
  sql(main, "INSERT INTO fish VALUES ('trout')");
  const auto bases = [&] {
    const fs::path folder = world.cluster("br-main") / "bases";
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  };
  ASSERT_EQ(bases(), 2);

  world.loop().do_on_loop(
      [&] { world.computes().keep_history("br-main", std::chrono::seconds(0)); });
  const Outcome too_old = world.create_branch("br-old", {.parent = "br-main", .time = old});
  const Outcome kept = world.create_branch("br-kept", {.parent = "br-main", .time = middle});

  EXPECT_EQ(bases(), 1);
  EXPECT_EQ(too_old.error_code, "INVALID_PARAMETER_VALUE") << too_old.message;
  EXPECT_EQ(kept.error_code, "") << kept.message;
  EXPECT_EQ(names(world.wake("br-kept")), "");
}

}  // namespace
}  // namespace emulator::test
