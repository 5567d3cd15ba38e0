// What users of other tools ran into, on a real PostgreSQL. Each test is named after the symptom.
#include <gtest/gtest.h>

#include "sql/privilege.h"
#include "sql/quote.h"
#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using enum ObjectClass;
using Texts = std::vector<std::string>;

class Symptoms : public InTransaction {
 protected:
  bool can(const std::string& role, const std::string& table, const std::string& privilege) {
    return session_.value("SELECT has_table_privilege('" + role + "', '" + table + "', '" +
                          privilege + "')") == "t";
  }

  void let_lead_make_a_member() {
    session_.execute(
        "CREATE ROLE team; CREATE ROLE lead; CREATE ROLE member;"
        "GRANT team TO lead WITH ADMIN OPTION; SET LOCAL ROLE lead; GRANT team TO member;"
        "RESET ROLE");
  }
};

/// 20 sessions with 20 GRANTs each on one schema fail; one session gets one statement.
TEST_F(Symptoms, TupleConcurrentlyUpdatedCannotHappenInOneTransaction) {
  session_.execute("CREATE SCHEMA app");
  Wishes wishes;
  for (int number = 0; number < 20; ++number) {
    const std::string role = "r" + std::to_string(number);
    session_.execute("CREATE ROLE " + role);
    wishes.access.push_back(wished(role, the_schema("app"), {kUsage}));
    wishes.access.push_back(wished(role, the_schema("app"), {kCreate}));
  }
  EXPECT_EQ(apply(wishes).statements.size(), 1U);
}

TEST_F(Symptoms, RefreshRunsOneQueryForEachGrant) {
  session_.execute("CREATE SCHEMA app");
  for (int number = 0; number < 100; ++number) {
    session_.execute("CREATE TABLE app.t" + std::to_string(number) + "()");
  }
  // All of them are one row of the answer to one statement.
  const Catalogue catalogue = session_.snapshot();
  const ObjectGroup* group = catalogue.group_of(kTable, "app", "", "t0");
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->names.size(), 100U);
}

TEST_F(Symptoms, GrantingOnAllTablesIsRepeatedForEveryRole) {
  session_.execute("CREATE SCHEMA app; CREATE TABLE app.a(); CREATE TABLE app.b()");
  Wishes wishes;
  for (int number = 0; number < 40; ++number) {
    const std::string role = "r" + std::to_string(number);
    session_.execute("CREATE ROLE " + role);
    wishes.access.push_back(
        wished(role, all_in_schema(kTable, "app"), {kSelect, kInsert, kUpdate, kDelete}));
  }
  EXPECT_EQ(apply(wishes).statements.size(), 1U);
}

TEST_F(Symptoms, DropRoleFailsAsSomethingIsLeftInAnotherDatabase) {
  const std::string other = SqlServer::get().new_database();
  const Wishes wishes = {.retirements = {{.role = "leaver", .heir = "heir"}}};
  Session here(database());
  here.execute("CREATE ROLE leaver; CREATE ROLE heir; CREATE SCHEMA mine AUTHORIZATION leaver");
  here.commit();
  Session there(other);
  there.execute("CREATE SCHEMA also_mine AUTHORIZATION leaver");
  there.commit();
  Session second(database());
  second.execute(difference(second.snapshot(), wishes));
  EXPECT_EQ(second.code_of("DROP ROLE leaver"), "2BP01");
  second.commit();
  Session third(other);
  third.execute(difference(third.snapshot(), wishes));
  third.execute("DROP ROLE leaver");
  EXPECT_EQ(third.value("SELECT count(*) FROM pg_roles WHERE rolname = 'leaver'"), "0");
  EXPECT_EQ(third.value("SELECT pg_get_userbyid(nspowner) FROM pg_namespace "
                        "WHERE nspname = 'also_mine'"),
            "heir");
  EXPECT_TRUE(difference(third.snapshot(), wishes).statements.empty());
  third.execute("DROP SCHEMA also_mine");
  third.commit();
  Session last(database());
  last.execute("DROP SCHEMA mine; DROP ROLE heir");
  last.commit();
}

