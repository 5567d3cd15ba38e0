#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/line_diff.h"
#include "cli/whole_file.h"
#include "core/error.h"
#include "tests/cli/golden.h"
#include "tests/support/temporary_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

TEST(LineDiff, ShowsWhatGoesAndWhatComes) {
  EXPECT_EQ(line_diff("a\nb\nc\n", "a\nB\nc\n", "f", Terminal{}),
            "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  EXPECT_EQ(line_diff("a\n", "b\n", "f", Terminal{}), "--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n");
  EXPECT_EQ(line_diff("a\n", "a\n", "f", Terminal{}), "");
}

TEST(WholeFile, KeepsTheModeAndLeavesNothingBeside) {
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("weir-whole-{}", getpid());
  fs::create_directories(folder);
  write_whole_file(folder / "a", "one");
  chmod((folder / "a").c_str(), 0640);
  write_whole_file(folder / "a", "two");
  EXPECT_EQ(test::read_golden(folder / "a"), "two");
  EXPECT_EQ(fs::status(folder / "a").permissions(), static_cast<fs::perms>(0640));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  EXPECT_THROW(write_whole_file(folder / "no" / "b", "x"), ConfigurationError);
  EXPECT_THROW(write_whole_file(folder, "x"), ConfigurationError);
  fs::remove_all(folder);
}

TEST(WholeFile, MayBeForItsOwnerAlone) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "plan";
  write_whole_file(file, "one", Readers::kOwner);
  EXPECT_EQ(fs::status(file).permissions(), static_cast<fs::perms>(0600));
  chmod(file.c_str(), 0644);
  write_whole_file(file, "two", Readers::kOwner);
  EXPECT_EQ(fs::status(file).permissions(), static_cast<fs::perms>(0644));
}

TEST(WholeFile, ReplacesNothingThatSomebodyElseWrote) {
  const test::TemporaryFolder folder;
  const IsOurs is_ours = [](std::string_view text) { return text.starts_with("ours"); };
  EXPECT_NO_THROW(check_may_replace(folder.path() / "new", is_ours));
  EXPECT_NO_THROW(check_may_replace(folder.write("empty", ""), is_ours));
  EXPECT_NO_THROW(check_may_replace(folder.write("a", "ours"), is_ours));
  EXPECT_THROW(check_may_replace(folder.write("b", "version: weir/v1"), is_ours), UsageError);
  EXPECT_THROW(check_may_replace("-", is_ours), UsageError);
}

}  // namespace
}  // namespace weir
