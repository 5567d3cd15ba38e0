// One wish of each kind on a real PostgreSQL: after the statements nothing is left to do.
#include <gtest/gtest.h>

#include "tests/sql/server.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;

class Convergence : public testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = SqlServer::get().new_database(); }

  /// Executes, and expects that nothing is left to do.
  Difference apply(const Wishes& wishes) {
    Difference first = session_.apply(wishes);
    const Difference second = session_.compare(wishes);
    EXPECT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    return first;
  }

  static inline std::string database_;
  Session session_{database_};
};

TEST_F(Convergence, GivesATableToWhoLacksIt) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.a(); CREATE TABLE app.b()");
  const Wishes wishes = {
      .access = {wished("ana", one_object(ObjectClass::kTable, "app", "a"), {Privilege::kSelect})}};
  const Difference first = apply(wishes);
  EXPECT_EQ(texts_of(first),
            std::vector<std::string>{R"(GRANT SELECT ON TABLE "app"."a" TO "ana")"});
  EXPECT_EQ(first.statements.front().why, "table app.a lacks SELECT for ana");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('ana', 'app.a', 'SELECT')"), "t");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('ana', 'app.b', 'SELECT')"), "f");
}

TEST_F(Convergence, SaysHowManyOfTheTablesLackWhat) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.a(); CREATE TABLE app.b();"
      "CREATE TABLE app.c(); GRANT SELECT ON app.c TO ana");
  const Difference first = apply(
      {.access = {wished("ana", all_in_schema(ObjectClass::kTable, "app"), {Privilege::kSelect})}});
  ASSERT_EQ(first.statements.size(), 1U) << story_of(first);
  EXPECT_EQ(first.statements.front().text,
            R"(GRANT SELECT ON TABLE "app"."a", "app"."b" TO "ana")");
  EXPECT_EQ(first.statements.front().why, "2 of 3 tables (app.a, app.b) lack SELECT for ana");
}

}  // namespace
}  // namespace weir::test
