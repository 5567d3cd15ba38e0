#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "manifest/format.h"
#include "tests/convert/converting.h"

namespace weir {
namespace {

using test::converted;
using test::mistakes_in;

namespace fs = std::filesystem;

struct Case {
  std::string name;
  std::vector<std::string> files;
  bool is_whole = true;  ///< the source has all that a manifest needs
  convert::Wish wish = {};
};

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = {
      {"bundle", {"databricks.yml", "inside.yml"}, false},  // a database has no owner
      {"bundle_instance", {"databricks.yml"}},
      {"deployment", {"deployment.yaml"}, false},   // nobody says which app it is
      {"deployments", {"deployment.yaml"}, false},  // nor in one of these environments
      {"pgroles", {"roles.yaml"}, false, {.into = "projects/shop/branches/production"}},
      {"terraform", {"state.json"}},
      {"terraform_postgresql", {"plan.json"}, true, {.name = "shop"}},
  };
  return cases;
}

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void expect_golden(const fs::path& file, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read(file), text) << "UPDATE_GOLDEN=1 writes " << file;
}

test::Conversion convert_case(const Case& each) {
  std::vector<std::pair<std::string, std::string>> texts;
  texts.reserve(each.files.size());
  for (const std::string& file : each.files) {
    texts.emplace_back(file, read(fs::path(CASES_FOLDER) / each.name / file));
  }
  return converted(texts, each.wish);
}

class ConvertCase : public testing::TestWithParam<Case> {};

/// What a manifest lacks is part of what is said, so that it is reviewed as well.
TEST_P(ConvertCase, MakesThisManifestAndSaysThis) {
  const fs::path folder = fs::path(CASES_FOLDER) / GetParam().name;
  const test::Conversion result = convert_case(GetParam());
  expect_golden(folder / "weir.yaml", result.yaml);
  const std::string missing = mistakes_in(result.yaml);
  EXPECT_EQ(missing.find("error") == std::string::npos, GetParam().is_whole) << missing;
  expect_golden(folder / "said.txt",
                result.said + (missing.empty() ? "" : "\nThe manifest still needs:\n" + missing));
}

TEST_P(ConvertCase, IsWrittenAsTheFormatterLeavesIt) {
  const test::Conversion result = convert_case(GetParam());
  Sources sources;
  Diagnostics diagnostics;
  const auto formatted =
      format_manifest(sources, sources.add("weir.yaml", result.yaml), diagnostics);
  ASSERT_TRUE(formatted);
  EXPECT_EQ(*formatted, result.yaml);
}

/// Every fixture has this word wherever a tool may keep a secret.
TEST_P(ConvertCase, KeepsSecretsToItself) {
  const test::Conversion result = convert_case(GetParam());
  EXPECT_EQ(result.yaml.find("CANARY"), std::string::npos) << result.yaml;
  EXPECT_EQ(result.said.find("CANARY"), std::string::npos) << result.said;
}

INSTANTIATE_TEST_SUITE_P(Files, ConvertCase, testing::ValuesIn(all_cases()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace weir
