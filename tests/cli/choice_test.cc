#include "cli/choice.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/temporary_folder.h"

namespace weir {
namespace {

Manifest a_manifest() {
  const Address shop = Address().child("projects", "shop");
  Manifest manifest;
  manifest.declarations = {{.address = shop},
                           {.address = shop.child("branches", "dev")},
                           {.address = shop.child("branches", "dev").child("endpoints", "ro")}};
  return manifest;
}

std::optional<ChosenPart> choose(const std::vector<std::string>& words,
                                 const Records& applied = {}) {
  std::vector<std::string> all = {"plan"};
  all.insert(all.end(), words.begin(), words.end());
  const GetEnvironment getenv = [](const std::string&) { return std::nullopt; };
  const Options options = parse_options(all, getenv);
  return choice_of({.options = options, .getenv = getenv, .out = {}, .err = {}}, a_manifest(),
                   applied);
}

std::string complaint(const std::vector<std::string>& words) {
  try {
    choose(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(Choice, IsEverythingWithoutPatterns) {
  EXPECT_FALSE(choose({}).has_value());
  EXPECT_EQ(as_declared(choose({}), "workspace"), "the workspace is as declared");
}

TEST(Choice, CountsWhatIsChosen) {
  EXPECT_EQ(choose({"-only", "projects/shop/branches/dev"})->chosen, 2U);
  EXPECT_EQ(choose({"-only", "projects/*"})->chosen, 3U);
  EXPECT_EQ(choose({"-except", "**/endpoints/*"})->chosen, 2U);
  EXPECT_EQ(as_declared(choose({"-target", "**/ro"}), "workspace"),
            "the 1 of 3 resources that were chosen are as declared");
}

TEST(Choice, RefusesAPatternThatIsAboutNothing) {
  EXPECT_EQ(complaint({"-only", "projects.shop"}),
            "-only projects.shop: nothing is called that; did you mean \"projects/shop\"?");
  EXPECT_EQ(complaint({"-exclude", "projects/shop/branches/dve"}),
            "-except projects/shop/branches/dve: nothing is called that; did you mean "
            "\"projects/shop/branches/dev\"?");
  EXPECT_EQ(complaint({"-target", "nope"}),
            "-only nope: nothing is called that; an address is written like "
            "projects/shop/branches/dev; weir print shows them");
  EXPECT_NE(complaint({"-only", "projects/shop/"}), "");
  EXPECT_NE(complaint({"-only", "projects/shop", "-only", "projcts/shop"}), "");
}

TEST(Choice, ReadsPatternsFromFiles) {
  const test::TemporaryFolder folder;
  const std::string file =
      folder.write("targets", "# the branch\n\n  projects/shop/branches/dev\t\r\n**/ro");
  EXPECT_EQ(choose({"-target-file", file})->chosen, 2U);
  EXPECT_EQ(choose({"-only", "projects/shop", "-except-file=" + file})->chosen, 1U);
  const std::string wrong = folder.write("wrong", "#\n\nprojects.shop\n");
  EXPECT_EQ(complaint({"-exclude-file", wrong}),
            wrong + ":3: projects.shop: nothing is called that; did you mean \"projects/shop\"?");
}

TEST(Choice, RefusesFilesThatChooseNothingOrTooMuch) {
  const test::TemporaryFolder folder;
  const std::string none = folder.write("none", "# later\n");
  EXPECT_THROW(choose({"-only-file", none}), ConfigurationError);
  EXPECT_FALSE(choose({"-except-file", none}));
  EXPECT_THROW(choose({"-only-file", folder.path() / "missing"}), ConfigurationError);
  EXPECT_THROW(choose({"-only-file", folder.path()}), ConfigurationError);
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "projects/shop\n";
  EXPECT_THROW(choose({"-only-file", folder.write("many", many)}), ConfigurationError);
}

TEST(Choice, MayBeAboutWhatWasAppliedAndIsDeclaredNoLonger) {
  const Address gone = Address().child("projects", "shop").child("branches", "gone");
  const Records applied = {{gone, {.address = gone, .kind = "branch", .remote_name = gone.text()}}};
  EXPECT_EQ(complaint({"-allow-destroy", gone.text()}).substr(0, 14), "-allow-destroy");
  EXPECT_NO_THROW(choose({"-allow-destroy", gone.text()}, applied));
  EXPECT_NO_THROW(choose({"-only", "**/gone"}, applied));
}

TEST(Choice, ConsentMustBeAboutSomethingToo) {
  EXPECT_EQ(complaint({"-allow-destroy", "projects/shop"}), "");
  EXPECT_EQ(complaint({"-allow-destroy", "*"}), "");
  EXPECT_EQ(complaint({"-allow-destroy", "projects/shpo"}),
            "-allow-destroy projects/shpo: nothing is called that; did you mean "
            "\"projects/shop\"?");
}

}  // namespace
}  // namespace weir
