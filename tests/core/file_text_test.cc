#include "core/file_text.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace weir {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 20U;

TEST(FileText, IsTheWholeText) {
  const test::TemporaryFolder folder;
  const std::string text(200'000, 'x');
  EXPECT_EQ(read_file_text(folder.write("a", text), kMost).text, text);
  EXPECT_EQ(read_file_text(folder.write("empty", ""), kMost).problem, "");
}

TEST(FileText, SaysWhatIsMissing) {
  const FileText read = read_file_text("/nowhere/at/all", kMost);
  EXPECT_TRUE(read.is_missing);
  EXPECT_EQ(read.problem, "No such file or directory");
}

TEST(FileText, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const test::TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_file_text(pipe, kMost).problem, "it is no regular file");
  EXPECT_EQ(read_file_text("/dev/zero", kMost).problem, "it is no regular file");
  EXPECT_EQ(read_file_text(folder.path(), kMost).problem, "it is a folder");
  EXPECT_FALSE(read_file_text(pipe, kMost).is_missing);
}

TEST(FileText, ReadsNoMoreThanIsAllowed) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_file_text(folder.write("fits", std::string(kMost, 'x')), kMost).problem, "");
  const FileText read = read_file_text(folder.write("large", std::string(kMost + 1, 'x')), kMost);
  EXPECT_EQ(read.problem, "it is larger than 1 MiB");
  EXPECT_EQ(read.text, "");
}

}  // namespace
}  // namespace weir
