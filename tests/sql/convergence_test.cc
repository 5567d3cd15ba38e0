// One wish of each kind on a real PostgreSQL: after the statements nothing is left to do.
#include <gtest/gtest.h>

#include "tests/sql/in_transaction.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;

class Convergence : public InTransaction {};

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

TEST_F(Convergence, ReachesEveryClassOfObjects) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE TABLE app.t(a int, b int); CREATE SEQUENCE app.s;"
      "CREATE FUNCTION app.f(app.t) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE PROCEDURE app.p(OUT a int) LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN app.d AS text;"
      "REVOKE ALL ON FUNCTION app.f(app.t) FROM PUBLIC; REVOKE ALL ON TYPE app.d FROM PUBLIC");
  const std::string number = session_.value("SELECT lo_create(0)");
  const Difference first =
      apply({.access = {
                 wished("ana", the_database(database()), {Privilege::kTemporary}),
                 wished("ana", the_schema("app"), {Privilege::kUsage}),
                 wished("ana", one_column("app", "t", "a"), {Privilege::kUpdate}),
                 wished("ana", one_object(ObjectClass::kSequence, "app", "s"), {Privilege::kUsage}),
                 wished("ana", one_object(ObjectClass::kRoutine, "app", "f(app.t)"),
                        {Privilege::kExecute}),
                 wished("ana", all_in_schema(ObjectClass::kRoutine, "app"), {Privilege::kExecute}),
                 wished("ana", one_object(ObjectClass::kType, "app", "d"), {Privilege::kUsage}),
                 wished("ana", one_object(ObjectClass::kLargeObject, "", number),
                        {Privilege::kSelect})}});
  EXPECT_EQ(first.statements.size(), 7U) << story_of(first);
  EXPECT_EQ(session_.value("SELECT has_database_privilege('ana', current_database(), 'TEMP') AND "
                           "has_schema_privilege('ana', 'app', 'USAGE') AND "
                           "has_column_privilege('ana', 'app.t', 'a', 'UPDATE') AND "
                           "has_sequence_privilege('ana', 'app.s', 'USAGE') AND "
                           "has_function_privilege('ana', 'app.f(app.t)', 'EXECUTE') AND "
                           "has_type_privilege('ana', 'app.d', 'USAGE')"),
            "t");
}

TEST_F(Convergence, MakesRolesSchemasAndWhatIsInThemInOneGo) {
  const Wishes wishes = {
      .roles = {{.name = "migrator", .can_login = false}, {.name = "app", .can_login = true}},
      .memberships = {{.role = "migrator", .member = "app"}},
      .schemas = {{.name = "shop", .owner = "migrator"}},
      .extensions = {{.name = "pg_trgm", .schema = "shop"}},
      .settings = {{.name = "search_path", .value = "shop, public"},
                   {.role = "app", .name = "work_mem", .value = "8MB"}},
      .access = {wished("app", the_schema("shop"), {Privilege::kUsage, Privilege::kCreate}),
                 wished("app", all_in_schema(ObjectClass::kTable, "shop"), {Privilege::kSelect})},
      .defaults = {{.creator = "migrator",
                    .schema = "shop",
                    .grantee = {.role = "app"},
                    .privileges = {Privilege::kSelect}}}};
  const Difference first = apply(wishes);
  EXPECT_EQ(texts_of(first),
            (std::vector<std::string>{
                R"(CREATE ROLE "app" LOGIN)", R"(CREATE ROLE "migrator" NOLOGIN)",
                R"(GRANT "migrator" TO "app")", R"(CREATE SCHEMA "shop" AUTHORIZATION "migrator")",
                R"(CREATE EXTENSION "pg_trgm" SCHEMA "shop" CASCADE)",
                "ALTER DATABASE \"" + database() + R"(" SET "search_path" TO 'shop', 'public')",
                R"(ALTER ROLE "app" IN DATABASE ")" + database() + R"(" SET "work_mem" TO '8MB')",
                R"(GRANT USAGE, CREATE ON SCHEMA "shop" TO "app")",
                std::string(R"(ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "shop" )") +
                    R"(GRANT SELECT ON TABLES TO "app")"}));
  session_.execute("SET LOCAL ROLE migrator; CREATE TABLE shop.later(); RESET ROLE");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('app', 'shop.later', 'SELECT')"), "t");
  EXPECT_TRUE(session_.compare(wishes).statements.empty());
}

