// One manifest after another on the same database: each is what is there then, and after the last
// one, which says nothing, nothing is left.
#include <algorithm>

#include <gtest/gtest.h>

#include "sql/privilege.h"
#include "sql/released.h"
#include "tests/sql/in_transaction.h"
#include "tests/sql/random_world.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using enum ObjectClass;
using Texts = std::vector<std::string>;

class Sequences : public InTransaction {
 protected:
  /// What an apply executes that has applied `before_` last.
  Difference go_on(const Wishes& now) {
    Difference first = compare(now);
    session_.execute(first);
    before_ = now;
    const Difference second = compare(now);
    EXPECT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    return first;
  }

  Difference compare(const Wishes& now) {
    const Catalogue catalogue = session_.snapshot();
    return difference(catalogue, merged(now, released(before_, now, catalogue)));
  }

  /// Two creators, and a schema that both can create in.
  void make_a_team() {
    session_.execute(
        "CREATE ROLE own; CREATE ROLE mig; CREATE ROLE web; CREATE ROLE ana; CREATE SCHEMA app "
        "AUTHORIZATION own;"
        "GRANT USAGE, CREATE ON SCHEMA app TO mig; SET LOCAL ROLE own; CREATE TABLE app.t(a int);"
        "RESET ROLE");
  }

  static FutureWish later(PrivilegeSet privileges, const Texts& creators = {}) {
    return {.schema = "app",
            .grantee = {.role = "web"},
            .privileges = privileges,
            .creators = creators};
  }

  /// Whether web may read what a role makes now.
  bool reads_what(const std::string& creator) {
    session_.execute("SAVEPOINT s; SET LOCAL ROLE " + creator +
                     "; CREATE TABLE app.later(); RESET ROLE");
    const bool reads =
        session_.value("SELECT has_table_privilege('web', 'app.later', 'SELECT')") == "t";
    session_.execute("ROLLBACK TO s");
    return reads;
  }

  /// Whether the default privileges of a role in the schema give web a privilege on tables.
  bool would_give(const std::string& creator, const std::string& privilege) {
    return session_.value(
               "SELECT count(*) FROM pg_default_acl d, aclexplode(d.defaclacl) e WHERE "
               "d.defaclrole = '" +
               creator +
               "'::regrole AND e.grantee = "
               "'web'::regrole AND e.privilege_type = '" +
               privilege + "'") != "0";
  }

  /// Wishes that contradict each other are refused as a whole, and nothing is applied.
  static bool is_refused(const Difference& difference) {
    return std::ranges::any_of(difference.findings, &Finding::is_error);
  }

  Wishes before_ = {};
};

TEST_F(Sequences, LeaveToAProfileWhatAGrantSaidBesidesIt) {
  make_a_team();
  Wishes wishes = {.access = {wished("web", all_in_schema(kTable, "app"), {kSelect, kInsert}),
                              wished("web", a_table("app", "t"), {kTruncate})}};
  go_on(wishes);
  wishes.access.pop_back();
  EXPECT_EQ(texts_of(go_on(wishes)), Texts{R"(REVOKE TRUNCATE ON TABLE "app"."t" FROM "web")"});
}

TEST_F(Sequences, LeaveToAProfileWhatDefaultPrivilegesSaidBesidesIt) {
  make_a_team();
  Wishes wishes = {.defaults = {{.creator = "own",
                                 .schema = "app",
                                 .grantee = {.role = "web"},
                                 .privileges = {kTruncate}}},
                   .future = {later({kSelect})}};
  go_on(wishes);
  wishes.defaults.clear();
  EXPECT_EQ(texts_of(go_on(wishes)),
            Texts{R"(ALTER DEFAULT PRIVILEGES FOR ROLE "own" IN SCHEMA "app" )"
                  R"(REVOKE TRUNCATE ON TABLES FROM "web")"});
}

TEST_F(Sequences, TakeBackFromCreatorsThatAreNamedNoLonger) {
  make_a_team();
  go_on({.future = {later({kSelect})}});
  EXPECT_TRUE(reads_what("mig"));
  go_on({.future = {later({kSelect}, {"own"})}});
  EXPECT_FALSE(reads_what("mig"));
  EXPECT_TRUE(reads_what("own"));
  go_on({});
  EXPECT_FALSE(reads_what("own"));
}

TEST_F(Sequences, TakeBackFromCreatorsThatCanCreateNoLonger) {
  make_a_team();
  go_on({.future = {later({kSelect})}});
  session_.execute("REVOKE CREATE ON SCHEMA app FROM mig");
  go_on({});
  session_.execute("GRANT CREATE ON SCHEMA app TO mig");
  EXPECT_FALSE(reads_what("mig"));
}

TEST_F(Sequences, InferNoCreatorFromWhatTheyTakeAway) {
  make_a_team();
  go_on({.access = {wished("web", the_schema("app"), {kUsage})},
         .exclusive = {{.target = the_schema("app")}},
         .future = {later({kSelect})}});
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_default_acl WHERE defaclrole = 'mig'::regrole"),
            "0");
}