TEST_F(Symptoms, RetiringARoleTakesAwayWhatItGaveToOthers) {
  session_.execute(
      "CREATE ROLE leaver; CREATE ROLE heir; CREATE ROLE ana; CREATE SCHEMA app;"
      "GRANT USAGE ON SCHEMA app TO leaver; CREATE TABLE app.t();"
      "GRANT SELECT ON app.t TO leaver WITH GRANT OPTION;"
      "SET LOCAL ROLE leaver; GRANT SELECT ON app.t TO ana; RESET ROLE");
  session_.execute(
      difference(session_.snapshot(), {.retirements = {{.role = "leaver", .heir = "heir"}}}));
  EXPECT_TRUE(can("ana", "app.t", "SELECT"));
  EXPECT_EQ(session_.code_of("DROP ROLE leaver"), "");
}

// Whoever drops has grant options through another role as well, which PostgreSQL prefers to those
// of the owner, and then it revokes what nobody gave.
TEST_F(Symptoms, MembersThatALeaverMadeVanishWithIt) {
  if (major() < 16) GTEST_SKIP() << "needs PostgreSQL 16";
  let_lead_make_a_member();
  session_.apply(
      {.retirements = {{.role = "lead", .heir = session_.value("SELECT current_user")}}});
  session_.execute("DROP ROLE lead");
  EXPECT_EQ(session_.value("SELECT pg_has_role('member', 'team', 'MEMBER')"), "t");
}

TEST_F(Symptoms, AMembershipThatWasPassedOnCannotBeRevoked) {
  if (major() < 16) GTEST_SKIP() << "needs PostgreSQL 16";
  let_lead_make_a_member();
  apply({.memberships = {{.role = "team", .member = "lead", .is_wanted = false}}});
  EXPECT_EQ(session_.value("SELECT pg_has_role('member', 'team', 'MEMBER')"), "t");
  EXPECT_EQ(session_.value("SELECT pg_has_role('lead', 'team', 'MEMBER')"), "f");
}

TEST_F(Symptoms, DropOwnedSilentlyLeavesWhatSomebodyElseGave) {
  session_.execute(
      "CREATE ROLE chief CREATEROLE; CREATE ROLE staff; CREATE ROLE owner; CREATE ROLE leaver;"
      "GRANT staff, owner TO chief;"
      "CREATE SCHEMA app; CREATE TABLE app.t(); ALTER TABLE app.t OWNER TO owner;"
      "GRANT ALL ON SCHEMA app TO owner WITH GRANT OPTION;"
      "SET LOCAL ROLE owner; GRANT ALL ON app.t TO staff WITH GRANT OPTION;"
      "GRANT SELECT ON app.t TO leaver; RESET ROLE");
  let_administer("chief", "leaver");
  session_.execute("SET LOCAL ROLE chief");
  session_.execute(
      difference(session_.snapshot(), {.retirements = {{.role = "leaver", .heir = "owner"}}}));
  session_.execute("RESET ROLE");
  EXPECT_EQ(session_.code_of("DROP ROLE leaver"), "");
}

TEST_F(Symptoms, RevokeFailsWithDependentPrivilegesExist) {
  session_.execute(
      "CREATE ROLE giver; CREATE ROLE kept; CREATE ROLE unnamed; CREATE ROLE lost;"
      "CREATE SCHEMA app; CREATE TABLE app.t();"
      "GRANT USAGE ON SCHEMA app TO giver;"
      "GRANT SELECT ON app.t TO giver WITH GRANT OPTION; SET LOCAL ROLE giver;"
      "GRANT SELECT ON app.t TO kept, unnamed, lost; RESET ROLE");
  EXPECT_EQ(session_.code_of("REVOKE ALL ON app.t FROM giver"), "2BP01");
  apply({.access = {wished("giver", a_table("app", "t"), {}),
                    wished("kept", a_table("app", "t"), {kSelect}),
                    wished("lost", a_table("app", "t"), {})}});
  EXPECT_FALSE(can("giver", "app.t", "SELECT"));
  EXPECT_TRUE(can("kept", "app.t", "SELECT"));
  EXPECT_TRUE(can("unnamed", "app.t", "SELECT")) << "nobody asked for that";
  EXPECT_FALSE(can("lost", "app.t", "SELECT"));
}

