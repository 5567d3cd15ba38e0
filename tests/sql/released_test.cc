// What was taken out of a manifest is taken back, on a real PostgreSQL.
#include "sql/released.h"

#include <gtest/gtest.h>

#include "sql/wishes_document.h"
#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;

MembershipWish membership(const std::string& role, const std::string& member) {
  return {.role = role, .member = member};
}

FutureWish later_tables(const std::string& grantee, std::vector<std::string> creators = {}) {
  return {.schema = "app",
          .grantee = {.role = grantee},
          .privileges = {Privilege::kSelect},
          .creators = std::move(creators)};
}

class Released : public InTransaction {
 protected:
  Released() {
    session_.execute(
        "CREATE ROLE ana LOGIN; CREATE ROLE berta; CREATE ROLE maker; CREATE SCHEMA app;"
        "GRANT CREATE ON SCHEMA app TO maker; CREATE TABLE app.a(x int); CREATE TABLE app.b()");
  }

  std::string released_text(const Wishes& before, const Wishes& now = {}) {
    return to_text(document_of(released(before, now, session_.snapshot())));
  }

  /// Applies one after the other, and expects that nothing is left to do.
  void apply_both(const Wishes& before, const Wishes& now) {
    const Difference first = session_.apply(before);
    EXPECT_TRUE(first.findings.empty()) << story_of(first);
    const Difference second =
        session_.apply(merged(now, released(before, now, session_.snapshot())));
    EXPECT_TRUE(second.findings.empty()) << story_of(second);
    const Difference third =
        session_.compare(merged(now, released(before, now, session_.snapshot())));
    EXPECT_TRUE(third.statements.empty()) << story_of(second) << "and then\n" << story_of(third);
  }
};

TEST_F(Released, DropsTheIndexesThatWeirMadeAndLeavesComments) {
  const AfterCreateWish wish = {.tag = "a",
                                .schema = "app",
                                .table = "a",
                                .indexes = {{.definition = "(x)"}},
                                .comment = "A table"};
  const AfterCreateWish gone = {.tag = "gone", .schema = "app", .table = "gone"};
  apply_both({.after_create = {wish}}, {});
  EXPECT_EQ(released_text({.after_create = {gone}}), "{}");
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'"), "0");
  EXPECT_EQ(session_.value("SELECT obj_description('app.a'::regclass)"), "A table");
}

TEST_F(Released, TakesBackAccessAndLeavesTheRest) {
  AccessWish reads = wished("ana", all_in_schema(ObjectClass::kTable, "app"), {Privilege::kSelect});
  reads.covers_future = false;
  const AccessWish uses = wished("ana", the_schema("app"), {Privilege::kUsage});
  const AccessWish others = wished("berta", a_table("app", "a"), {Privilege::kInsert});
  apply_both({.access = {reads, uses, others}}, {.access = {uses, others}});
  EXPECT_EQ(session_.value("SELECT has_table_privilege('ana', 'app.a', 'SELECT')"), "f");
  EXPECT_EQ(session_.value("SELECT has_schema_privilege('ana', 'app', 'USAGE')"), "t");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('berta', 'app.a', 'INSERT')"), "t");
}

TEST_F(Released, TakesBackEveryKindOfWish) {
  Wishes before = {.memberships = {membership("berta", "ana")},
                   .settings = {{.name = "work_mem", .value = "8MB"},
                                {.role = "ana", .name = "work_mem", .value = "9MB"}},
                   .access = {wished("ana", one_column("app", "a", "x"), {Privilege::kUpdate})},
                   .future = {later_tables("ana")}};
  before.defaults.push_back({.creator = "maker",
                             .object_class = ObjectClass::kSequence,
                             .grantee = {.role = "ana"},
                             .privileges = {Privilege::kUsage},
                             .is_grantable = true});
  apply_both(before, {});
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_default_acl"), "0");
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d "
                           "ON d.oid = setdatabase WHERE datname = current_database()"),
            "0");
  EXPECT_EQ(session_.value("SELECT pg_has_role('ana', 'berta', 'MEMBER')"), "f");
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ana', 'app.a', 'x', 'UPDATE')"), "f");
}

TEST_F(Released, TakesBackWhatACreatorGivesThatMayCreateNoLonger) {
  session_.execute("CREATE ROLE newcomer");
  const AccessWish creates = wished("newcomer", the_schema("app"), {Privilege::kCreate});
  apply_both({.access = {creates}, .future = {later_tables("ana")}}, {});
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_default_acl"), "0");
}

