// Indexes and comments that come back whenever somebody makes a table anew, on a real PostgreSQL.
#include <gtest/gtest.h>

#include "sql/index_text.h"
#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

class AfterCreate : public InTransaction {
 protected:
  AfterCreate() {
    session_.execute("CREATE SCHEMA crm; CREATE TABLE crm.books(id int, title text)");
  }

  static AfterCreateWish books(const std::vector<std::string>& indexes) {
    AfterCreateWish wish = {.tag = "books", .schema = "crm", .table = "books"};
    for (const std::string& text : indexes) {
      EXPECT_EQ(problem_with_index(text), "");
      wish.indexes.push_back(read_index(text));
    }
    return wish;
  }

  static std::string name_of(const std::string& text) {
    return own_index_name("crm", "books", read_index(text));
  }

  /// Without what only prepares others.
  static Texts main_texts_of(const Difference& difference) {
    Texts texts;
    for (const Statement& statement : difference.statements) {
      if (!statement.is_auxiliary) texts.push_back(statement.text);
    }
    return texts;
  }

  Texts indexes() {
    return session_.column("SELECT indexdef FROM pg_indexes WHERE schemaname = 'crm' ORDER BY 1");
  }

  const std::string by_title_ = "create unique index on {table} (lower(title))";
};

TEST_F(AfterCreate, MakesTheIndexesThatAreMissing) {
  const Difference first = apply({.after_create = {books({by_title_})}});
  EXPECT_EQ(texts_of(first), (Texts{R"(SET LOCAL search_path TO "crm", "public")",
                                    "CREATE UNIQUE INDEX \"" + name_of(by_title_) +
                                        "\" ON \"crm\".\"books\" (lower(title))",
                                    R"(SET LOCAL search_path TO "pg_catalog")"}));
  EXPECT_EQ(first.statements[1].why, "crm.books lacks its index (lower(title))");
  EXPECT_EQ(indexes().size(), 1U);
}

TEST_F(AfterCreate, BringsAllBackWhenTheTableIsMadeAnew) {
  AfterCreateWish wish = books({by_title_, "create index on {table} using hash (id)"});
  wish.comment = "Books";
  wish.columns = {{.column = "title", .text = "As on the cover"}};
  apply({.after_create = {wish}});
  session_.execute("DROP TABLE crm.books; CREATE TABLE crm.books(id int, title text)");
  EXPECT_EQ(main_texts_of(apply({.after_create = {wish}})).size(), 4U);
  EXPECT_EQ(indexes().size(), 2U);
  EXPECT_EQ(session_.value("SELECT col_description('crm.books'::regclass, 2)"), "As on the cover");
}

TEST_F(AfterCreate, WaitsForATableThatIsNotThere) {
  session_.execute("DROP TABLE crm.books");
  const Difference first = session_.compare({.after_create = {books({by_title_})}});
  EXPECT_TRUE(first.statements.empty());
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kAwaitsTable);
  EXPECT_FALSE(first.findings[0].is_error());
}

TEST_F(AfterCreate, MakesAChangedIndexBeforeTheOldOneGoes) {
  apply({.after_create = {books({by_title_})}});
  const std::string by_id = "create index on {table} (id)";
  const Difference second = apply({.after_create = {books({by_id})}});
  EXPECT_EQ(main_texts_of(second),
            (Texts{"CREATE INDEX \"" + name_of(by_id) + "\" ON \"crm\".\"books\" (id)",
                   "DROP INDEX \"crm\".\"" + name_of(by_title_) + "\""}));
  EXPECT_TRUE(second.statements.back().takes_away);
}

TEST_F(AfterCreate, FindsWhatExtensionsBring) {
  session_.execute("CREATE SCHEMA tools; CREATE EXTENSION pg_trgm SCHEMA tools");
  apply({.after_create = {books({"create index on {table} using gin (title gin_trgm_ops)"})}});
  EXPECT_EQ(indexes().size(), 1U);
}

TEST_F(AfterCreate, TakesTheNameBackThatARenamedTableHasTakenAlong) {
  apply({.after_create = {books({by_title_})}});
  session_.execute("ALTER TABLE crm.books RENAME TO old; CREATE TABLE crm.books(title text)");
  const Difference second = apply({.after_create = {books({by_title_})}});
  EXPECT_EQ(main_texts_of(second).front(), "DROP INDEX \"crm\".\"" + name_of(by_title_) + "\"");
  EXPECT_EQ(session_.value("SELECT tablename FROM pg_indexes WHERE schemaname = 'crm'"), "books");
}

TEST_F(AfterCreate, GivesEachItsOwnWhenTwoTablesSwapTheirNames) {
  session_.execute("CREATE TABLE crm.pens(id int)");
  AfterCreateWish pens = books({"create index on {table} (id)"});
  pens.table = pens.tag = "pens";
  const Wishes wishes = {.after_create = {books({by_title_}), pens}};
  apply(wishes);
  session_.execute(
      "ALTER TABLE crm.pens RENAME TO old; ALTER TABLE crm.books RENAME TO pens;"
      "ALTER TABLE crm.old RENAME TO books; ALTER TABLE crm.books ADD title text");
  apply(wishes);
  EXPECT_EQ(indexes().size(), 2U);
}

