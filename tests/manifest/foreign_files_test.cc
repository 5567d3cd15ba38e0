// Folders have other people's YAML too.
#include <gtest/gtest.h>

#include "manifest/header.h"
#include "manifest/manifest.h"
#include "tests/support/rendered.h"
#include "tests/support/temporary_folder.h"

namespace weir::test {
namespace {

TEST(Header, IsFoundHoweverItIsWritten) {
  for (const char* text :
       {"version: weir/v1\n", "# ours\nname: x\nversion:   'weir/v2'\n", "{version: weir/v1}",
        "{\n  \"name\": \"x\",\n  \"version\": \"weir/v1\"\n}\n", "\xEF\xBB\xBFversion: weir/v1",
        "version: weir/v1\r\nprojects: {{ broken"}) {
    EXPECT_TRUE(says_it_is_a_manifest(text)) << text;
  }
}

TEST(Header, IsNotWhatOthersWrite) {
  for (const char* text : {"", "version: '3'\nservices: {}\n", "a:\n  version: weir/v1\n",
                           "versions: weir/v1\n", "# version: weir/v1\n", "{{ .Values }}\n"}) {
    EXPECT_FALSE(says_it_is_a_manifest(text)) << text;
  }
}

struct Read {
  Sources sources;
  Diagnostics diagnostics;
  Node root;
  std::string said() const { return rendered(diagnostics, sources); }
};

Read read(const std::vector<std::filesystem::path>& paths) {
  Read result;
  result.root = read_files({.files = paths, .getenv = {}}, result.sources, result.diagnostics);
  return result;
}

TEST(ForeignFiles, OfAFolderAreOneMistakeWhateverIsInThem) {
  const TemporaryFolder folder;
  folder.write("weir.yaml", "version: weir/v1\nname: shop\nprojects: {}\n");
  for (int i = 0; i < 6; ++i) {
    folder.write("chart" + std::to_string(i) + ".yaml", "{{ if .Values.x }}\na: [\n");
  }
  folder.write("compose.yml", "version: '3'\nservices: {}\n");

  const Read result = read({folder.path()});

  const std::vector<Diagnostic> all = result.diagnostics.sorted();
  ASSERT_EQ(all.size(), 1U) << result.said();
  EXPECT_EQ(all.front().rule, "M006");
  EXPECT_NE(all.front().message.find("chart0.yaml, "), std::string::npos) << all.front().message;
  EXPECT_NE(all.front().message.find(" and 2 more do not begin with version: weir/v1"),
            std::string::npos)
      << all.front().message;
  EXPECT_NE(result.root.find("projects"), nullptr);
}

TEST(ForeignFiles, ThatLookLikeOursAreReadSoThatNothingIsForgotten) {
  const TemporaryFolder folder;
  folder.write("more.yaml", "projects: {shop: {}}\n");
  const Read result = read({folder.path()});
  EXPECT_NE(result.said().find("more.yaml:1:1: error[M006] version: weir/v1 is missing"),
            std::string::npos)
      << result.said();
  EXPECT_NE(result.root.find("projects"), nullptr);
}

TEST(ForeignFiles, ThatAreNamedAreReadLikeManifests) {
  const TemporaryFolder folder;
  const std::string file = folder.write("values.yaml", "a: [\n");
  EXPECT_NE(read({file}).said().find("values.yaml:"), std::string::npos);
}

}  // namespace
}  // namespace weir::test