TEST_F(Released, IsNothingWhereNothingChanged) {
  const Wishes wishes = {.memberships = {membership("berta", "ana")},
                         .settings = {{.name = "work_mem", .value = "8MB"}},
                         .access = {wished("ana", a_table("app", "a"), {Privilege::kSelect})},
                         .future = {later_tables("ana")}};
  EXPECT_EQ(released_text(wishes, wishes), "{}");
}

TEST_F(Released, IsNothingWhereTheSameIsWishedInAnotherWay) {
  const Wishes before = {.access = {wished("ana", a_table("app", "a"), {Privilege::kInsert})}};
  const Wishes now = {.access = {wished("ana", a_table("app", "a"), {Privilege::kSelect})}};
  EXPECT_EQ(released_text(before, now), "{}");
}

TEST_F(Released, LeavesOutRolesThatAreGone) {
  EXPECT_EQ(released_text({.memberships = {membership("gone", "ana"), membership("ana", "gone")},
                           .settings = {{.role = "gone", .name = "work_mem", .value = "8MB"}},
                           .access = {wished("gone", a_table("app", "a"), {Privilege::kSelect})},
                           .defaults = {{.creator = "gone", .grantee = {.role = "ana"}},
                                        {.creator = "ana", .grantee = {.role = "gone"}}},
                           .future = {later_tables("gone")}}),
            "{}");
}

TEST_F(Released, LeavesOutObjectsThatAreGone) {
  FutureWish elsewhere = later_tables("ana");
  elsewhere.schema = "gone";
  EXPECT_EQ(released_text(
                {.access = {wished("ana", a_table("app", "gone"), {Privilege::kSelect}),
                            wished("ana", one_column("app", "gone", "x"), {Privilege::kSelect}),
                            wished("ana", one_column("app", "a", "gone"), {Privilege::kSelect}),
                            wished("ana", the_schema("gone"), {Privilege::kUsage}),
                            wished("ana", all_in_schema(ObjectClass::kTable, "gone"),
                                   {Privilege::kSelect})},
                 .defaults = {{.creator = "ana", .schema = "gone", .grantee = {.role = "berta"}}},
                 .future = {elsewhere}}),
            "{}");
}

TEST_F(Released, TakesNothingFromOtherCreatorsWhenTheNamedOnesAreGone) {
  session_.execute(
      "ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA app GRANT SELECT ON TABLES "
      "TO ana");
  EXPECT_EQ(released_text({.future = {later_tables("ana", {"gone"})}}), "{}");
}

TEST_F(Released, TakesBackNothingThatWasOnlyKeptAway) {
  FutureWish later = later_tables("ana");
  later.privileges = {};
  const AccessWish nothing = wished("ana", a_table("app", "a"), {});
  EXPECT_EQ(released_text({.memberships = {{.role = "berta", .member = "ana", .is_wanted = false}},
                           .settings = {{.name = "work_mem"}},
                           .access = {nothing},
                           .defaults = {{.creator = "maker", .grantee = {.role = "ana"}}},
                           .future = {later}}),
            "{}");
}

TEST_F(Released, TakesNothingFromWhoOwnsTheObject) {
  session_.execute("ALTER TABLE app.a OWNER TO ana; ALTER SCHEMA app OWNER TO ana");
  const Wishes before = {
      .access = {wished("ana", a_table("app", "a"), {Privilege::kSelect}),
                 wished("ana", one_column("app", "a", "x"), {Privilege::kSelect}),
                 wished("ana", the_schema("app"), {Privilege::kUsage})}};
  EXPECT_EQ(released_text(before), "{}");
}

TEST_F(Released, TakesNothingFromWhoBecomesTheOwner) {
  const AccessWish reads = wished("ana", a_table("app", "a"), {Privilege::kSelect});
  apply_both({.access = {reads}}, {.owners = {{.target = a_table("app", "a"), .owner = "ana"}}});
  EXPECT_EQ(session_.value("SELECT has_table_privilege('ana', 'app.a', 'INSERT')"), "t");
}

TEST_F(Released, MergesEveryPart) {
  const Wishes one = {.roles = {{.name = "r"}},
                      .memberships = {{.role = "m"}},
                      .schemas = {{.name = "s"}},
                      .extensions = {{.name = "e"}},
                      .settings = {{.name = "t"}},
                      .owners = {{.owner = "o"}},
                      .access = {{.tag = "a"}},
                      .exclusive = {{.tag = "x"}},
                      .defaults = {{.creator = "d"}},
                      .future = {{.schema = "f"}},
                      .ends = {{.name = "n"}}};
  EXPECT_EQ(document_of(merged(one, {})), document_of(one));
  EXPECT_EQ(document_of(merged({}, one)), document_of(one));
  EXPECT_EQ(merged(one, one).ends.size(), 2U);
}

}  // namespace
}  // namespace weir::test