TEST_F(Convergence, LeavesAloneWhatBelongsToExtensions) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; CREATE EXTENSION pg_trgm SCHEMA app;"
      "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Difference first =
      apply({.access = {wished_for_public(all_in_schema(ObjectClass::kRoutine, "app"), {}),
                        wished("ana", one_object(ObjectClass::kRoutine, "app", "set_limit(real)"),
                               {Privilege::kExecute})}});
  EXPECT_EQ(texts_of(first),
            (std::vector<std::string>{
                R"(GRANT EXECUTE ON ROUTINE "app"."set_limit"(IN "pg_catalog"."float4") TO "ana")",
                R"(REVOKE EXECUTE ON ROUTINE "app"."mine"() FROM PUBLIC)"}));
}

TEST_F(Convergence, GivesObjectsToANewOwnerBeforeItComparesPrivileges) {
  session_.execute(
      "CREATE ROLE old; CREATE ROLE new; CREATE ROLE ana; CREATE ROLE ben;"
      "CREATE SCHEMA app AUTHORIZATION old; CREATE TABLE app.t(id serial, a int); CREATE VIEW "
      "app.v AS SELECT 1; CREATE SEQUENCE app.s;"
      "CREATE FUNCTION app.f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN app.d AS "
      "text; ALTER TABLE app.t OWNER TO old; GRANT SELECT ON app.t TO ana, new WITH GRANT OPTION;"
      "GRANT UPDATE (a) ON app.t TO ben");
  Wishes wishes = {.schemas = {{.name = "app", .owner = "new"}}};
  for (const ObjectClass object_class :
       {ObjectClass::kTable, ObjectClass::kSequence, ObjectClass::kRoutine, ObjectClass::kType}) {
    wishes.owners.push_back({.target = all_in_schema(object_class, "app"), .owner = "new"});
  }
  wishes.access = {wished("ana", all_in_schema(ObjectClass::kTable, "app"), {Privilege::kInsert}),
                   wished("ana", all_in_schema(ObjectClass::kSequence, "app"), {Privilege::kUsage}),
                   wished("new", a_table("app", "t"), {Privilege::kSelect})};
  const Difference first = apply(wishes);
  EXPECT_EQ(session_.value("SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM "
                           "pg_class WHERE relnamespace = 'app'::regnamespace"),
            "new")
      << story_of(first);
  EXPECT_EQ(session_.value("SELECT has_column_privilege('ben', 'app.t', 'a', 'UPDATE')"), "t");
  EXPECT_EQ(session_.value("SELECT has_table_privilege('new', 'app.t', 'INSERT')"), "f");
}

TEST_F(Convergence, PutsExtensionsWithoutASchemaIntoPublic) {
  const Difference first = apply({.extensions = {{.name = "pg_trgm"}}});
  EXPECT_EQ(texts_of(first),
            (std::vector<std::string>{R"(SET LOCAL search_path TO "public")",
                                      R"(CREATE EXTENSION "pg_trgm" CASCADE)",
                                      R"(SET LOCAL search_path TO "pg_catalog")"}));
  EXPECT_EQ(session_.value("SELECT extnamespace::regnamespace FROM pg_extension "
                           "WHERE extname = 'pg_trgm'"),
            "public");
}

TEST_F(Convergence, LocksNobodyOutWhoAppliesIt) {
  session_.execute("CREATE ROLE team; CREATE ROLE deployer CREATEROLE; ALTER DATABASE " +
                   database() + " OWNER TO team");
  let_administer("deployer", "team");
  session_.execute("SET LOCAL ROLE deployer");
  AccessWish closed = wished_for_public(the_database(database()), {});
  const Difference first = session_.compare({.access = {closed}});
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotAllowed);
  const AccessWish open = wished("deployer", the_database(database()), {Privilege::kConnect});
  EXPECT_TRUE(apply({.access = {closed, open}}).findings.empty());
}

TEST_F(Convergence, GivesNoDatabaseAwayThatItCouldNotEnterAgain) {
  session_.execute("CREATE ROLE team; CREATE ROLE deployer CREATEDB CREATEROLE; ALTER DATABASE " +
                   database() + " OWNER TO deployer; REVOKE CONNECT ON DATABASE " + database() +
                   " FROM PUBLIC");
  let_administer("deployer", "team");
  session_.execute("SET LOCAL ROLE deployer");
  const Difference first =
      session_.compare({.owners = {{.target = the_database(database()), .owner = "team"}}});
  ASSERT_EQ(first.findings.size(), 1U) << story_of(first);
  EXPECT_EQ(first.findings[0].kind, FindingKind::kNotAllowed);
}