TEST_F(Sequences, KeepInAClosedSchemaWhatOthersGiveAsDeclared) {
  make_a_team();
  session_.execute(
      "ALTER DEFAULT PRIVILEGES FOR ROLE ana IN SCHEMA app GRANT SELECT, DELETE ON "
      "TABLES TO web");
  go_on({.exclusive = {{.target = all_in_schema(kTable, "app")}}, .future = {later({kSelect})}});
  EXPECT_TRUE(would_give("ana", "SELECT"));
  EXPECT_FALSE(would_give("ana", "DELETE"));
}

TEST_F(Sequences, LeaveToDeclaredDefaultPrivilegesWhatTheySay) {
  make_a_team();
  Wishes wishes = {.defaults = {{.creator = "ana",
                                 .schema = "app",
                                 .grantee = {.role = "web"},
                                 .privileges = {kSelect, kInsert}}},
                   .future = {later({kSelect})}};
  go_on(wishes);
  wishes.defaults[0].privileges = {kInsert};
  go_on(wishes);
  EXPECT_FALSE(would_give("ana", "SELECT"));
  wishes.defaults[0].privileges = {};
  EXPECT_FALSE(is_refused(compare(wishes)));
  go_on(wishes);
  EXPECT_FALSE(would_give("ana", "INSERT"));
}

TEST_F(Sequences, LeaveWhatPostgresGivesByItself) {
  make_a_team();
  const DefaultWish own = {.creator = "own",
                           .grantee = {.role = "own"},
                           .privileges = privileges_of(kTable, session_.snapshot().version)};
  const DefaultWish everybody = {.creator = "own",
                                 .object_class = kRoutine,
                                 .grantee = {.is_public = true},
                                 .privileges = {kExecute}};
  go_on({.defaults = {own, everybody}});
  EXPECT_TRUE(go_on({}).statements.empty());
}

/// On a local server that is whoever applies.
TEST_F(Sequences, InferTheSuperuserThatOwnsTheSchema) {
  session_.execute("CREATE ROLE web; CREATE SCHEMA app");
  go_on({.future = {later({kSelect})}});
  EXPECT_TRUE(reads_what("lakebase_internal"));
}

Grantee random_grantee(std::mt19937& random) {
  static const Texts names = {"web", "mig", "ana"};
  return {.role = one_of(random, names)};
}

PrivilegeSet random_privileges(std::mt19937& random) {
  PrivilegeSet privileges;
  for (const Privilege each : {kSelect, kInsert, kUpdate}) {
    if (is_likely(random, 40)) privileges |= {each};
  }
  return privileges;
}

Wishes random_manifest(std::mt19937& random) {
  Wishes wishes;
  const std::vector<Target> targets = {all_in_schema(kTable, "app"), a_table("app", "t"),
                                       a_table("app", "u"), one_column("app", "t", "a")};
  for (const Target& target : targets) {
    if (!is_likely(random, 60)) continue;
    wishes.access.push_back({.grantee = random_grantee(random),
                             .target = target,
                             .privileges = random_privileges(random)});
  }
  if (is_likely(random, 50)) {
    wishes.access.push_back({.grantee = random_grantee(random),
                             .target = the_schema("app"),
                             .privileges = is_likely(random, 50) ? PrivilegeSet{kUsage, kCreate}
                                                                 : PrivilegeSet{kUsage}});
  }
  if (is_likely(random, 30)) wishes.exclusive.push_back({.target = the_schema("app")});
  if (is_likely(random, 30)) {
    wishes.exclusive.push_back({.target = all_in_schema(kTable, "app")});
  }
  if (is_likely(random, 60)) {
    const std::vector<Texts> creators = {{}, {"own"}, {"mig"}, {"own", "mig"}};
    wishes.future.push_back({.schema = "app",
                             .grantee = random_grantee(random),
                             .privileges = random_privileges(random) | PrivilegeSet{kSelect},
                             .creators = one_of(random, creators)});
  }
  if (is_likely(random, 40)) {
    wishes.defaults.push_back({.creator = "own",
                               .schema = "app",
                               .grantee = random_grantee(random),
                               .privileges = random_privileges(random) | PrivilegeSet{kInsert}});
  }
  return wishes;
}

TEST_F(Sequences, OfAnyManifestsEndWhereTheLastOneSays) {
  make_a_team();
  session_.execute("CREATE TABLE app.u(a int); ALTER TABLE app.u OWNER TO own");
  for_each_seed(100, [&](std::mt19937& random) {
    session_.execute("SAVEPOINT world");
    before_ = {};
    for (int number = 0; number < 5; ++number) {
      const Wishes now = random_manifest(random);
      if (!is_refused(compare(now))) go_on(now);
      ASSERT_FALSE(HasFailure());
    }
    go_on({});
    EXPECT_EQ(session_.value("SELECT count(*) FROM pg_default_acl"), "0");
    EXPECT_EQ(
        session_.value("SELECT count(*) FROM pg_class c, aclexplode(c.relacl) e "
                       "WHERE e.grantee <> c.relowner AND c.relnamespace = 'app'::regnamespace"),
        "0");
    EXPECT_EQ(session_.value("SELECT count(*) FROM pg_attribute WHERE attacl IS NOT NULL AND "
                             "attrelid IN ('app.t'::regclass, 'app.u'::regclass)"),
              "0");
    ASSERT_FALSE(HasFailure());
    session_.execute("ROLLBACK TO world");
  });
}

}  // namespace
}  // namespace weir::test
