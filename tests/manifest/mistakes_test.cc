// Every file in mistakes/ is read, and what is said about it is kept beside it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "manifest/manifest_rules.h"
#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(MISTAKES_FOLDER)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The first line may choose an environment.
std::string environment_of(const std::string& text) {
  const std::string begin = "# environment: ";
  return text.starts_with(begin) ? text.substr(begin.size(), text.find('\n') - begin.size()) : "";
}

std::string said_about(const std::string& name) {
  const fs::path file = fs::path(MISTAKES_FOLDER) / (name + ".yaml");
  const LoadOptions options{
      .files = {file}, .environment = environment_of(content_of(file)), .getenv = {}};
  Sources sources;
  Diagnostics diagnostics;
  load_manifest(options, lakebase_catalogue(), sources, diagnostics);
  std::string said = rendered(diagnostics, sources);
  const std::string folder = fs::path(MISTAKES_FOLDER).generic_string() + "/";
  for (std::size_t at = said.find(folder); at != std::string::npos; at = said.find(folder)) {
    said.erase(at, folder.size());
  }
  return said;
}

class Mistakes : public testing::TestWithParam<std::string> {};

TEST_P(Mistakes, AreAllReportedWithPlaceReasonAndHint) {
  const std::string said = said_about(GetParam());
  const fs::path golden = fs::path(MISTAKES_FOLDER) / (GetParam() + ".txt");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(golden, std::ios::binary) << said;
  EXPECT_FALSE(said.empty());
  EXPECT_EQ(content_of(golden), said);
}

INSTANTIATE_TEST_SUITE_P(Golden, Mistakes, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param; });

TEST(ManifestRules, HaveTextsInTheOrderOfTheirIds) {
  std::string last;
  for (const RuleText& rule : all_manifest_rules()) {
    EXPECT_LT(last, rule.id);
    EXPECT_TRUE(rule.summary.ends_with('.')) << rule.id;
    last = rule.id;
  }
}

TEST(ManifestRules, AreAllInTheTextsThatTheGoldenFilesName) {
  std::string known;
  for (const RuleText& rule : all_manifest_rules()) known += "[" + std::string(rule.id) + "]";
  for (const std::string& name : cases()) {
    const std::string said = said_about(name);
    for (std::size_t at = said.find("[M"); at != std::string::npos; at = said.find("[M", at + 1)) {
      EXPECT_NE(known.find(said.substr(at, 6)), std::string::npos) << said.substr(at, 6);
    }
  }
}

}  // namespace
}  // namespace weir::test