TEST_F(Convergence, DropsARoleThatIsToEnd) {
  session_.execute("CREATE ROLE leaver; CREATE ROLE deployer CREATEROLE");
  let_administer("deployer", "leaver");
  session_.execute("SET LOCAL ROLE deployer");
  EXPECT_EQ(texts_of(apply({.role_ends = {{.role = "leaver"}, {.role = "gone"}}})),
            std::vector<std::string>{R"(DROP ROLE "leaver")"});
  const Difference own = session_.compare({.role_ends = {{.role = "deployer"}}});
  EXPECT_TRUE(own.statements.empty());
  EXPECT_EQ(own.findings.size(), 1U);
}

TEST_F(Convergence, WorksForADeployerWhoIsNoSuperuser) {
  session_.execute("CREATE ROLE deployer CREATEROLE; GRANT CREATE ON DATABASE " + database() +
                   " TO deployer; CREATE ROLE migrator; CREATE ROLE ana;"
                   "CREATE SCHEMA old AUTHORIZATION migrator; SET LOCAL ROLE migrator;"
                   "CREATE TABLE old.t(id serial); RESET ROLE");
  let_administer("deployer", "migrator");
  session_.execute("SET LOCAL ROLE deployer");
  const Difference first = apply(
      {.roles = {{.name = "fresh"}},
       .schemas = {{.name = "app", .owner = "fresh"}, {.name = "mine"}},
       .owners = {{.target = a_table("old", "t"), .owner = "deployer"}},
       .access = {wished("ana", the_schema("app"), {Privilege::kUsage}),
                  wished("ana", the_schema("mine"), {Privilege::kUsage}),
                  wished("deployer", the_schema("old"), {Privilege::kUsage, Privilege::kCreate})},
       .defaults = {{.creator = "migrator",
                     .schema = "old",
                     .grantee = {.role = "ana"},
                     .privileges = {Privilege::kSelect}}}});
  EXPECT_TRUE(first.findings.empty()) << story_of(first);
  EXPECT_EQ(session_.value("SELECT pg_has_role('deployer', 'migrator', 'USAGE') OR "
                           "pg_has_role('deployer', 'fresh', 'USAGE')"),
            "f");
}

TEST_F(Convergence, SaysWhatADeployerMayNotDoBeforeItTries) {
  if (major() > 16) GTEST_SKIP() << "knows MAINTAIN";
  session_.execute(
      "CREATE ROLE deployer; CREATE ROLE ana; CREATE ROLE migrator; CREATE SCHEMA app "
      "AUTHORIZATION migrator; CREATE TABLE app.t(); GRANT USAGE ON SCHEMA app TO deployer;"
      "GRANT SELECT ON app.t TO deployer WITH GRANT OPTION; SET LOCAL ROLE deployer");
  const Difference first =
      apply({.access = {wished("ana", the_schema("app"), {Privilege::kUsage}, "line 1"),
                        wished("ana", a_table("app", "t"), {Privilege::kSelect}, "line 2"),
                        wished("ghost", a_table("app", "t"), {Privilege::kSelect}, "line 3"),
                        wished("ana", a_table("app", "gone"), {Privilege::kSelect}, "line 4"),
                        wished("ana", a_table("app", "t"), {Privilege::kMaintain}, "line 5"),
                        wished("", a_table("app", "t"), {Privilege::kSelect}, "line 6")}});
  EXPECT_EQ(texts_of(first),
            std::vector<std::string>{R"(GRANT SELECT ON TABLE "app"."t" TO "ana")"});
  const std::string not_allowed =
      "deployer cannot change privileges on app: it is no member of migrator, and may not make "
      "itself one";
  EXPECT_EQ(texts_of(first.findings),
            (std::vector<std::string>{
                "a name cannot be empty", "there is no role ghost", "there is no table app.gone",
                not_allowed,
                "MAINTAIN cannot be had on tables in PostgreSQL " + std::to_string(major())}));
}

TEST_F(Convergence, GivesBackTheTagsOfAllWishesThatAStatementServes) {
  session_.execute("CREATE ROLE ana; CREATE ROLE ben; CREATE SCHEMA app");
  const Difference first =
      apply({.access = {wished("ben", the_schema("app"), {Privilege::kUsage}, "b"),
                        wished("ana", the_schema("app"), {Privilege::kUsage}, "a")}});
  ASSERT_EQ(first.statements.size(), 1U);
  EXPECT_EQ(first.statements.front().tags, (std::vector<std::string>{"a", "b"}));
  session_.execute("REVOKE USAGE ON SCHEMA app FROM ana");
  const Difference drift =
      apply({.access = {wished("ben", the_schema("app"), {Privilege::kUsage}, "b"),
                        wished("ana", the_schema("app"), {Privilege::kUsage}, "a")}});
  ASSERT_EQ(drift.statements.size(), 1U);
  EXPECT_EQ(drift.statements.front().tags, std::vector<std::string>{"a"});
}