TEST_F(AfterCreate, WritesCommentsOfSeveralLinesInOne) {
  AfterCreateWish wish = books({});
  wish.comment = "one\n\ttwo \\n";
  const Difference first = apply({.after_create = {wish}});
  EXPECT_EQ(texts_of(first),
            Texts{R"(COMMENT ON TABLE "crm"."books" IS E'one\u000A\u0009two \\n')"});
}

TEST_F(AfterCreate, LeavesTheIndexesOfOthersAlone) {
  session_.execute(
      "CREATE INDEX mine ON crm.books (id); CREATE INDEX weir_mine ON crm.books (title)");
  EXPECT_TRUE(apply({.after_create = {books({})}}).statements.empty());
}

TEST_F(AfterCreate, ChangesACommentThatIsAnotherOneAndTakesAnEmptyOneAway) {
  session_.execute("COMMENT ON TABLE crm.books IS 'old'; COMMENT ON COLUMN crm.books.id IS 'key'");
  AfterCreateWish wish = books({});
  wish.comment = "It's new";
  wish.columns = {{.column = "id", .text = ""}, {.column = "title", .text = ""}};
  EXPECT_EQ(texts_of(apply({.after_create = {wish}})),
            (Texts{"COMMENT ON TABLE \"crm\".\"books\" IS 'It''s new'",
                   "COMMENT ON COLUMN \"crm\".\"books\".\"id\" IS ''"}));
}

TEST_F(AfterCreate, WorksOnTablesOfOthersInSchemasOfOthers) {
  session_.execute(
      "CREATE ROLE pipeline; CREATE ROLE keeper; CREATE ROLE deployer CREATEROLE;"
      "GRANT pipeline, keeper TO deployer WITH ADMIN OPTION; ALTER SCHEMA crm OWNER TO keeper;"
      "GRANT USAGE ON SCHEMA crm TO pipeline; ALTER TABLE crm.books OWNER TO pipeline;"
      "SET LOCAL ROLE deployer");
  AfterCreateWish wish = books({by_title_});
  wish.comment = "Books";
  apply({.after_create = {wish}});
  EXPECT_EQ(session_.value("SELECT tableowner FROM pg_tables WHERE tablename = 'books'"),
            "pipeline");
}

TEST_F(AfterCreate, SaysWhoMayNot) {
  session_.execute(
      "CREATE ROLE nobody; GRANT USAGE ON SCHEMA crm TO nobody; SET LOCAL ROLE nobody");
  const Difference first = session_.compare({.after_create = {books({by_title_})}});
  EXPECT_TRUE(first.statements.empty()) << story_of(first);
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotAllowed);
}

TEST_F(AfterCreate, KeepsNamesApartThatNeedQuotes) {
  session_.execute("CREATE TABLE crm.\"a\"\"; DROP\"(\"x\"\"y\" int)");
  const AfterCreateWish wish = {.tag = "odd",
                                .schema = "crm",
                                .table = "a\"; DROP",
                                .indexes = {read_index("create index on {table} (\"x\"\"y\")")},
                                .columns = {{.column = "x\"y", .text = "'; DROP TABLE crm.books"}}};
  EXPECT_EQ(main_texts_of(apply({.after_create = {wish}})).size(), 2U);
}

TEST(IndexText, IsOneStatementWithoutAName) {
  const auto problem = [](std::string_view text) { return problem_with_index(text); };
  EXPECT_EQ(problem("  CREATE\n Unique INDEX On {table}(a) where b = ';'"),
            "it has ; in it, which weir does not take here");
  EXPECT_EQ(problem("create index on {table} using gin (b jsonb_path_ops) where (c > 'x''(')"), "");
  EXPECT_EQ(problem("drop table {table}"), "it does not begin with create index");
  EXPECT_EQ(problem("create unique table on {table}"), "it does not begin with create index");
  EXPECT_EQ(problem("create index concurrently on {table} (a)"),
            "concurrently does not work within a transaction, in which weir makes it");
  EXPECT_EQ(problem("create index mine on {table} (a)"),
            "weir names its indexes itself, so on {table} stands behind index");
  EXPECT_EQ(problem("create index on books (a)"), "{table} does not stand behind on");
  EXPECT_EQ(problem("create index on {table}"), "it does not say what it is on");
  EXPECT_EQ(problem("create index on {table} (a))"), "its brackets do not match");
  EXPECT_EQ(problem("create index on {table} (a"), "its brackets do not match");
  EXPECT_EQ(problem("create index on {table} (a || 'x)"), "a quotation mark is not closed");
  EXPECT_EQ(problem("create index on {table} (a) -- b"),
            "it has -- in it, which weir does not take here");
  EXPECT_EQ(problem("create index on {table} (a || 'x\ny')"), "a line ends within a quotation");
  EXPECT_EQ(read_index("create index on {table}\n  (a,\n   b)").definition, "(a,    b)");
  EXPECT_EQ(problem(""), "it does not begin with create index");
}

TEST(IndexText, GivesEachTextOnEachTableItsOwnName) {
  const IndexText plain = read_index("create index on {table} (a)");
  const IndexText unique = read_index("create unique index on {table} (a)");
  const std::string name = own_index_name("s", "t", plain);
  EXPECT_EQ(name.size(), 21U);
  EXPECT_EQ(name, own_index_name("s", "t", read_index(" CREATE INDEX ON {table}   (a) ")));
  EXPECT_NE(name, own_index_name("s", "t", unique));
  EXPECT_NE(name, own_index_name("s", "u", plain));
}

}  // namespace
}  // namespace weir::test