TEST_F(Symptoms, WhatAGranteeGaveOnIsTakenFromOneOfThem) {
  session_.execute(
      "CREATE ROLE giver; CREATE ROLE kept; CREATE ROLE lost; CREATE SCHEMA app;"
      "GRANT USAGE ON SCHEMA app TO giver; CREATE TABLE app.t();"
      "GRANT SELECT ON app.t TO giver WITH GRANT OPTION; SET LOCAL ROLE giver;"
      "GRANT SELECT ON app.t TO kept, lost; RESET ROLE");
  const Difference first = apply({.access = {wished("lost", a_table("app", "t"), {})}});
  EXPECT_EQ(texts_of(first),
            (Texts{R"(GRANT SELECT ON TABLE "app"."t" TO "kept")",
                   R"(REVOKE GRANT OPTION FOR SELECT ON TABLE "app"."t" FROM "giver" CASCADE)",
                   R"(GRANT SELECT ON TABLE "app"."t" TO "giver" WITH GRANT OPTION)"}));
  EXPECT_TRUE(can("giver", "app.t", "SELECT WITH GRANT OPTION"));
  EXPECT_TRUE(can("kept", "app.t", "SELECT"));
  EXPECT_FALSE(can("lost", "app.t", "SELECT"));
}

TEST_F(Symptoms, DefaultPrivilegesAreForTheWrongCreator) {
  session_.execute("CREATE ROLE r6; CREATE ROLE r7; CREATE SCHEMA app AUTHORIZATION r6");
  const Wishes only_existing = {.access = {wished("r7", all_in_schema(kTable, "app"), {kSelect})}};
  const Difference warned = apply(only_existing);
  ASSERT_EQ(warned.findings.size(), 1U) << story_of(warned);
  EXPECT_EQ(warned.findings.front().kind, FindingKind::kNotForFuture);
  EXPECT_EQ(warned.findings.front().text,
            "tables that r6 makes in app later will lack SELECT for r7: no default privileges say "
            "otherwise");
  Wishes wishes = only_existing;
  wishes.defaults = {{.creator = "r6",
                      .schema = "app",
                      .object_class = kTable,
                      .grantee = {.role = "r7"},
                      .privileges = {kSelect}}};
  const Difference first = apply(wishes);
  EXPECT_TRUE(first.findings.empty()) << story_of(first);
  EXPECT_EQ(texts_of(first), Texts{R"(ALTER DEFAULT PRIVILEGES FOR ROLE "r6" IN SCHEMA "app" )"
                                   R"(GRANT SELECT ON TABLES TO "r7")"});
  session_.execute("SET LOCAL ROLE r6; CREATE TABLE app.later(); RESET ROLE");
  EXPECT_TRUE(can("r7", "app.later", "SELECT"));
  EXPECT_TRUE(session_.compare(wishes).statements.empty()) << "a new table is no drift";
}

