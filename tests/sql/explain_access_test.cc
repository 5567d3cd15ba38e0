#include "sql/explain_access.h"

#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"
#include "tests/sql/random_world.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using Texts = std::vector<std::string>;

class ExplainAccess : public InTransaction {
 protected:
  static Texts ways_of(const AccessExplanation& explanation) {
    Texts texts;
    for (const AccessWay& way : explanation.ways) texts.push_back(way.text);
    return texts;
  }
};

TEST_F(ExplainAccess, NamesEveryWay) {
  session_.execute(
      "CREATE ROLE owner; CREATE ROLE readers; CREATE ROLE analysts; CREATE ROLE ana LOGIN;"
      "GRANT readers TO analysts; GRANT analysts TO ana; CREATE SCHEMA app;"
      "GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE TABLE app.t(); ALTER TABLE app.t OWNER TO owner;"
      "GRANT SELECT ON app.t TO readers; GRANT INSERT ON app.t TO ana WITH GRANT OPTION;"
      "GRANT DELETE ON app.t TO PUBLIC");
  const AccessExplanation explanation =
      explain_access(session_.snapshot(), "ana", a_table("app", "t"));
  EXPECT_EQ(ways_of(explanation),
            (Texts{"PUBLIC has DELETE from owner",
                   "readers has SELECT from owner, through ana → analysts → readers",
                   "ana has INSERT from owner"}));
  EXPECT_EQ(explanation.has, (PrivilegeSet{kSelect, kInsert, kDelete}));
  EXPECT_TRUE(explanation.lacks.has(kUpdate));
  EXPECT_TRUE(explanation.obstacles.empty());
}

TEST_F(ExplainAccess, SaysWhatNeedsSetRoleAndWhatStandsBetween) {
  session_.execute(
      "CREATE ROLE owner; CREATE ROLE ana NOINHERIT; GRANT owner TO ana; CREATE SCHEMA app;"
      "CREATE TABLE app.t(); ALTER TABLE app.t OWNER TO owner");
  const AccessExplanation explanation =
      explain_access(session_.snapshot(), "ana", a_table("app", "t"));
  EXPECT_EQ(ways_of(explanation).front(),
            "owner owns it, so it may give itself everything, after SET ROLE along ana → owner");
  EXPECT_TRUE(explanation.has.is_empty());
  EXPECT_EQ(explanation.obstacles, (Texts{"it lacks USAGE on the schema app", "it cannot log in"}));
}

TEST_F(ExplainAccess, KnowsWhatLaterObjectsWillGive) {
  session_.execute(
      "CREATE ROLE maker; CREATE ROLE ana; CREATE SCHEMA app;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA app GRANT SELECT ON TABLES TO ana");
  const AccessExplanation explanation =
      explain_access(session_.snapshot(), "ana", all_in_schema(ObjectClass::kTable, "app"));
  EXPECT_EQ(ways_of(explanation), Texts{"tables that maker makes in app will give SELECT to ana"});
  EXPECT_TRUE(explanation.has.is_empty());
}

TEST_F(ExplainAccess, KnowsBesideASchemaOrATableWhatLaterOnesWillGive) {
  session_.execute(
      "CREATE ROLE maker; CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t();"
      "ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA app GRANT SELECT ON TABLES TO ana;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT USAGE ON SEQUENCES TO ana");
  const Catalogue catalogue = session_.snapshot();
  const std::string tables = "tables that maker makes in app will give SELECT to ana";
  EXPECT_EQ(ways_of(explain_access(catalogue, "ana", a_table("app", "t"))), Texts{tables});
  EXPECT_EQ(ways_of(explain_access(catalogue, "ana", the_schema("app"))),
            (Texts{"sequences that maker makes in any schema will give USAGE to ana", tables}));
}

TEST_F(ExplainAccess, SaysWhichColumnsOfATableMayBeRead) {
  session_.execute(
      "CREATE ROLE owner; CREATE ROLE ana LOGIN; CREATE SCHEMA app; CREATE TABLE app.t(a int, b "
      "int);"
      "ALTER TABLE app.t OWNER TO owner; GRANT USAGE ON SCHEMA app TO ana;"
      "GRANT SELECT (a, b), UPDATE (b) ON app.t TO ana");
  const AccessExplanation table = explain_access(session_.snapshot(), "ana", a_table("app", "t"));
  EXPECT_TRUE(table.has.is_empty());
  EXPECT_EQ(table.obstacles, (Texts{"ana has SELECT on column a of it",
                                    "ana has SELECT, UPDATE on column b of it"}));
}

TEST_F(ExplainAccess, KnowsWhatEverybodyMayDo) {
  session_.execute("CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC");
  const AccessExplanation found = explain_access(session_.snapshot(), "public", the_schema("app"));
  EXPECT_TRUE(found.has.has(Privilege::kUsage));
  EXPECT_EQ(found.lacks, PrivilegeSet{Privilege::kCreate});
}

TEST_F(ExplainAccess, SaysThatThereIsNoSuchRoleOrObject) {
  const Catalogue catalogue = session_.snapshot();
  EXPECT_EQ(explain_access(catalogue, "ghost", the_schema("public")).problem,
            "there is no role ghost");
  EXPECT_EQ(explain_access(catalogue, "pg_monitor", a_table("public", "t")).problem,
            "there is no table t");
}

/// What PostgreSQL answers for a role, with memberships and all.
std::string privilege_query(const std::string& role, const Target& target, Privilege privilege) {
  const std::string object =
      "quote_ident($o$" + target.schema + "$o$) || '.' || quote_ident($o$" + target.name + "$o$)";
  return "SELECT has_table_privilege($o$" + role + "$o$, " + object + ", '" +
         std::string(keyword(privilege)) + "')";
}

TEST_F(ExplainAccess, AgreesWithPostgresInRandomDatabases) {
  for_each_seed(25, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Catalogue catalogue = session.snapshot();
    for (const Target& target : world.objects) {
      if (target.object_class != ObjectClass::kTable) continue;
      const std::string& role = one_of(random, world.roles);
      const AccessExplanation explanation = explain_access(catalogue, role, target);
      ASSERT_EQ(explanation.problem, "");
      for (const Privilege privilege : privileges_of(target.object_class, {150000}).list()) {
        const bool can = session.value(privilege_query(role, target, privilege)) == "t";
        ASSERT_EQ(explanation.has.has(privilege), can) << role << " " << keyword(privilege);
      }
    }
  });
}

}  // namespace
}  // namespace weir::test
