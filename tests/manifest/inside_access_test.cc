// What `access` of databases and schemas comes to.
#include "tests/manifest/inside_database.h"

namespace weir::test {
namespace {

TEST(InsideAccess, OfADatabaseIsExactlyWhatIsWritten) {
  EXPECT_EQ(wishes_of("access: { web: [connect, TEMP], public: none, pg_monitor: all }"),
            R"(  database app: pg_monitor has CREATE, CONNECT, TEMPORARY  [access/pg_monitor]
  database app: PUBLIC has nothing  [access/public]
  database app: web has CONNECT, TEMPORARY  [access/web]
)");
}

TEST(InsideAccess, ByAProfileNamesEveryClassNowAndLater) {
  EXPECT_EQ(wishes_of("schemas: { main: { access: { web: readonly } } }"),
            R"(  schema main  [schemas/main]
  schema main: web has USAGE  [schemas/main/access/web]
  tables in main: web has SELECT  [schemas/main/access/web]
  sequences in main: web has SELECT  [schemas/main/access/web]
  functions in main: web has nothing  [schemas/main/access/web]
  types in main: web has USAGE  [schemas/main/access/web]
  later tables in main of all: web has SELECT  [schemas/main/access/web]
  later sequences in main of all: web has SELECT  [schemas/main/access/web]
  later functions in main of all: web has nothing  [schemas/main/access/web]
  later types in main of all: web has USAGE  [schemas/main/access/web]
)");
}

TEST(InsideAccess, ByPrivilegesNamesTheSchemaAlone) {
  EXPECT_EQ(wishes_of("schemas: { main: { access: { web: [usage, CREATE], analysts: all } } }"),
            R"(  schema main  [schemas/main]
  schema main: analysts has USAGE, CREATE  [schemas/main/access/analysts]
  schema main: web has USAGE, CREATE  [schemas/main/access/web]
)");
}

TEST(InsideAccess, OfSeveralWordsIsTheirUnion) {
  EXPECT_EQ(wishes_of("schemas: { main: { access: { web: [readonly, eraser, create] } } }",
                      "access_profiles: { eraser: { tables: delete } }"),
            R"(  schema main  [schemas/main]
  schema main: web has USAGE, CREATE  [schemas/main/access/web]
  tables in main: web has SELECT, DELETE  [schemas/main/access/web]
  sequences in main: web has SELECT  [schemas/main/access/web]
  functions in main: web has nothing  [schemas/main/access/web]
  types in main: web has USAGE  [schemas/main/access/web]
  later tables in main of all: web has SELECT, DELETE  [schemas/main/access/web]
  later sequences in main of all: web has SELECT  [schemas/main/access/web]
  later functions in main of all: web has nothing  [schemas/main/access/web]
  later types in main of all: web has USAGE  [schemas/main/access/web]
)");
}

TEST(InsideAccess, OfNoneTakesAwayWhatIsThereAndWhatComes) {
  EXPECT_EQ(wishes_of("schemas: { main: { access: { public: none } } }"),
            R"(  schema main  [schemas/main]
  schema main: PUBLIC has nothing  [schemas/main/access/public]
  tables in main: PUBLIC has nothing  [schemas/main/access/public]
  sequences in main: PUBLIC has nothing  [schemas/main/access/public]
  functions in main: PUBLIC has nothing  [schemas/main/access/public]
  types in main: PUBLIC has nothing  [schemas/main/access/public]
  later tables in main of all: PUBLIC has nothing  [schemas/main/access/public]
  later sequences in main of all: PUBLIC has nothing  [schemas/main/access/public]
  later functions in main of all: PUBLIC has nothing  [schemas/main/access/public]
  later types in main of all: PUBLIC has nothing  [schemas/main/access/public]
)");
}

TEST(InsideAccess, ByAProfileOfTheManifestNamesOnlyWhatTheProfileNames) {
  EXPECT_EQ(wishes_of("schemas: { main: { access: { analysts: auditor } } }", R"(
access_profiles:
  auditor:
    schema: usage
    tables: { privileges: [select], future: false }
    sequences: { privileges: [select], existing: false }
    functions: none
)"),
            R"(  schema main  [schemas/main]
  schema main: analysts has USAGE  [schemas/main/access/analysts]
  tables in main: analysts has SELECT, not later  [schemas/main/access/analysts]
  functions in main: analysts has nothing  [schemas/main/access/analysts]
  later sequences in main of all: analysts has SELECT  [schemas/main/access/analysts]
  later functions in main of all: analysts has nothing  [schemas/main/access/analysts]
)");
}

TEST(InsideAccess, CoversLaterObjectsOfThoseWhoAreNamed) {
  EXPECT_EQ(wishes_of("schemas: { main: { created_by: [web, migrator, web], access: { analysts: "
                      "lookup } } }",
                      "access_profiles: { lookup: { tables: select } }"),
            R"(  schema main  [schemas/main]
  tables in main: analysts has SELECT  [schemas/main/access/analysts]
  later tables in main of migrator, web: analysts has SELECT  [schemas/main/access/analysts]
)");
}

TEST(InsideAccess, ThatIsExclusiveLeavesNobodyElse) {
  EXPECT_EQ(wishes_of(R"(
access: { web: connect }
exclusive: true
schemas: { main: { access: { web: usage }, exclusive: true }, other: { access: {}, exclusive: false } }
)"),
            R"(  schema main  [schemas/main]
  schema other  [schemas/other]
  database app: web has CONNECT  [access/web]
  schema main: web has USAGE  [schemas/main/access/web]
  database app: nobody else  [exclusive]
  schema main: nobody else  [schemas/main/exclusive]
  tables in main: nobody else  [schemas/main/exclusive]
  sequences in main: nobody else  [schemas/main/exclusive]
  functions in main: nobody else  [schemas/main/exclusive]
  types in main: nobody else  [schemas/main/exclusive]
)");
}

TEST(InsideAccess, OfAllIsWhatTheVersionHas) {
  const std::string database = R"(
          app:
            access: {}
            schemas: { main: { access: { pg_monitor: everything } } }
)";
  const auto tables = [&](const std::string& version) {
    const Loaded loaded = load_text(
        "access_profiles: { everything: { tables: { privileges: all, future: false } } }\n"
        "projects:\n  p:\n" +
        version + "    branches:\n      production:\n        databases:" + database);
    return listed_wishes(loaded.manifest.insides.at(0));
  };
  EXPECT_NE(tables("").find("TRIGGER, MAINTAIN, not later"), std::string::npos) << tables("");
  EXPECT_EQ(tables("    pg_version: 16\n").find("MAINTAIN"), std::string::npos);
}

}  // namespace
}  // namespace weir::test
