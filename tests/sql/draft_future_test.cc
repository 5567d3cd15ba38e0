// Wishes for later objects, on a real PostgreSQL: whose default privileges say so.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

FutureWish later_tables(std::vector<std::string> creators = {}) {
  return {.tag = "later",
          .schema = "app",
          .grantee = {.role = "reader"},
          .privileges = {Privilege::kSelect},
          .creators = std::move(creators)};
}

std::string default_of(const std::string& creator) {
  return "ALTER DEFAULT PRIVILEGES FOR ROLE \"" + creator +
         R"(" IN SCHEMA "app" GRANT SELECT ON TABLES TO "reader")";
}

class Future : public InTransaction {
 protected:
  Future() {
    session_.execute(
        "CREATE ROLE owner; CREATE ROLE maker; CREATE ROLE reader;"
        "CREATE SCHEMA app AUTHORIZATION owner");
  }
};

TEST_F(Future, IsSetForTheCreatorsThatAreNamed) {
  EXPECT_EQ(texts_of(apply({.future = {later_tables({"maker"})}})), Texts{default_of("maker")});
}

TEST_F(Future, IsSetForAllWhoCanCreate) {
  session_.execute(
      "GRANT CREATE ON SCHEMA app TO maker; CREATE ROLE member LOGIN;"
      "GRANT maker TO member; CREATE ROLE sleeper; GRANT maker TO sleeper");
  const Difference first = apply({.future = {later_tables()}});
  EXPECT_EQ(texts_of(first),
            (Texts{default_of("owner"), default_of("maker"), default_of("member")}));
  EXPECT_EQ(first.statements.front().tags, std::vector<Tag>{"later"});
}

TEST_F(Future, CountsEverybodyWhoLogsInWherePublicCreates) {
  session_.execute("CREATE ROLE guest LOGIN; GRANT CREATE ON SCHEMA app TO PUBLIC");
  const Texts texts = texts_of(apply({.future = {later_tables()}}));
  EXPECT_NE(std::ranges::find(texts, default_of("guest")), texts.end());
  session_.execute("REVOKE CREATE ON SCHEMA app FROM PUBLIC; CREATE ROLE late LOGIN");
  const Texts later =
      texts_of(apply({.access = {wished_for_public(the_schema("app"), {Privilege::kCreate})},
                      .future = {later_tables()}}));
  EXPECT_NE(std::ranges::find(later, default_of("late")), later.end());
}

TEST_F(Future, CountsWhoGetsCreateInTheSameTransaction) {
  EXPECT_EQ(texts_of(apply({.access = {wished("maker", the_schema("app"), {Privilege::kCreate})},
                            .future = {later_tables()}})),
            (Texts{R"(GRANT CREATE ON SCHEMA "app" TO "maker")", default_of("owner"),
                   default_of("maker")}));
}

TEST_F(Future, CountsTheOwnerOfASchemaThatIsMadeInTheSameTransaction) {
  session_.execute("DROP SCHEMA app");
  const Difference first =
      apply({.schemas = {{.name = "app", .owner = "maker"}}, .future = {later_tables()}});
  EXPECT_EQ(first.statements.back().text, default_of("maker")) << story_of(first);
}

TEST_F(Future, CountsWhoLogsInByAMembershipOfTheSameTransaction) {
  session_.execute("CREATE ROLE member LOGIN");
  EXPECT_EQ(texts_of(apply({.memberships = {{.role = "owner", .member = "member"}},
                            .future = {later_tables()}}))
                .back(),
            default_of("member"));
}

TEST_F(Future, GivesNothingToTheCreatorItself) {
  session_.execute("GRANT CREATE ON SCHEMA app TO reader");
  EXPECT_EQ(texts_of(apply({.future = {later_tables()}})), Texts{default_of("owner")});
}

TEST_F(Future, IsUsedByObjectsThatComeLater) {
  session_.execute("GRANT CREATE ON SCHEMA app TO maker");
  apply({.future = {later_tables()}});
  session_.execute("SET LOCAL ROLE maker; CREATE TABLE app.later(); RESET ROLE");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('reader', 'app.later', 'SELECT')"), "t");
}

/// Users who may not do everything, in a database of their own since their roles are committed:
/// "future_helper" can make itself a member of other roles, "future_little" cannot.
class FutureOfAPlainUser : public testing::Test {
 protected:
  static const std::string& database() {
    static const std::string name = [] {
      std::string made = SqlServer::get().new_database();
      Session session(made);
      session.execute(
          "CREATE ROLE future_helper LOGIN CREATEROLE; CREATE ROLE future_little LOGIN;"
          "CREATE ROLE future_stranger; CREATE ROLE future_reader;"
          "GRANT CREATE ON DATABASE " +
          made +
          " TO future_helper;"
          "CREATE SCHEMA helped AUTHORIZATION future_helper; CREATE SCHEMA app AUTHORIZATION "
          "future_little;"
          "GRANT CREATE ON SCHEMA app TO future_stranger;"
          "SET LOCAL ROLE future_helper; CREATE ROLE helped_owner; RESET ROLE");
      session.commit();
      return made;
    }();
    return name;
  }

  static FutureWish later(const std::string& schema, std::vector<std::string> creators = {}) {
    FutureWish wish = later_tables(std::move(creators));
    wish.schema = schema;
    wish.grantee.role = "future_reader";
    return wish;
  }
};

TEST_F(FutureOfAPlainUser, BorrowsMembershipsThatMakeNobodyACreator) {
  Session session(database(), "future_helper");
  const Wishes wishes = {.schemas = {{.name = "helped", .owner = "helped_owner"}},
                         .future = {later("helped")}};
  const Difference first = session.apply(wishes);
  EXPECT_EQ(session.column("SELECT pg_get_userbyid(defaclrole) FROM pg_default_acl"),
            Texts{"helped_owner"})
      << story_of(first);
  const Difference second = session.compare(wishes);
  EXPECT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
}

TEST_F(FutureOfAPlainUser, IsToldWhoseLaterObjectsWillBeClosed) {
  Session session(database(), "future_little");
  const Difference first =
      session.apply({.access = {wished("future_reader", all_in_schema(ObjectClass::kTable, "app"),
                                       {Privilege::kSelect}, "now")},
                     .future = {later("app")}});
  EXPECT_EQ(first.statements.size(), 1U) << story_of(first);
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotForFuture);
  EXPECT_FALSE(first.findings[0].is_error());
  EXPECT_EQ(first.findings[0].text,
            "tables that future_stranger makes in app later will lack SELECT for future_reader: no "
            "default privileges say otherwise");
  EXPECT_EQ(first.findings[0].tags, std::vector<Tag>{"now"});
}

TEST_F(FutureOfAPlainUser, IsRefusedForACreatorThatIsNamedAndNotManaged) {
  Session session(database(), "future_little");
  const Difference first = session.compare({.future = {later("app", {"future_stranger"})}});
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotAllowed);
  EXPECT_EQ(first.findings[0].tags, std::vector<Tag>{"later"});
}

TEST_F(FutureOfAPlainUser, IsToldOfCreatorsWithoutAWishForTodaysObjects) {
  Session session(database(), "future_little");
  const Difference first = session.compare({.future = {later("app")}});
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotForFuture);
}

}  // namespace
}  // namespace weir::test
