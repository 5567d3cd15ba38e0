#include "manifest/files.h"

#include <iostream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/rendered.h"
#include "tests/support/temporary_folder.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

struct ReadFiles {
  Sources sources;
  Diagnostics diagnostics;
  std::vector<ReadText> texts;

  /// The names without the folder, each behind a space.
  std::string names(const fs::path& folder) const {
    std::string text;
    for (const ReadText& each : texts) {
      text += " " + fs::path(sources.name(each.file)).lexically_relative(folder).generic_string();
    }
    return text;
  }
  std::string said() const { return rendered(diagnostics, sources); }
};

ReadFiles read(const std::vector<fs::path>& paths, const FileLimits& limits = {}) {
  ReadFiles result;
  result.texts = read_texts(paths, limits, result.sources, result.diagnostics);
  return result;
}

TEST(Files, OfAFolderAreSortedAndLeaveOutWhatIsNoManifest) {
  const TemporaryFolder folder;
  for (const char* name : {"sub", ".hidden"}) fs::create_directory(folder.path() / name);
  for (const char* name : {"b.yaml", "a.yml", "sub/c.yaml", "notes.txt", ".hidden/d.yaml",
                           ".e.yaml", "plan.json", ".yaml"}) {
    folder.write(name, "x");
  }

  const ReadFiles result = read({folder.path()});

  EXPECT_EQ(result.names(folder.path()), " a.yml b.yaml sub/c.yaml");
  EXPECT_EQ(result.said(), "");
}

TEST(Files, OfJsonAreReadWhereTheyAreNamed) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.json", "{}");

  EXPECT_EQ(read({file}).texts.size(), 1U);
}

TEST(Files, KnowWhetherTheyWereNamedOrFound) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.yaml", "x");

  EXPECT_TRUE(read({file}).texts.at(0).is_named);
  EXPECT_FALSE(read({folder.path()}).texts.at(0).is_named);
}

TEST(Files, ThatTwoNamesLeadToAreReadOnce) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.yaml", "x");
  fs::create_symlink("a.yaml", folder.path() / "b.yaml");

  EXPECT_EQ(read({folder.path(), file, file}).texts.size(), 1U);
}

TEST(Files, BehindALinkOutOfTheFolderAreRefused) {
  const TemporaryFolder outside;
  const TemporaryFolder folder;
  fs::create_symlink(outside.write("secret.yaml", "x"), folder.path() / "link.yaml");
  fs::create_symlink(outside.path() / "none.yaml", folder.path() / "broken.yaml");
  fs::create_directory_symlink(outside.path(), folder.path() / "others");
  folder.write("own.yaml", "x");

  const ReadFiles result = read({folder.path()});

  EXPECT_EQ(result.names(folder.path()), " own.yaml");
  EXPECT_NE(result.said().find("error[M003] the link"), std::string::npos) << result.said();
  EXPECT_NE(result.said().find("error[M002] the link"), std::string::npos) << result.said();
}

TEST(Files, ThatAreMissingEmptyOrNoFilesAreExplained) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path() / "pipe.yaml";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  fs::create_directory(folder.path() / "empty");

  EXPECT_NE(read({folder.path() / "none.yaml"}).said().find("none.yaml does not exist"),
            std::string::npos);
  EXPECT_NE(read({folder.path() / "empty"}).said().find("has no *.yaml or *.yml file"),
            std::string::npos);
  EXPECT_NE(read({pipe}).said().find("is no regular file"), std::string::npos);
  EXPECT_NE(read({"/dev/zero"}).said().find("is no regular file"), std::string::npos);
}

/// What a user who is not root finds in a folder that everybody may read.
ReadFiles read_as_nobody(const TemporaryFolder& folder, const fs::path& path) {
  fs::permissions(folder.path(), fs::perms{0755});
  const uid_t before = geteuid();
  if (before == 0 && seteuid(65534) != 0) throw std::runtime_error("cannot become nobody");
  ReadFiles result = read({path});
  if (before == 0 && seteuid(before) != 0) throw std::runtime_error("cannot become root again");
  return result;
}

TEST(Files, BesideAClosedFolderAreReadAndItIsNamed) {
  const TemporaryFolder folder;
  folder.write("weir.yaml", "x");
  fs::create_directory(folder.path() / "closed");
  fs::permissions(folder.path() / "closed", fs::perms::none);

  const ReadFiles result = read_as_nobody(folder, folder.path());

  EXPECT_EQ(result.names(folder.path()), " weir.yaml");
  EXPECT_FALSE(result.diagnostics.has_errors());
  EXPECT_NE(result.said().find("/closed cannot be read and is left out: Permission denied"),
            std::string::npos)
      << result.said();
}

TEST(Files, ThatNobodyMayLookAtAreNotCalledMissing) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "closed");
  folder.write("closed/weir.yaml", "x");
  fs::permissions(folder.path() / "closed", fs::perms::none);

  const ReadFiles result = read_as_nobody(folder, folder.path() / "closed" / "weir.yaml");

  EXPECT_NE(result.said().find("cannot be looked at: Permission denied"), std::string::npos)
      << result.said();
}

TEST(Files, AreLimitedInNumberAndSize) {
  const TemporaryFolder folder;
  for (const char* name : {"a.yaml", "b.yaml", "c.yaml"}) folder.write(name, "12345");

  const ReadFiles many = read({folder.path()}, {.count = 2});
  const ReadFiles large = read({folder.path()}, {.bytes = 12});

  EXPECT_EQ(many.texts.size(), 2U);
  EXPECT_NE(many.said().find("error[M004]"), std::string::npos) << many.said();
  EXPECT_EQ(large.texts.size(), 2U);
  EXPECT_NE(large.said().find("error[M004]"), std::string::npos) << large.said();
}

TEST(Files, CanComeFromStandardInput) {
  std::istringstream input("name: shop");
  std::streambuf* before = std::cin.rdbuf(input.rdbuf());
  const ReadFiles result = read({"-"});
  std::cin.rdbuf(before);

  ASSERT_EQ(result.texts.size(), 1U);
  EXPECT_EQ(result.sources.name(result.texts.front().file), "<stdin>");
  EXPECT_EQ(result.sources.text(result.texts.front().file), "name: shop");
}

}  // namespace
}  // namespace weir::test
