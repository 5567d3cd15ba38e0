// What only servers have that the tests cannot start: memberships with options, MAINTAIN.
#include <algorithm>

#include <gtest/gtest.h>

#include "sql/difference.h"
#include "sql/membership.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

constexpr RoleId kSuperuser = 10;
constexpr RoleId kDeployer = 100;
constexpr RoleId kMigrator = 101;
constexpr RoleId kAna = 102;
constexpr RoleId kPasser = 103;

/// A database of `major` with one schema, as the deployer sees it.
Catalogue a_catalogue(int major) {
  Catalogue catalogue;
  catalogue.version = {major * 10000};
  catalogue.database = "shop";
  catalogue.current_user = kDeployer;
  catalogue.roles = {{.id = kSuperuser, .name = "postgres", .is_superuser = true},
                     {.id = kDeployer, .name = "deployer", .can_create_roles = true},
                     {.id = kMigrator, .name = "migrator"},
                     {.id = kAna, .name = "ana", .can_login = true}};
  catalogue.groups = {
      {.object_class = ObjectClass::kDatabase, .owner = kSuperuser, .names = {"shop"}},
      {.object_class = ObjectClass::kSchema, .owner = kMigrator, .names = {"app"}}};
  return catalogue;
}

Texts statements_of(const Catalogue& catalogue, const Wishes& wishes) {
  Texts texts;
  for (const Statement& statement : difference(catalogue, wishes).statements) {
    texts.push_back(statement.text);
  }
  return texts;
}

const Wishes& usage_for_ana() {
  static const Wishes wishes = {.access = {wished("ana", the_schema("app"), {Privilege::kUsage})}};
  return wishes;
}

TEST(MembershipsFromSixteenOn, AreBorrowedWithTheOptionsThatTheyNeed) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.memberships = {{kMigrator, kDeployer, kSuperuser, true, false, false}};
  EXPECT_EQ(statements_of(catalogue, usage_for_ana()),
            (Texts{R"(GRANT "migrator" TO "deployer" WITH INHERIT TRUE, SET TRUE)",
                   R"(GRANT USAGE ON SCHEMA "app" TO "ana")",
                   R"(REVOKE "migrator" FROM "deployer" GRANTED BY "deployer")"}));
}

TEST(MembershipsFromSixteenOn, AreGivenBackAsTheyWere) {
  Catalogue catalogue = a_catalogue(17);
  catalogue.memberships = {{kMigrator, kDeployer, kSuperuser, true, false, false},
                           {kMigrator, kDeployer, kDeployer, false, false, true}};
  EXPECT_EQ(statements_of(catalogue, usage_for_ana()).back(),
            R"(GRANT "migrator" TO "deployer" WITH INHERIT FALSE, SET TRUE)");
}

TEST(MembershipsFromSixteenOn, CannotBeBorrowedWithCreateroleAlone) {
  const Difference found = difference(a_catalogue(16), usage_for_ana());
  EXPECT_TRUE(found.statements.empty());
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings.front().kind, FindingKind::kNotAllowed);
  EXPECT_EQ(difference(a_catalogue(15), usage_for_ana()).statements.size(), 3U);
}

TEST(MembershipsFromSixteenOn, ChangeOneOptionAtATime) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.current_user = kSuperuser;
  catalogue.memberships = {{kMigrator, kAna, kSuperuser, true, true, true}};
  const auto texts = [&](const MembershipWish& wish) {
    return statements_of(catalogue, {.memberships = {wish}});
  };
  EXPECT_EQ(texts({.role = "migrator", .member = "ana"}), Texts());
  EXPECT_EQ(texts({.role = "migrator", .member = "ana", .inherits = false, .can_set = true}),
            Texts{R"(GRANT "migrator" TO "ana" WITH INHERIT FALSE GRANTED BY "postgres")"});
  EXPECT_EQ(texts({.role = "migrator", .member = "ana", .is_admin = false, .inherits = true}),
            Texts{R"(GRANT "migrator" TO "ana" WITH ADMIN FALSE GRANTED BY "postgres")"});
  EXPECT_EQ(texts({.role = "migrator", .member = "ana", .is_wanted = false}),
            Texts{R"(REVOKE "migrator" FROM "ana" GRANTED BY "postgres")"});
  catalogue.memberships = {{kMigrator, kAna, kSuperuser, false, false, false},
                           {kMigrator, kDeployer, kSuperuser, true, false, false}};
  EXPECT_EQ(texts({.role = "migrator", .member = "ana", .is_admin = true, .can_set = true}),
            Texts{R"(GRANT "migrator" TO "ana" WITH ADMIN TRUE, SET TRUE)"});
}