TEST_F(Symptoms, RevokingExecuteFromPublicInASchemaHasNoEffect) {
  session_.execute(
      "CREATE ROLE maker; CREATE SCHEMA app; GRANT CREATE, USAGE ON SCHEMA app TO maker");
  DefaultWish wish = {.creator = "maker",
                      .schema = "app",
                      .object_class = kRoutine,
                      .grantee = {.is_public = true}};
  const Difference in_schema = apply({.defaults = {wish}});
  EXPECT_TRUE(in_schema.statements.empty()) << story_of(in_schema);
  ASSERT_EQ(in_schema.findings.size(), 1U);
  EXPECT_EQ(in_schema.findings.front().kind, FindingKind::kPublicDefault);
  wish.schema.reset();
  EXPECT_EQ(texts_of(apply({.defaults = {wish}})),
            Texts{R"(ALTER DEFAULT PRIVILEGES FOR ROLE "maker" )"
                  R"(REVOKE EXECUTE ON ROUTINES FROM PUBLIC)"});
  session_.execute(
      "SET LOCAL ROLE maker; CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "RESET ROLE; CREATE ROLE ana");
  EXPECT_EQ(session_.value("SELECT has_function_privilege('ana', 'app.f()', 'EXECUTE')"), "f");
}

/// cyrilgdn/terraform-provider-postgresql#32: the server answers ALL with the expanded list.
TEST_F(Symptoms, AllPrivilegesNeverSettle) {
  session_.execute("CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t()");
  const Texts all = {"all"};
  const ReadPrivileges read = read_privileges(all, kTable, session_.snapshot().version);
  EXPECT_EQ(read.problem, "");
  const Wishes wishes = {.access = {wished("ana", a_table("app", "t"), read.privileges)}};
  apply(wishes);
  session_.execute("GRANT ALL ON app.t TO ana");
  EXPECT_TRUE(session_.compare(wishes).statements.empty());
}

/// #106, #197: partitions and tables that migrations made.
TEST_F(Symptoms, PartitionsAndNewTablesAreMissed) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.p(a int) PARTITION BY LIST (a);"
      "CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN (1); CREATE VIEW app.v AS SELECT 1;"
      "CREATE MATERIALIZED VIEW app.m AS SELECT 1");
  const Wishes wishes = {.access = {wished("ana", all_in_schema(kTable, "app"), {kSelect})}};
  EXPECT_EQ(texts_of(apply(wishes)),
            Texts{R"(GRANT SELECT ON ALL TABLES IN SCHEMA "app" TO "ana")"});
  session_.execute("CREATE TABLE app.p2 PARTITION OF app.p FOR VALUES IN (2)");
  const Difference drift = apply(wishes);
  ASSERT_EQ(drift.statements.size(), 1U);
  EXPECT_EQ(drift.statements.front().why, "table app.p2 lacks SELECT for ana");
}

/// #420: e-mail addresses are the normal case.
TEST_F(Symptoms, AtSignsInRoleNamesBreakIds) {
  session_.execute(R"(CREATE ROLE "ana@example.com"; CREATE SCHEMA app)");
  EXPECT_EQ(texts_of(apply({.access = {wished("ana@example.com", the_schema("app"), {kUsage})}})),
            Texts{R"(GRANT USAGE ON SCHEMA "app" TO "ana@example.com")"});
}

/// #452, #246: FOR ROLE needs membership, and the error comes at the apply.
TEST_F(Symptoms, DefaultPrivilegesOfAStrangerArePermissionDeniedAtApply) {
  session_.execute(
      "CREATE ROLE deployer; CREATE ROLE stranger; CREATE ROLE ana; CREATE SCHEMA app;"
      "GRANT ALL ON SCHEMA app TO deployer; SET LOCAL ROLE deployer");
  const Difference found = session_.compare({.defaults = {{.tag = "line 7",
                                                           .creator = "stranger",
                                                           .schema = "app",
                                                           .grantee = {.role = "ana"},
                                                           .privileges = {kSelect}}}});
  EXPECT_TRUE(found.statements.empty());
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings.front().kind, FindingKind::kNotAllowed);
  EXPECT_EQ(found.findings.front().tags, Texts{"line 7"});
  EXPECT_EQ(found.findings.front().text,
            "deployer cannot set what tables that stranger makes in app gives: it is no member of "
            "stranger, and may not make itself one");
}