TEST_F(Convergence, NamesAtMostAThousandObjectsInAStatement) {
  session_.execute(
      "CREATE ROLE ana; CREATE SCHEMA app; SELECT NULL FROM pg_class LIMIT 0;"
      "DO $$BEGIN FOR n IN 1..1500 LOOP EXECUTE format('CREATE TABLE app.t%s()', n); END LOOP; "
      "END$$; GRANT SELECT ON app.t7 TO ana");
  const Difference first = apply(
      {.access = {wished("ana", all_in_schema(ObjectClass::kTable, "app"), {Privilege::kSelect})}});
  EXPECT_EQ(first.statements.size(), 2U);
  EXPECT_TRUE(first.statements.front().why.starts_with("1000 of 1500 tables (app.t1, app.t10,"));
}

TEST_F(Convergence, ReadsTheSameAsAPlainUserAndThroughAHostileSearchPath) {
  session_.execute(
      "CREATE ROLE plain; CREATE SCHEMA app; CREATE TYPE app.int4 AS ENUM ('a');"
      "CREATE FUNCTION app.f(integer, app.int4, app.int4[]) RETURNS int LANGUAGE sql AS 'SELECT "
      "1'");
  Catalogue as_owner = session_.snapshot();
  session_.execute("SET LOCAL ROLE plain; SET LOCAL search_path TO app");
  const Catalogue as_plain = session_.snapshot();
  as_owner.current_user = as_plain.current_user;
  EXPECT_EQ(as_owner.groups, as_plain.groups);
  EXPECT_EQ(as_owner.routines, as_plain.routines);
  EXPECT_EQ(as_owner.roles, as_plain.roles);
  EXPECT_NE(as_plain.group_of(ObjectClass::kRoutine, "app", "", "f(integer, app.int4, app.int4[])"),
            nullptr);
}

TEST_F(Convergence, LendsANewOwnerWhatPostgresAsksOfIt) {
  session_.execute(
      "CREATE ROLE deployer CREATEROLE; CREATE ROLE heir;"
      "CREATE SCHEMA app AUTHORIZATION deployer");
  let_administer("deployer", "heir");
  session_.execute("SET LOCAL ROLE deployer; CREATE TABLE app.t()");
  const auto texts =
      texts_of(apply({.owners = {{.target = a_table("app", "t"), .owner = "heir"}}}));
  ASSERT_EQ(texts.size(), 5U);
  EXPECT_TRUE(texts[0].starts_with(R"(GRANT "heir" TO "deployer")"));
  EXPECT_EQ(texts[1], R"(GRANT CREATE ON SCHEMA "app" TO "heir")");
  EXPECT_EQ(texts[2], R"(ALTER TABLE "app"."t" OWNER TO "heir")");
  EXPECT_EQ(texts[3], R"(REVOKE CREATE ON SCHEMA "app" FROM "heir")");
  EXPECT_TRUE(texts[4].starts_with(R"(REVOKE "heir" FROM "deployer")"));
}

TEST_F(Convergence, TakesNothingFromOwnersByWishesForAllTables) {
  session_.execute(
      "CREATE ROLE app; CREATE SCHEMA shop AUTHORIZATION app; SET LOCAL ROLE app;"
      "CREATE TABLE shop.mine(); RESET ROLE; CREATE TABLE shop.other()");
  const Wishes wishes = {
      .access = {wished("app", all_in_schema(ObjectClass::kTable, "shop"), {Privilege::kSelect})}};
  EXPECT_EQ(texts_of(apply(wishes)),
            std::vector<std::string>{R"(GRANT SELECT ON TABLE "shop"."other" TO "app")"});
}

TEST_F(Convergence, CarriesOutNeitherOfTwoWishesThatContradictEachOther) {
  session_.execute("CREATE ROLE ana LOGIN; CREATE ROLE ben");
  const Difference first = apply({.roles = {{.tag = "line 1", .name = "ana", .can_login = true},
                                            {.tag = "line 2", .name = "ana", .can_login = false}},
                                  .schemas = {{.tag = "a", .name = "app", .owner = "ana"},
                                              {.tag = "b", .name = "app", .owner = "ana"}}});
  EXPECT_EQ(texts_of(first),
            std::vector<std::string>{R"(CREATE SCHEMA "app" AUTHORIZATION "ana")"});
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings.front().text, "a role is wished in two ways");
  EXPECT_EQ(first.findings.front().tags, (std::vector<std::string>{"line 1", "line 2"}));
}

}  // namespace
}  // namespace weir::test