TEST(MembershipsFromSixteenOn, NeedTheAdminOption) {
  const Wishes wishes = {.memberships = {{.role = "migrator", .member = "ana"}}};
  const Difference found = difference(a_catalogue(16), wishes);
  EXPECT_TRUE(found.statements.empty());
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings.front().text,
            "deployer cannot make ana a member of migrator: it has no admin option there");
  EXPECT_EQ(difference(a_catalogue(15), wishes).statements.size(), 1U);
}

TEST(MembershipsFromSixteenOn, AreTakenBackInTheNameOfWhoGaveThem) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.memberships = {{kMigrator, kDeployer, kSuperuser, true, true, true},
                           {kMigrator, kAna, kSuperuser, false, true, true}};
  const Difference found = difference(
      catalogue, {.memberships = {{.role = "migrator", .member = "ana", .is_wanted = false}}});
  EXPECT_TRUE(found.statements.empty());
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings.front().text,
            "ana is a member of migrator by postgres, in whose name deployer may not take that "
            "back");
}

TEST(MembershipsFromSixteenOn, KeepWhatTheyHaveWhenAWeakerOneIsPassedOn) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.current_user = kSuperuser;
  catalogue.memberships = {{kMigrator, kDeployer, kSuperuser, true, true, true},
                           {kMigrator, kAna, kSuperuser, true, true, true},
                           {kMigrator, kAna, kDeployer, false, false, true}};
  EXPECT_EQ(statements_of(
                catalogue,
                {.memberships = {{.role = "migrator", .member = "deployer", .is_wanted = false}}}),
            Texts{R"(REVOKE "migrator" FROM "deployer" GRANTED BY "postgres" CASCADE)"});
}

TEST(MembershipsFromSixteenOn, StayWithThoseWhomALeavingMemberMadeMembers) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.memberships = {{kMigrator, kDeployer, kSuperuser, true, true, true},
                           {kMigrator, kAna, kDeployer, true, true, true},
                           {kMigrator, kPasser, kAna, false, true, false}};
  catalogue.roles.push_back({.id = kPasser, .name = "passed on"});
  EXPECT_EQ(
      statements_of(catalogue,
                    {.memberships = {{.role = "migrator", .member = "ana", .is_wanted = false}}}),
      (Texts{R"(GRANT "migrator" TO "passed on" WITH ADMIN FALSE, INHERIT TRUE, SET FALSE)",
             R"(REVOKE "migrator" FROM "ana" GRANTED BY "deployer" CASCADE)"}));
}

TEST(MembershipsBeforeSixteen, HaveNoOptionsOfTheirOwn) {
  const Difference found = difference(
      a_catalogue(15),
      {.memberships = {{.role = "migrator", .member = "ana", .inherits = true, .can_set = false}}});
  EXPECT_TRUE(found.statements.empty());
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings.front().text,
            "the membership of ana in migrator can have options of its own from PostgreSQL 16 on; "
            "this is 15");
}

TEST(Memberships, ReachOnlyAsFarAsTheyAreInherited) {
  Catalogue catalogue = a_catalogue(16);
  catalogue.memberships = {{kMigrator, kAna, kSuperuser, false, true, false},
                           {kDeployer, kMigrator, kSuperuser, false, false, true}};
  EXPECT_EQ(reachable_roles(catalogue, kAna, Reach::kInherited),
            (std::set<RoleId>{kMigrator, kAna}));
  EXPECT_EQ(reachable_roles(catalogue, kAna, Reach::kSettable), std::set<RoleId>{kAna});
  EXPECT_EQ(path_to(catalogue, kMigrator, kDeployer, Reach::kSettable),
            (std::vector<RoleId>{kMigrator, kDeployer}));
}

TEST(MaintainFromSeventeenOn, IsWantedWhereItExists) {
  Catalogue catalogue = a_catalogue(17);
  catalogue.current_user = kSuperuser;
  catalogue.groups.push_back(
      {.object_class = ObjectClass::kTable, .schema = "app", .owner = kMigrator, .names = {"t"}});
  EXPECT_EQ(statements_of(catalogue,
                          {.access = {wished("ana", a_table("app", "t"), {Privilege::kMaintain})}}),
            Texts{R"(GRANT MAINTAIN ON TABLE "app"."t" TO "ana")"});
}

}  // namespace
}  // namespace weir::test
