#include "emulator/options.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "emulator/latency.h"

namespace emulator {
namespace {

std::string mistake_of(const std::vector<std::string>& arguments) {
  try {
    parse_command_line(arguments);
    return "";
  } catch (const std::invalid_argument& mistake) {
    return mistake.what();
  }
}

TEST(CommandLine, ReadsEveryOption) {
  const CommandLine line = parse_command_line(
      {"serve", "--data", "d", "--listen=127.0.0.2:1", "--postgres-port", "7000", "--no-postgres",
       "--latency", "create=2s", "--clock", "2026-08-20T12:00:00Z", "--seed", "7", "--assume",
       "get_deleted=shown", "--postgres-network", "127.5.0.0"});
  EXPECT_EQ(line.program.data, "d");
  EXPECT_EQ(line.listen.host, "127.0.0.2");
  EXPECT_EQ(line.program.postgres_port, 7000);
  EXPECT_FALSE(line.program.has_postgres);
  EXPECT_EQ(line.program.latencies.back(), "create=2s");
  EXPECT_EQ(line.program.clock, ClockKind::kVirtual);
  EXPECT_EQ(to_text(line.program.clock_start.value_or(Instant{})), "2026-08-20T12:00:00Z");
  EXPECT_EQ(line.program.seed, 7U);
  EXPECT_EQ(line.program.first_address, "127.5.0.0");
}

TEST(CommandLine, ReadsSourceTablesFromAFile) {
  const std::string file = testing::TempDir() + "weir_source_tables.json";
  std::ofstream(file) << R"({"catalogs": ["main"]})";
  EXPECT_EQ(parse_command_line({"serve", "--data", "d", "--tables", file}).program.tables,
            Json::parse(R"({"catalogs": ["main"]})"));
  std::ofstream(file) << "catalogs";
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--tables", file}).find("it is not JSON"),
            std::string::npos);
  std::filesystem::remove(file);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--tables", file}).find("cannot read the file"),
            std::string::npos);
}

TEST(CommandLine, SaysWhatIsWrongAndWhatWouldBeRight) {
  EXPECT_NE(mistake_of({"run"}).find("serve"), std::string::npos);
  EXPECT_NE(mistake_of({"serve"}).find("--data DIR"), std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data"}).find("needs a value"), std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--dta", "d"}).find("unknown option --dta"), std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--clock", "x"}).find("virtual"),
            std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--seed", "x"}).find("number"), std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--postgres-port", "0"}).find("--postgres-port 0"),
            std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--latency", "create=soon"})
                .find("--latency create=soon: soon is not a duration"),
            std::string::npos);
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--postgres-network", "10.0.0.0"}).find("127."),
            std::string::npos);
}

TEST(CommandLine, RefusesToListenBeyondLoopbackUnlessAllowed) {
  EXPECT_NE(mistake_of({"serve", "--data", "d", "--listen", "0.0.0.0:1"}).find("--allow-remote"),
            std::string::npos);
  EXPECT_EQ(mistake_of({"serve", "--data", "d", "--listen", "0.0.0.0:1", "--allow-remote"}), "");
}

TEST(Latencies, AreByVerbAndByKind) {
  Latency latency;
  latency.set("create=2s,branch.create=500ms");
  EXPECT_EQ(latency.of("branch", "create"), (Duration{0, 500'000'000}));
  EXPECT_EQ(latency.of("role", "create"), (Duration{2, 0}));
  EXPECT_EQ(latency.of("role", "delete"), Duration{});
  for (const char* wrong : {"create", "create=2", "fly=2s", "tree.create=2s", "create=-1s"}) {
    EXPECT_THROW(latency.set(wrong), std::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace emulator
