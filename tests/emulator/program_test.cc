#include "emulator/program.h"

#include <filesystem>
#include <stdexcept>
#include <unistd.h>

#include <gtest/gtest.h>

namespace emulator {
namespace {

class DataFolder {
 public:
  DataFolder()
      : path_(std::filesystem::temp_directory_path() / ("weir-data-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  ProgramOptions options() const { return {.data = path_, .has_postgres = false}; }

 private:
  std::filesystem::path path_;
};

std::filesystem::perms mode_of(const std::filesystem::path& path) {
  return std::filesystem::status(path).permissions();
}

TEST(Program, LeavesTheModeOfAFolderThatExistsAlone) {
  const DataFolder folder;
  std::filesystem::create_directories(folder.path());
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
  Loop loop;
  const Program program(loop, folder.options());
  EXPECT_EQ(mode_of(folder.path()), std::filesystem::perms::owner_all);
}

TEST(Program, KeepsItsSecretsFromOthers) {
  const DataFolder folder;
  Loop loop;
  const Program program(loop, folder.options());
  program.write_client_environment("http://127.0.0.1:1");
  const auto mine = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  for (const char* name : {"token", "client.env", "control.sqlite", "lock"}) {
    EXPECT_EQ(mode_of(folder.path() / name), mine) << name;
  }
}

TEST(Program, KeepsItsTokenFromStartToStart) {
  const DataFolder folder;
  Loop loop;
  const std::string first = Program(loop, folder.options()).token();
  EXPECT_EQ(Program(loop, folder.options()).token(), first);
}

TEST(Program, RefusesAFolderThatAnotherOneUses) {
  const DataFolder folder;
  Loop loop;
  const Program program(loop, folder.options());
  EXPECT_THROW(Program(loop, folder.options()), std::runtime_error);
}

TEST(Program, RefusesAPostgresFolderWithoutItsPrograms) {
  const DataFolder folder;
  Loop loop;
  ProgramOptions options = folder.options();
  options.has_postgres = true;
  options.postgres_bin = "/nonexistent";
  EXPECT_THROW(Program(loop, options), std::runtime_error);
}

TEST(Program, NamesTheOperationThatItCannotUnderstand) {
  const DataFolder folder;
  Loop loop;
  const std::string file = (folder.path() / "control.sqlite").string();
  { const Program program(loop, folder.options()); }
  Store(file).put_operation({.name = "projects/a/operations/odd", .resource = "projects/a"});
  std::string message;
  try {
    const Program program(loop, folder.options());
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  EXPECT_NE(message.find(file), std::string::npos) << message;
  EXPECT_NE(message.find("projects/a/operations/odd"), std::string::npos) << message;
}

Response answer_of(Loop& loop, Program& program, const std::string& method, const std::string& path,
                   const std::string& body) {
  Request request{.method = method, .path = path};
  const std::size_t question = path.find('?');
  if (question != std::string::npos) {
    request.path = path.substr(0, question);
    request.raw_query = path.substr(question + 1);
    request.query = parse_form(request.raw_query).value_or(decltype(request.query){});
  }
  request.headers = {{"host", "127.0.0.1"}, {"authorization", "Bearer " + program.token()}};
  request.body = body;
  std::optional<Response> answer;
  program.handle(request, [&](Response response) { answer = std::move(response); });
  while (!answer) loop.turn(std::chrono::milliseconds(100));
  return *answer;
}

constexpr const char* kCreateShop = "/api/2.0/postgres/projects?project_id=shop";

TEST(Program, LooksAtHistoryOnceInALeapOfTheClock) {
  const DataFolder folder;
  Loop loop;
  ProgramOptions options = folder.options();
  options.clock = ClockKind::kVirtual;
  {
    Program program(loop, options);
    ASSERT_EQ(answer_of(loop, program, "POST", kCreateShop, "{}").status, 200);
    ASSERT_EQ(answer_of(loop, program, "POST", "/_emulator/clock", R"({"advance":"3650d"})").status,
              200);
  }
  const Store store((folder.path() / "control.sqlite").string());
  EXPECT_LE(store.facts("clock/move/").size(), 3U);
  const Instant now = parse_timestamp(store.fact("clock/now")).value_or(Instant{});
  EXPECT_EQ(store.find_timer("projects/shop", "history").value_or(Timer{}).due,
            (now + Duration{86'400, 0}));
}

TEST(Program, EndsAnOperationThatBeganBeforeTheClockWasSetBack) {
  const DataFolder folder;
  ProgramOptions options = folder.options();
  options.latencies = {"create=1m"};
  std::string name;
  {
    Loop loop;
    Program program(loop, options);
    const Response begun = answer_of(loop, program, "POST", kCreateShop, "{}");
    name = Json::parse(begun.body).at("name").get<std::string>();
  }
  const std::string file = (folder.path() / "control.sqlite").string();
  const Instant now = to_instant(std::chrono::system_clock::now());
  Store(file).set_timer({name, "finish", now + Duration{7200, 0}});
  {
    Loop loop;
    const Program program(loop, options);
    for (int i = 0; i < 20; ++i) loop.turn(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(Store(file).find_operation(name).value_or(OperationRow{}).is_done);
}

}  // namespace
}  // namespace emulator