/// #293, #300: the public schema of PostgreSQL 15 belongs to pg_database_owner.
TEST_F(Symptoms, ThePublicSchemaBelongsToARoleThatNobodyIsAMemberOf) {
  if (major() < 15) GTEST_SKIP() << "needs PostgreSQL 15";
  session_.execute("CREATE ROLE owner; CREATE ROLE ana; ALTER DATABASE " + database() +
                   " OWNER TO owner; SET LOCAL ROLE owner");
  const Difference first = apply({.access = {wished("ana", the_schema("public"), {kCreate})}});
  EXPECT_EQ(first.statements.size(), 1U) << story_of(first);
  EXPECT_EQ(session_.value("SELECT has_schema_privilege('ana', 'public', 'CREATE')"), "t");
}

/// hashicorp/terraform-provider-postgresql#71: the tool makes itself a member, and races.
TEST_F(Symptoms, TheToolMakesItselfAMemberInSecret) {
  session_.execute(
      "CREATE ROLE deployer CREATEROLE; CREATE ROLE migrator; CREATE ROLE ana; CREATE SCHEMA app "
      "AUTHORIZATION migrator");
  let_administer("deployer", "migrator");
  session_.execute("SET LOCAL ROLE deployer");
  const Difference first = apply({.access = {wished("ana", the_schema("app"), {kUsage})}});
  const Texts texts = texts_of(first);
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_TRUE(texts[0].starts_with(R"(GRANT "migrator" TO "deployer")"));
  EXPECT_EQ(texts[1], R"(GRANT USAGE ON SCHEMA "app" TO "ana")");
  EXPECT_TRUE(texts[2].starts_with(R"(REVOKE "migrator" FROM "deployer")"));
  EXPECT_EQ(first.statements.front().why,
            "for this transaction alone: deployer must be a member of migrator to change "
            "privileges on app");
  EXPECT_EQ(session_.value("SELECT pg_has_role('deployer', 'migrator', 'USAGE')"), "f");
}

/// Before version 16 joining again gives a role without INHERIT nothing, and giving that back took
/// its lasting membership away.
TEST_F(Symptoms, ADeployerWithoutInheritLosesItsMembership) {
  if (major() >= 16) GTEST_SKIP() << "needs PostgreSQL before 16";
  session_.execute(
      "CREATE ROLE deployer NOINHERIT CREATEROLE; CREATE ROLE migrator; CREATE ROLE ana;"
      "CREATE SCHEMA app AUTHORIZATION migrator; GRANT migrator TO deployer WITH ADMIN OPTION;"
      "SET LOCAL ROLE deployer");
  const Difference first =
      session_.compare({.access = {wished("ana", the_schema("app"), {kUsage})}});
  EXPECT_TRUE(first.statements.empty()) << story_of(first);
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings.front().kind, FindingKind::kNotAllowed);
  EXPECT_EQ(first.findings.front().text,
            "deployer cannot change privileges on app: it has the attribute NOINHERIT, so that "
            "being a member of migrator gives it nothing; ALTER ROLE deployer INHERIT mends that");
}

TEST_F(Symptoms, NothingOnOneTableLosesAgainstAProfileForAll) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.open(); CREATE TABLE app.secret();"
      "GRANT SELECT ON app.secret TO ana");
  const AccessWish all = wished("ana", all_in_schema(kTable, "app"), {kSelect});
  apply({.access = {all, wished("ana", a_table("app", "secret"), {})}});
  EXPECT_TRUE(can("ana", "app.open", "SELECT"));
  EXPECT_FALSE(can("ana", "app.secret", "SELECT"));
  const Difference both =
      session_.compare({.access = {wished("ana", a_table("app", "open"), {}),
                                   wished("ana", a_table("app", "open"), {kInsert})}});
  ASSERT_EQ(both.findings.size(), 1U);
  EXPECT_EQ(both.findings.front().text,
            "ana is to have nothing on table app.open, and something: say one of them");
}

