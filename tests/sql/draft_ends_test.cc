// The end of schemas, on a real PostgreSQL.
#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

class SchemaEnds : public InTransaction {
 protected:
  static Wishes the_end_of(const std::string& schema) {
    return {.ends = {{.tag = "end", .name = schema}}};
  }
};

TEST_F(SchemaEnds, DropWithAllThatIsIn) {
  session_.execute(
      "CREATE SCHEMA old; CREATE TABLE old.a(i serial); CREATE TABLE old.b();"
      "CREATE FUNCTION old.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Difference first = session_.apply(the_end_of("old"));
  ASSERT_EQ(first.statements.size(), 1U) << story_of(first);
  EXPECT_EQ(first.statements[0].text, R"(DROP SCHEMA "old" CASCADE)");
  EXPECT_EQ(first.statements[0].why, "old is to go; it holds 2 tables, 1 sequence, 1 function");
  EXPECT_EQ(first.statements[0].tags, std::vector<Tag>{"end"});
  EXPECT_TRUE(first.statements[0].takes_away);
  EXPECT_TRUE(session_.compare(the_end_of("old")).statements.empty());
}

TEST_F(SchemaEnds, SaysThatASchemaIsEmpty) {
  session_.execute("CREATE SCHEMA old");
  EXPECT_EQ(session_.compare(the_end_of("old")).statements.at(0).why,
            "old is to go; it holds nothing");
}

TEST_F(SchemaEnds, NameWhatGoesWithItOutside) {
  session_.execute(
      "CREATE SCHEMA old; CREATE SCHEMA app; CREATE TYPE old.mood AS ENUM ('good');"
      "CREATE TABLE old.t(i int PRIMARY KEY); CREATE TABLE app.customers(mood old.mood);"
      "CREATE TABLE app.orders(i int REFERENCES old.t); CREATE VIEW app.v AS SELECT * FROM old.t");
  EXPECT_EQ(session_.compare(the_end_of("old")).statements.at(0).why,
            "old is to go; it holds 1 table, 1 type; outside of it go with it: table column "
            "app.customers.mood, table constraint orders_i_fkey on app.orders, view app.v");
}

TEST_F(SchemaEnds, AreNothingForASchemaThatIsGone) {
  const Difference first = session_.compare(the_end_of("gone"));
  EXPECT_TRUE(first.statements.empty());
  EXPECT_TRUE(first.findings.empty());
}

TEST_F(SchemaEnds, QuoteTheName) {
  session_.execute("CREATE SCHEMA \"a\"\"; DROP\"");
  EXPECT_EQ(texts_of(session_.apply(the_end_of("a\"; DROP"))),
            Texts{"DROP SCHEMA \"a\"\"; DROP\" CASCADE"});
}

class TableEnds : public InTransaction {
 protected:
  static Wishes the_end_of(const std::string& table, bool drops) {
    return {.table_ends = {{.tag = "end", .schema = "crm", .name = table, .drops = drops}}};
  }
};

TEST_F(TableEnds, DropWhatIsLeft) {
  session_.execute("CREATE SCHEMA crm; CREATE TABLE crm.books(i int)");
  const Difference first = session_.apply(the_end_of("books", true));
  EXPECT_EQ(texts_of(first), Texts{R"(DROP TABLE "crm"."books")"});
  EXPECT_EQ(first.statements.at(0).why, "crm.books is what its synced table has left");
  EXPECT_TRUE(first.statements.at(0).takes_away);
  EXPECT_TRUE(session_.compare(the_end_of("books", true)).statements.empty());
}

TEST_F(TableEnds, KeepOtherWishesFromTheTable) {
  session_.execute("CREATE ROLE ana; CREATE SCHEMA crm; CREATE TABLE crm.books(i int)");
  for (const bool drops : {false, true}) {
    Wishes wishes = the_end_of("books", drops);
    wishes.access.push_back(wished("ana", a_table("crm", "books"), {Privilege::kSelect}));
    wishes.access.push_back(
        wished("ana", all_in_schema(ObjectClass::kTable, "crm"), {Privilege::kSelect}));
    wishes.after_create.push_back({.tag = "t", .schema = "crm", .table = "books", .comment = "c"});
    const Difference difference = session_.compare(wishes);
    EXPECT_EQ(difference.statements.size(), drops ? 1U : 0U) << story_of(difference);
    // One says that later tables give ana nothing; none is about this one.
    ASSERT_EQ(difference.findings.size(), 1U) << story_of(difference);
    EXPECT_EQ(difference.findings.at(0).text.find("books"), std::string::npos);
  }
}

TEST_F(TableEnds, LeaveWhoBringsCopiesWhatItMayDoInAClosedSchema) {
  session_.execute(
      "CREATE ROLE writer; CREATE ROLE stranger; CREATE SCHEMA crm; CREATE TABLE crm.books(i int);"
      "GRANT USAGE, CREATE ON SCHEMA crm TO writer; GRANT USAGE ON SCHEMA crm TO stranger;"
      "ALTER TABLE crm.books OWNER TO writer");
  Wishes wishes = {.exclusive = {{.tag = "closed", .target = the_schema("crm")}},
                   .copies = {{.schema = "crm", .name = "books"}}};
  EXPECT_EQ(texts_of(session_.compare(wishes)),
            Texts{R"(REVOKE USAGE ON SCHEMA "crm" FROM "stranger")"});
  wishes.copies.clear();
  EXPECT_EQ(session_.compare(wishes).statements.size(), 2U);
}

TEST_F(TableEnds, FailRatherThanTakeAViewAlong) {
  session_.execute(
      "CREATE SCHEMA crm; CREATE TABLE crm.books(i int); CREATE VIEW crm.v AS TABLE crm.books");
  EXPECT_THROW(session_.apply(the_end_of("books", true)), std::exception);
}

TEST_F(SchemaEnds, ComeAfterAccessIsTakenBack) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA old; CREATE TABLE old.a();"
      "GRANT SELECT ON old.a TO ana");
  Wishes wishes = the_end_of("old");
  wishes.access.push_back(wished("ana", a_table("old", "a"), {}));
  const Difference first = session_.apply(wishes);
  EXPECT_EQ(first.statements.back().text, R"(DROP SCHEMA "old" CASCADE)") << story_of(first);
}

}  // namespace
}  // namespace weir::test
