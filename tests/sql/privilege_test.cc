#include "sql/privilege.h"

#include <gtest/gtest.h>

#include "sql/profile.h"
#include "sql/quote.h"
#include "sql/setting_value.h"
#include "tests/sql/server.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using enum ObjectClass;

constexpr ServerVersion kSixteen = {160004};
constexpr ServerVersion kSeventeen = {170002};
using Words = std::vector<std::string>;

TEST(Privileges, KnowMaintainFromSeventeenOn) {
  EXPECT_FALSE(privileges_of(kTable, kSixteen).has(kMaintain));
  EXPECT_TRUE(privileges_of(kTable, kSeventeen).has(kMaintain));
  EXPECT_EQ(read_privileges(Words{"maintain"}, kTable, kSixteen).problem,
            "maintain came with PostgreSQL 17, and this is 16");
}

TEST(Privileges, AreTheSameInWordsAndBack) {
  for (const ObjectClass object_class :
       {kDatabase, kSchema, kTable, kColumn, kSequence, kRoutine, kType, kLargeObject}) {
    const PrivilegeSet all = privileges_of(object_class, kSeventeen);
    EXPECT_EQ(read_privileges(words_of(all), object_class, kSeventeen).privileges, all);
    EXPECT_EQ(read_privileges(Words{"all"}, object_class, kSeventeen).privileges, all);
  }
}

TEST(Privileges, SayWhatIsWrongWithAWord) {
  EXPECT_EQ(read_privileges(Words{"selct"}, kTable, kSixteen).problem,
            "there is no privilege selct on tables: did you mean \"select\"?");
  EXPECT_EQ(read_privileges(Words{"usage"}, kTable, kSixteen).problem.substr(0, 37),
            "there is no privilege usage on tables");
  EXPECT_EQ(read_privileges(Words{"none", "select"}, kTable, kSixteen).problem,
            "none stands alone: nothing is left beside it");
  EXPECT_EQ(read_privileges(Words{"temp"}, kDatabase, kSixteen).privileges,
            PrivilegeSet{kTemporary});
}

TEST(Privileges, AreThoseThatThisServerGivesAnOwner) {
  Session session("postgres");
  const ServerVersion version = session.snapshot().version;
  const std::vector<std::pair<ObjectClass, std::string>> letters = {
      {kDatabase, "d"}, {kSchema, "n"}, {kTable, "r"},      {kSequence, "s"},
      {kRoutine, "f"},  {kType, "T"},   {kLargeObject, "L"}};
  for (const auto& [object_class, letter] : letters) {
    PrivilegeSet owner;
    PrivilegeSet everybody;
    for (const auto& row : session.rows(
             "SELECT grantee, privilege_type FROM aclexplode(acldefault('" + letter + "', 10))")) {
      const auto privilege = privilege_named(row[1].c_str());
      ASSERT_TRUE(privilege);
      (row[0].as<int>() == 0 ? everybody : owner).add(*privilege);
    }
    EXPECT_EQ(privileges_of(object_class, version), owner);
    EXPECT_EQ(public_privileges_of(object_class), everybody);
  }
}

TEST(Profiles, AskForNothingThatAClassDoesNotHave) {
  for (const Profile& profile : built_in_profiles()) {
    for (const ObjectClass object_class : {kSchema, kTable, kSequence, kRoutine, kType}) {
      EXPECT_TRUE(privileges_of(object_class, {140000}).contains(profile.part(object_class)))
          << profile.name;
    }
  }
  EXPECT_EQ(find_profile("readonly")->tables, PrivilegeSet{kSelect});
  EXPECT_EQ(find_profile("nonsense"), nullptr);
}

TEST(SettingValues, OfListsAreComparedByTheirElements) {
  EXPECT_TRUE(same_setting_value("search_path", "App, \"Two\"", "app,\"Two\""));
  EXPECT_FALSE(same_setting_value("search_path", "app, two", "two, app"));
  EXPECT_EQ(setting_elements("search_path", "a, \"b,\"\"c\""), (Words{"a", "b,\"c"}));
  EXPECT_EQ(setting_elements("work_mem", "4MB, x"), Words{"4MB, x"});
}

TEST(Names, AreShownWithoutWhatCannotBeSeen) {
  EXPECT_EQ(shown_name("a\nb\x1b\xe2\x80\xae\xff"), "a\\u000ab\\u001b\\u202e\\xff");
  EXPECT_EQ(quoted_name("a\n\"\\"), "U&\"a\\000A\"\"\\\\\"");
  EXPECT_EQ(problem_with_name("a\nb"), "\"a\\u000ab\" has a control character");
}

}  // namespace
}  // namespace weir::test