/// PostgreSQL makes them for its first superuser, whoever makes the type.
TEST_F(Symptoms, TheConstructorsOfARangeBelongToNobodyHere) {
  session_.execute(
      "CREATE ROLE deployer; CREATE ROLE ana; CREATE SCHEMA app AUTHORIZATION deployer;"
      "SET LOCAL ROLE deployer; CREATE TYPE app.span AS RANGE (subtype = float8);"
      "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Difference first =
      apply({.access = {wished("ana", all_in_schema(kRoutine, "app"), {kExecute})}});
  EXPECT_EQ(texts_of(first), Texts{R"(GRANT EXECUTE ON ROUTINE "app"."f"() TO "ana")"});
  EXPECT_TRUE(first.findings.empty()) << story_of(first);
}

TEST_F(Symptoms, DomainsOverArraysAreNotSeen) {
  session_.execute("CREATE ROLE ana; CREATE SCHEMA app; CREATE DOMAIN app.tags AS text[]");
  EXPECT_EQ(
      texts_of(apply({.access = {wished_for_public(all_in_schema(kType, "app"), {}),
                                 wished("ana", one_object(kType, "app", "tags"), {kUsage})}})),
      (Texts{R"(GRANT USAGE ON TYPE "app"."tags" TO "ana")",
             R"(REVOKE USAGE ON TYPE "app"."tags" FROM PUBLIC)"}));
}

/// #234: create fails on what exists.
TEST_F(Symptoms, CreatingARoleThatExistsFails) {
  session_.execute("CREATE ROLE ana LOGIN");
  EXPECT_TRUE(apply({.roles = {{.name = "ana", .can_login = true}}}).statements.empty());
  EXPECT_EQ(texts_of(apply({.roles = {{.name = "ana", .can_login = false}}})),
            Texts{R"(ALTER ROLE "ana" NOLOGIN)"});
}

/// crossplane-contrib/provider-sql#465: the controller only adds.
TEST_F(Symptoms, ReducingPrivilegesNeverRevokes) {
  session_.execute(
      "CREATE ROLE ana; CREATE ROLE ben; CREATE SCHEMA app; CREATE TABLE app.t();"
      "GRANT SELECT, INSERT ON app.t TO ana, ben");
  const Difference first = apply({.access = {wished("ana", a_table("app", "t"), {kSelect})}});
  EXPECT_EQ(texts_of(first), Texts{R"(REVOKE INSERT ON TABLE "app"."t" FROM "ana")"});
  EXPECT_TRUE(first.statements.front().takes_away);
  EXPECT_TRUE(can("ben", "app.t", "INSERT")) << "nobody named that";
  EXPECT_EQ(texts_of(apply({.access = {wished("ana", a_table("app", "t"), {kSelect})},
                            .exclusive = {{.target = a_table("app", "t")}}})),
            Texts{R"(REVOKE SELECT, INSERT ON TABLE "app"."t" FROM "ben")"});
}

/// The grant option is never read back.
TEST_F(Symptoms, TheGrantOptionIsNotCompared) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(); GRANT SELECT ON app.t TO ana");
  EXPECT_EQ(
      texts_of(apply({.access = {wished_with_option("ana", a_table("app", "t"), {kSelect})}})),
      Texts{R"(GRANT SELECT ON TABLE "app"."t" TO "ana" WITH GRANT OPTION)"});
  EXPECT_EQ(texts_of(apply({.access = {wished("ana", a_table("app", "t"), {kSelect})}})),
            Texts{R"(REVOKE GRANT OPTION FOR SELECT ON TABLE "app"."t" FROM "ana")"});
}

TEST_F(Symptoms, RevokingOnATableTakesColumnsWithIt) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(a int, b int);"
      "GRANT SELECT ON app.t TO ana; GRANT SELECT (a) ON app.t TO ana");
  apply({.access = {wished("ana", a_table("app", "t"), {})}});
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ana', 'app.t', 'a', 'SELECT')"), "f");
}

