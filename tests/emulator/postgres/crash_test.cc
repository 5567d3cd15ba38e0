// What is left, and what is not, after something was killed with -9.
#include <cstdlib>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "emulator/postgres/files.h"
#include "emulator/postgres/server.h"
#include "support.h"

namespace emulator::test {
namespace {

namespace fs = std::filesystem;

pid_t postmaster_of(const fs::path& cluster) {
  return static_cast<pid_t>(std::stol(read_file(cluster / "data/postmaster.pid").value_or("0")));
}

/// Runs DISABLED_Emulator of this very program in a process of its own.
pid_t start_emulator(const fs::path& folder) {
  std::string program = fs::read_symlink("/proc/self/exe").string();
  std::string filter = "--gtest_filter=DISABLED_Emulator.Runs";
  std::string disabled = "--gtest_also_run_disabled_tests";
  char* arguments[] = {program.data(), filter.data(), disabled.data(), nullptr};
  std::string variable = "WEIR_TEST_FOLDER=" + folder.string();
  std::string path = "PATH=/usr/bin:/bin";
  char* environment[] = {variable.data(), path.data(), nullptr};
  pid_t emulator = -1;
  posix_spawn(&emulator, program.c_str(), nullptr, nullptr, arguments, environment);
  return emulator;
}

void kill_and_reap(pid_t process) {
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
}

TEST(DISABLED_Emulator, Runs) {
  const char* folder = std::getenv("WEIR_TEST_FOLDER");
  ASSERT_NE(folder, nullptr);
  World world(folder);
  world.create_root("br-main");
  const std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE IF NOT EXISTS fish AS SELECT 'trout' AS name");
  world.create_compute({.endpoint = "ep-r", .branch = "br-main", .is_read_only = true});
  world.wake({.endpoint = "ep-r", .branch = "br-main", .is_read_only = true});
  write_file(fs::path(folder) / "awake", "");
  for (;;) pause();
}

TEST(Crash, OfTheServerLosesNothingThatWasCommitted) {
  World world;
  world.create_root("br-main");
  std::string main = world.wake("br-main");
  sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");

  ASSERT_EQ(kill(postmaster_of(world.cluster("br-main")), SIGKILL), 0);
  // Asked again and again, as by a gatekeeper whose sessions broke.
  ASSERT_TRUE(becomes_true([&] {
    main = world.wake_outcome({.endpoint = "ep-br-main", .branch = "br-main"}).lsn;
    try {
      return sql(main, "SELECT name FROM fish") == "trout";
    } catch (const std::exception&) {
      return false;
    }
  }));

  world.put_to_sleep("br-main");
  EXPECT_EQ(processes_below(world.data_folder()), 0);
}

TEST(Crash, OfTheEmulatorLeavesNoServerAndLosesNothing) {
  const TemporaryFolder folder;
  const pid_t emulator = start_emulator(folder.path());
  ASSERT_GT(emulator, 0);
  ASSERT_TRUE(
      becomes_true([&] { return fs::exists(folder.path() / "awake"); }, std::chrono::seconds(60)));
  EXPECT_GT(processes_below(folder.path()), 0);

  kill_and_reap(emulator);

  EXPECT_TRUE(becomes_true([&] { return processes_below(folder.path()) == 0; }));
  World world(folder.path());
  EXPECT_EQ(sql(world.wake("br-main"), "SELECT name FROM fish"), "trout");
  const std::string reader =
      world.wake({.endpoint = "ep-r", .branch = "br-main", .is_read_only = true});
  EXPECT_EQ(sql(reader, "SELECT name FROM fish"), "trout");
}

TEST(Crash, IsFollowedByAStartAtOnce) {
  const TemporaryFolder folder;
  const pid_t emulator = start_emulator(folder.path());
  ASSERT_TRUE(
      becomes_true([&] { return fs::exists(folder.path() / "awake"); }, std::chrono::seconds(60)));
  kill_and_reap(emulator);

  World world(folder.path());  // the old servers may be dying still

  EXPECT_EQ(sql(world.wake("br-main"), "SELECT name FROM fish"), "trout");
}

TEST(Crash, LeavesAProcessNumberThatMayBelongToSomebodyElse) {
  World world;
  world.create_root("br-main");
  world.wake("br-main");
  world.put_to_sleep("br-main");
  // Our own number stands for a program that got the number of a dead server.
  const fs::path data = world.cluster("br-main") / "data";
  write_file(data / "postmaster.pid",
             std::to_string(getpid()) + "\n" + data.string() + "\n1\n5432\n\n\n1 1\nready   \n",
             0644);

  const std::string main = world.wake("br-main");

  EXPECT_EQ(sql(main, "SELECT 1"), "1");
}

TEST(Crash, InTheMiddleOfACreationLeavesNothing) {
  const TemporaryFolder folder;
  {
    World world(folder.path());
    world.create_root("br-main");
  }
  fs::create_directories(folder.path() / "clusters/br-half.partial/data");
  fs::create_directories(folder.path() / "clusters/br-main/bases/half.partial");

  World world(folder.path());

  EXPECT_EQ(world.create_branch("br-half", {.parent = "br-main"}).error_code, "");
  EXPECT_FALSE(fs::exists(folder.path() / "clusters/br-half.partial"));
  EXPECT_FALSE(fs::exists(folder.path() / "clusters/br-main/bases/half.partial"));
}

TEST(World, CanLieInAFolderWithALongName) {
  const TemporaryFolder folder;
  const fs::path data = folder.path() / std::string(100, 'x') / "it's 100% \"long\"";
  fs::create_directories(data);
  fs::permissions(data.parent_path(), fs::perms::others_exec, fs::perm_options::add);
  fs::permissions(data, fs::perms::others_exec, fs::perm_options::add);
  fs::path sockets;
  {
    World world(data);
    world.create_root("br-main");
    const std::string main = world.wake("br-main");
    sql(main, "CREATE TABLE fish AS SELECT 'trout' AS name");
    const std::string lsn = sql(main, "SELECT pg_current_wal_lsn()");
    sql(main, "INSERT INTO fish VALUES ('pike')");
    const Outcome created = world.create_branch("br-past", {.parent = "br-main", .lsn = lsn});
    EXPECT_EQ(created.error_code, "") << created.message;
    EXPECT_EQ(sql(world.wake("br-past"), "SELECT name FROM fish"), "trout");
    world.put_to_sleep("br-main");
    EXPECT_FALSE(fs::is_empty(data / "clusters/br-main/archive"));
    sockets = fs::path(main).parent_path();
    EXPECT_EQ(fs::status(sockets).permissions() & fs::perms::all, fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(sockets));
}

TEST(Computes, AreDestroyedWhileTheyAreAwake) {
  World world;
  world.create_root("br-main");
  for (int round = 0; round < 5; ++round) {
    world.wake("br-main");
    const Outcome destroyed = outcome_of(world.loop(), [&](const Computes::Done& done) {
      world.computes().destroy_compute("ep-br-main", done);
    });
    EXPECT_EQ(destroyed.error_code, "") << destroyed.message;
  }
}

TEST(Computes, StartThoughACrashLeftAnUnfinishedCluster) {
  const TemporaryFolder folder;
  const fs::path clusters = folder.path() / "clusters";
  const fs::path unfinished = clusters / "br-half.partial";
  fs::create_directories(unfinished / "data");
  write_file(unfinished / "data" / "postmaster.pid", "1\n");
  fs::create_directories(clusters / "br-gone.partial.1.removed" / "standbys" / "ep-x");
  World world(folder.path());
  EXPECT_EQ(world.create_root("br-main").error_code, "");
  EXPECT_TRUE(becomes_true([&] {
    return !fs::exists(unfinished) && !fs::exists(clusters / "br-gone.partial.1.removed");
  }));
}

}  // namespace
}  // namespace emulator::test
