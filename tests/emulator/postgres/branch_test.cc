#include "emulator/postgres/branch.h"

#include <gtest/gtest.h>

#include "support.h"

namespace emulator::test {
namespace {

TEST(Branch, IsCopiedFromASleepingParentAndThenGoesItsOwnWay) {
  World world;
  world.create_root("br-main");
  std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");
  world.put_to_sleep("br-main");

  const Outcome created = world.create_branch("br-dev", {.parent = "br-main"});

  EXPECT_EQ(created.error_code, "") << created.message;
  EXPECT_TRUE(parse_lsn(created.lsn).has_value()) << created.lsn;
  const std::string dev = world.wake("br-dev");
  main = world.wake("br-main");
  sql(dev, "INSERT INTO fish VALUES ('dev')");
  sql(main, "INSERT INTO fish VALUES ('main')");
  EXPECT_EQ(sql(dev, "SELECT name FROM fish ORDER BY 1"), "dev,trout");
  EXPECT_EQ(sql(main, "SELECT name FROM fish ORDER BY 1"), "main,trout");
}

TEST(Branch, OfARunningParentHasWhatWasCommittedAndNothingLater) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE numbers AS SELECT n FROM generate_series(1, 1000) n");

  const Outcome created = world.create_branch("br-dev", {.parent = "br-main"});
  sql(main, "INSERT INTO numbers VALUES (1001)");

  EXPECT_EQ(created.error_code, "") << created.message;
  const std::string dev = world.wake("br-dev");
  EXPECT_EQ(sql(dev, "SELECT count(*), max(n) FROM numbers"), "1000|1000");
  EXPECT_EQ(sql(main, "SELECT count(*) FROM numbers"), "1001");
}

TEST(Branch, IsCreatedTwiceWithTheSameOutcome) {
  World world;
  world.create_root("br-main");
  sql(world.wake("br-main"), "CREATE TABLE fish (name text)");

  const Outcome first = world.create_branch("br-dev", {.parent = "br-main"});
  sql(world.wake("br-dev"), "INSERT INTO fish VALUES ('trout')");
  const Outcome second = world.create_branch("br-dev", {.parent = "br-main"});

  EXPECT_EQ(second.error_code, "") << second.message;
  EXPECT_EQ(first.lsn, second.lsn);
  EXPECT_EQ(sql(world.wake("br-dev"), "SELECT name FROM fish"), "trout");
}

TEST(Branch, LetsLoginsInWhileItIsBeingCopied) {
  World world;
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main,
      "CREATE TABLE big AS SELECT repeat(md5(n::text), 30) FROM generate_series(1, 100000) n");
  std::vector<std::string> order;
  std::promise<void> both;
  const auto note = [&](const std::string& what) {
    order.push_back(what);
    if (order.size() == 2) both.set_value();
  };

  world.loop().do_on_loop([&] {
    world.computes().create_branch("br-dev", {.parent = "br-main"},
                                   [&](const Outcome&) { note("copied"); });
    world.computes().wake({.endpoint = "ep-br-main", .branch = "br-main"},
                          [&](const Outcome&, const std::string&) { note("woken"); });
  });
  ASSERT_EQ(both.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);

  EXPECT_EQ(order, (std::vector<std::string>{"woken", "copied"}));
}

TEST(Branch, WakesAgainThoughItWasPutToSleepAMomentAgo) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");

  world.loop().do_on_loop([&] { world.computes().sleep("ep-br-main", [](const Outcome&) {}); });
  const std::string main = world.wake("br-main");

  EXPECT_EQ(sql(main, "SELECT 1"), "1");
}

TEST(Branch, CostsNoProcessWhileItSleeps) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");
  EXPECT_GT(processes_below(world.data_folder()), 0);

  world.put_to_sleep("br-main");

  EXPECT_EQ(processes_below(world.data_folder()), 0);
}

TEST(Branch, SleepsAgainAfterWorkOfOurOwn) {
  World world;
  world.create_root("br-main");

  world.create_role("br-main", {.name = "anna"});

  EXPECT_GT(processes_below(world.data_folder()), 0);
  EXPECT_TRUE(becomes_true([&] { return processes_below(world.data_folder()) == 0; }));
  EXPECT_FALSE(world.inspect("br-main").has_value());
}

TEST(Branch, IsGoneWithAllItsFilesWhenDestroyed) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");

  outcome_of(world.loop(),
             [&](const Computes::Done& done) { world.computes().destroy_branch("br-main", done); });

  EXPECT_FALSE(std::filesystem::exists(world.cluster("br-main")));
  EXPECT_EQ(processes_below(world.data_folder()), 0);
  EXPECT_EQ(world.wake_outcome({.endpoint = "ep-1", .branch = "br-main"}).error_code, "NOT_FOUND");
}

TEST(Branch, NameCannotLeaveItsFolder) {
  World world;

  EXPECT_EQ(world.create_root("../outside").error_code, "INVALID_PARAMETER_VALUE");
}

}  // namespace
}  // namespace emulator::test