/// Who may read a table by a profile, and was given more of a column, has more than is declared.
TEST_F(Symptoms, PrivilegesOnColumnsEscapeWhatIsDeclaredOfTheirTable) {
  session_.execute(
      "CREATE ROLE ana; CREATE ROLE ben; CREATE SCHEMA app; CREATE TABLE app.t(a int, b int);"
      "GRANT SELECT ON app.t TO ana; GRANT UPDATE (a, b) ON app.t TO ana, ben");
  const Wishes wishes = {.access = {wished("ana", a_table("app", "t"), {kSelect}),
                                    wished("ana", one_column("app", "t", "b"), {kUpdate})}};
  EXPECT_EQ(texts_of(apply(wishes)), Texts{R"(REVOKE UPDATE ("a") ON TABLE "app"."t" FROM "ana")"});
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ben', 'app.t', 'a', 'UPDATE')"), "t")
      << "nobody named that";
}

/// What stands between the two is neither drift nor a loss.
TEST_F(Symptoms, ColumnsOutlastARevokeOnTheirTable) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(a int, b int);"
      "GRANT UPDATE (a) ON app.t TO ana; GRANT UPDATE ON app.t TO ana");
  const Difference first =
      apply({.access = {wished("ana", a_table("app", "t"), {}),
                        wished("ana", one_column("app", "t", "a"), {kUpdate})}});
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ana', 'app.t', 'a', 'UPDATE')"), "t");
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ana', 'app.t', 'b', 'UPDATE')"), "f");
  std::vector<std::string> reasons;
  for (const Statement& statement : first.statements) {
    if (!statement.is_auxiliary) reasons.push_back(statement.why);
  }
  EXPECT_EQ(reasons, Texts{"table app.t gives UPDATE to ana, which nothing declares"})
      << story_of(first);
}

TEST_F(Symptoms, GranteesThatGaveToEachOtherAreReported) {
  session_.execute(
      "CREATE ROLE ana; CREATE ROLE ben; CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO ana, ben;"
      "CREATE TABLE app.t(); GRANT SELECT ON app.t TO ana, ben WITH GRANT OPTION;"
      "SET LOCAL ROLE ana; GRANT SELECT ON app.t TO ben WITH GRANT OPTION;"
      "SET LOCAL ROLE ben; GRANT SELECT ON app.t TO ana WITH GRANT OPTION; RESET ROLE");
  const Difference first = apply({.access = {wished("ana", a_table("app", "t"), {})}});
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings.front().kind, FindingKind::kCircular);
  EXPECT_TRUE(first.findings.front().is_error());
}

/// GRANT ON ROUTINE f(integer) means a procedure f(integer, OUT integer) as well, and is ambiguous.
TEST_F(Symptoms, AProcedureWithOutArgumentsIsTakenForAnother) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app;"
      "CREATE PROCEDURE app.p(integer, integer) LANGUAGE sql AS '';"
      "CREATE PROCEDURE app.p(integer, OUT b integer) LANGUAGE sql AS 'SELECT 1'");
  apply({.access = {wished("ana", one_object(kRoutine, "app", "p(integer, integer)"), {kExecute}),
                    wished("ana", one_object(kRoutine, "app", "p(integer)"), {kExecute})}});
  EXPECT_EQ(session_.value("SELECT count(*) FROM pg_proc WHERE proname = 'p' AND "
                           "proacl::text LIKE '%ana=X%'"),
            "2");
}

/// ALL means what the server has, whatever version somebody thought of.
TEST_F(Symptoms, MaintainIsUnknownBeforePostgres17) {
  session_.execute("CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t()");
  const Difference first = apply(
      {.access = {wished("ana", a_table("app", "t"), privileges_of(kTable, {.number = 170000}))}});
  EXPECT_TRUE(first.findings.empty()) << story_of(first);
  EXPECT_TRUE(can("ana", "app.t", "TRUNCATE"));
}

}  // namespace
}  // namespace weir::test
