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

}  // namespace
}  // namespace emulator
