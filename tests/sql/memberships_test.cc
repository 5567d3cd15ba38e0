// Who may be a member of whom.
#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Texts = std::vector<std::string>;

class MembershipChanges : public InTransaction {};

TEST_F(MembershipChanges, OfARoleInItsOwnMemberAreRefusedWhilePlanning) {
  session_.execute("CREATE ROLE a; CREATE ROLE b IN ROLE a; CREATE ROLE c IN ROLE b");
  const Difference difference =
      sql::difference(session_.snapshot(), {.memberships = {{.role = "c", .member = "a"}}});
  ASSERT_EQ(difference.findings.size(), 1U);
  EXPECT_TRUE(difference.findings.front().is_error());
  EXPECT_EQ(difference.findings.front().text, "a cannot be a member of c, which is a member of it");
  EXPECT_TRUE(difference.statements.empty());
}

/// Who applies may create roles, and is itself what another one is a member of.
TEST_F(MembershipChanges, AreNotBorrowedFromOnesOwnMembers) {
  session_.execute(
      "CREATE ROLE dev CREATEROLE; CREATE ROLE ana IN ROLE dev; CREATE SCHEMA app;"
      "GRANT ALL ON SCHEMA app TO dev WITH GRANT OPTION; CREATE TABLE app.t();"
      "ALTER TABLE app.t OWNER TO ana; SET LOCAL ROLE dev");
  const Difference difference =
      session_.compare({.access = {{.grantee = {.role = "dev"},
                                    .target = one_object(ObjectClass::kTable, "app", "t"),
                                    .privileges = {Privilege::kSelect}}}});
  EXPECT_TRUE(difference.statements.empty()) << story_of(difference);
  ASSERT_EQ(difference.findings.size(), 1U) << story_of(difference);
  EXPECT_EQ(difference.findings.front().kind, FindingKind::kNotAllowed);
}

TEST_F(MembershipChanges, TurnRound) {
  session_.execute("CREATE ROLE a; CREATE ROLE b IN ROLE a");
  apply({.memberships = {{.role = "b", .member = "a"},
                         {.role = "a", .member = "b", .is_wanted = false}}});
  EXPECT_EQ(session_.value("SELECT pg_has_role('a', 'b', 'MEMBER')::text || "
                           "pg_has_role('b', 'a', 'MEMBER')"),
            "truefalse");
}

}  // namespace
}  // namespace weir::test
