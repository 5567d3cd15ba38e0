// Who may do something on declared objects that no wish names, on a real PostgreSQL.
#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

const PrivilegeSet kSelect = {Privilege::kSelect};

class Strangers : public InTransaction {
 protected:
  void SetUp() override {
    session_.execute(
        "CREATE ROLE known; CREATE ROLE guest; CREATE SCHEMA app;"
        "CREATE TABLE app.a(i int); CREATE TABLE app.b(i int); CREATE TABLE app.c(i int)");
  }

  Texts strangers_to(const Wishes& wishes) { return session_.compare(wishes).strangers; }

  static Wishes all_tables() {
    return {.access = {wished("known", all_in_schema(ObjectClass::kTable, "app"), kSelect)}};
  }
};

TEST_F(Strangers, AreToldWithWhatTheyHave) {
  session_.execute("GRANT SELECT ON app.a, app.b TO guest; GRANT DELETE ON app.c TO guest");
  EXPECT_EQ(strangers_to(all_tables()),
            (Texts{"2 of 3 tables (app.a, app.b) give SELECT to guest, which nothing declares",
                   "table app.c gives DELETE to guest, which nothing declares"}));
}

TEST_F(Strangers, AreToldWithWhatTheyWillHaveOfLaterObjects) {
  session_.execute(
      "CREATE ROLE own; ALTER DEFAULT PRIVILEGES FOR ROLE own IN SCHEMA app GRANT SELECT ON TABLES "
      "TO guest, known");
  EXPECT_EQ(
      strangers_to(all_tables()),
      Texts{"tables that own makes in app would give SELECT to guest, which nothing declares"});
}

TEST_F(Strangers, AreNobodyOnObjectsThatNoWishNames) {
  session_.execute("GRANT SELECT ON app.a TO guest; GRANT USAGE ON SCHEMA app TO guest");
  EXPECT_EQ(strangers_to({.access = {wished("known", a_table("app", "b"), kSelect)}}), Texts{});
}

TEST_F(Strangers, AreNotThoseWhomAWishNames) {
  session_.execute("GRANT SELECT, DELETE ON app.a TO known");
  EXPECT_EQ(strangers_to(all_tables()), Texts{});
}

TEST_F(Strangers, AreNotToldWhereTheirPrivilegesGo) {
  session_.execute("GRANT SELECT ON app.a TO guest");
  Wishes wishes = all_tables();
  wishes.exclusive = {{.target = all_in_schema(ObjectClass::kTable, "app")}};
  EXPECT_EQ(strangers_to(wishes), Texts{});
  wishes = all_tables();
  wishes.retirements = {{.role = "guest", .heir = "known"}};
  EXPECT_EQ(strangers_to(wishes), Texts{});
}

TEST_F(Strangers, MayBeEverybodyButForWhatPostgresGivesThemItself) {
  session_.execute(
      "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "GRANT EXECUTE ON FUNCTION app.f() TO guest; GRANT SELECT ON app.a TO PUBLIC");
  Wishes wishes = all_tables();
  wishes.access.push_back(
      wished("known", all_in_schema(ObjectClass::kRoutine, "app"), {Privilege::kExecute}));
  EXPECT_EQ(strangers_to(wishes),
            (Texts{"table app.a gives SELECT to PUBLIC, which nothing declares",
                   "function app.f() gives EXECUTE to guest, which nothing declares"}));
}

TEST_F(Strangers, MayHaveColumnsOfATable) {
  session_.execute("GRANT SELECT (i) ON app.a TO guest");
  EXPECT_EQ(strangers_to(all_tables()),
            Texts{"column app.a.i gives SELECT to guest, which nothing declares"});
}

}  // namespace
}  // namespace weir::test
