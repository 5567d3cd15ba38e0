// What is closed to some, and how they get in all the same.
#include <gtest/gtest.h>

#include "sql/privilege.h"
#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using enum ObjectClass;
using Texts = std::vector<std::string>;

class Closed : public InTransaction {};

Texts findings_of(const Difference& difference) {
  Texts texts;
  for (const Finding& finding : difference.findings) {
    EXPECT_FALSE(finding.is_error()) << finding.text;
    texts.push_back(finding.text);
  }
  return texts;
}

/// A closed schema whose default privileges let somebody in is open again with the next table.
TEST_F(Closed, DefaultPrivilegesOpenAClosedSchema) {
  session_.execute(
      "CREATE ROLE own; CREATE ROLE ana; CREATE ROLE ben; CREATE SCHEMA app AUTHORIZATION own;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE own IN SCHEMA app GRANT SELECT ON TABLES TO ana, ben");
  const Wishes wishes = {
      .exclusive = {{.target = all_in_schema(ObjectClass::kTable, "app")}},
      .future = {{.schema = "app", .grantee = {.role = "ana"}, .privileges = {kSelect}}}};
  EXPECT_EQ(texts_of(apply(wishes)),
            Texts{R"(ALTER DEFAULT PRIVILEGES FOR ROLE "own" IN SCHEMA "app" )"
                  R"(REVOKE SELECT ON TABLES FROM "ben")"});
}

TEST_F(Closed, DefaultPrivilegesForAllSchemasReachIntoAClosedOne) {
  session_.execute(
      "CREATE ROLE own; CREATE ROLE ben; CREATE SCHEMA app AUTHORIZATION own;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE own GRANT DELETE ON TABLES TO ben");
  const Difference first =
      apply({.exclusive = {{.target = all_in_schema(ObjectClass::kTable, "app")}}});
  EXPECT_EQ(findings_of(first),
            Texts{"tables that own makes in any schema will give DELETE to ben, also in app; "
                  "declare default_privileges for own that do not"});
}

/// Nothing says so in the catalogue: it is what PostgreSQL does by itself.
TEST_F(Closed, SchemasAreOpenedToEverybodyByTheNextFunction) {
  session_.execute(
      "CREATE ROLE ana; CREATE ROLE own; CREATE SCHEMA app AUTHORIZATION own;"
      "GRANT CREATE ON SCHEMA app TO ana");
  const Wishes wishes = {.exclusive = {{.target = all_in_schema(kRoutine, "app")}}};
  EXPECT_EQ(findings_of(apply(wishes)),
            Texts{"functions that ana, own makes in any schema will give EXECUTE to PUBLIC, also "
                  "in app; declare default_privileges for ana, own that do not"});
  session_.execute(
      "ALTER DEFAULT PRIVILEGES FOR ROLE ana, own REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
  EXPECT_EQ(findings_of(apply(wishes)), Texts{});
}

TEST_F(Closed, ToWhomSomethingElseIsDeclaredIsAContradiction) {
  session_.execute("CREATE ROLE ana; CREATE ROLE own; CREATE SCHEMA app AUTHORIZATION own");
  const Difference difference = session_.compare(
      {.defaults = {{.creator = "own", .schema = "app", .grantee = {.role = "ana"}}},
       .future = {{.schema = "app", .grantee = {.role = "ana"}, .privileges = {kSelect}}}});
  ASSERT_FALSE(difference.findings.empty()) << story_of(difference);
  EXPECT_TRUE(difference.findings.front().is_error());
  EXPECT_EQ(difference.findings.front().text,
            "ana is to get nothing of tables that own makes in app, and something: say one of "
            "them");
}

TEST_F(Closed, LaterObjectsGiveMoreThanIsDeclaredByDefaultsForAllSchemas) {
  session_.execute(
      "CREATE ROLE ana; CREATE ROLE own; CREATE SCHEMA app AUTHORIZATION own;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE own GRANT SELECT, DELETE ON TABLES TO ana");
  const Difference first =
      apply({.access = {wished("ana", all_in_schema(kTable, "app"), {kSelect})}});
  EXPECT_EQ(findings_of(first),
            Texts{"tables that own makes in any schema will give DELETE to ana, also in app, where "
                  "less is declared; declare default_privileges for own that do not"});
}

TEST_F(Closed, AColumnIsOpenThroughItsTable) {
  session_.execute("CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(a int, b int)");
  const Difference first = apply({.access = {wished("ana", a_table("app", "t"), {kSelect, kDelete}),
                                             wished("ana", one_column("app", "t", "a"), {})}});
  EXPECT_EQ(findings_of(first), Texts{"ana has SELECT on app.t.a all the same, by what is given "
                                      "to itself, through the whole table"});
}

TEST_F(Closed, ATableIsOpenToMembersAndToEverybody) {
  session_.execute(
      "CREATE ROLE readers; CREATE ROLE ana IN ROLE readers; CREATE SCHEMA app;"
      "CREATE TABLE app.t(); GRANT SELECT ON app.t TO readers; GRANT INSERT ON app.t TO PUBLIC");
  const Difference first = apply({.access = {wished("ana", a_table("app", "t"), {})}});
  EXPECT_EQ(findings_of(first),
            (Texts{"ana has INSERT on app.t all the same, as everybody has (PUBLIC)",
                   "ana has SELECT on app.t all the same, as a member of readers"}));
}

TEST_F(Closed, ATableThatIsClosedNeedsNoWord) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(a int);"
      "GRANT SELECT ON app.t TO ana; GRANT UPDATE (a) ON app.t TO ana");
  EXPECT_EQ(findings_of(apply({.access = {wished("ana", a_table("app", "t"), {})}})), Texts{});
}

}  // namespace
}  // namespace weir::test
