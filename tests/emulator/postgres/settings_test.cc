#include "emulator/postgres/settings.h"

#include <gtest/gtest.h>

#include "emulator/postgres/failure.h"
#include "support.h"

namespace emulator::test {
namespace {

ComputeDefinition compute_with(Settings settings) {
  return {.endpoint = "ep-main", .branch = "br-main", .settings = std::move(settings)};
}

TEST(Settings, AreAppliedAtTheNextStart) {
  World world;
  world.create_root("br-main");
  world.create_compute(compute_with({}));
  world.wake(compute_with({}));
  world.sleep("ep-main");

  const std::string main =
      world.wake(compute_with({{"work_mem", "7MB"}, {"max_connections", "42"}}));

  EXPECT_EQ(sql(main, "SHOW work_mem"), "7MB");
  EXPECT_EQ(sql(main, "SHOW max_connections"), "42");
}

TEST(Settings, ThatPostgresDoesNotKnowAreRefused) {
  World world;
  world.create_root("br-main");

  const Outcome unknown = world.create_compute(compute_with({{"no_such_setting", "1"}}));
  const Outcome wrong = world.create_compute(compute_with({{"work_mem", "a lot"}}));

  EXPECT_EQ(unknown.error_code, "INVALID_PARAMETER_VALUE");
  EXPECT_NE(unknown.message.find("no_such_setting"), std::string::npos) << unknown.message;
  EXPECT_EQ(wrong.error_code, "INVALID_PARAMETER_VALUE");
  EXPECT_NE(wrong.message.find("work_mem"), std::string::npos) << wrong.message;
}

TEST(Settings, ThatWouldBreakTheClusterOpenAreRefused) {
  World world;
  world.create_root("br-main");

  for (const std::string name : {"listen_addresses", "Archive_Command", "data_directory",
                                 "shared_preload_libraries", "unix_socket_directories", "a b"}) {
    EXPECT_EQ(world.create_compute(compute_with({{name, "x"}})).error_code,
              "INVALID_PARAMETER_VALUE")
        << name;
  }
  EXPECT_EQ(world.create_compute(compute_with({{"work_mem", "1MB\nport=1"}})).error_code,
            "INVALID_PARAMETER_VALUE");
}

TEST(Settings, ThatFailAtTheStartLeaveThePreviousOnesInForce) {
  World world;
  world.create_root("br-main");
  world.wake(compute_with({{"work_mem", "7MB"}}));
  world.sleep("ep-main");

  // Well-formed, but no machine has it.
  const Outcome failed = world.wake_outcome(compute_with({{"shared_buffers", "8000GB"}}));

  EXPECT_EQ(failed.error_code, "INVALID_PARAMETER_VALUE");
  EXPECT_NE(failed.message, "");
  EXPECT_EQ(world.create_role("br-main", {.name = "anna"}).error_code, "");
  EXPECT_EQ(sql(world.wake(compute_with({{"work_mem", "7MB"}})), "SHOW work_mem"), "7MB");
}

TEST(Settings, AreRaisedButNeverLowered) {
  Settings settings = {{"max_connections", "100"}, {"max_worker_processes", "4"}};

  raise_to(settings, {{"max_connections", "50"}, {"max_worker_processes", "8"}, {"other", "0"}});

  EXPECT_EQ(settings,
            (Settings{{"max_connections", "100"}, {"max_worker_processes", "8"}, {"other", "0"}}));
}

}  // namespace
}  // namespace emulator::test
