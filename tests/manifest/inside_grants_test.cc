// What `grants` and `default_privileges` come to.
#include "manifest/inside/object_name.h"
#include "tests/manifest/inside_database.h"

namespace weir::test {
namespace {

TEST(InsideGrants, AreAboutObjectsOfEveryClass) {
  EXPECT_EQ(wishes_of(R"yaml(
grants:
  - { to: web, on: { table: main.orders }, privileges: [select, Insert] }
  - { to: web, on: { sequence: main.ids }, privileges: all }
  - { to: web, on: { function: "main.add(int, text)" }, privileges: execute }
  - { to: web, on: { type: main.mood }, privileges: usage }
  - { to: web, on: { schema: main }, privileges: usage }
  - { to: web, on: { database: app }, privileges: connect }
  - { to: web, on: { large_object: 16442 }, privileges: select }
)yaml"),
            R"(  table main.orders: web has SELECT, INSERT  [grants/1]
  sequence main.ids: web has SELECT, UPDATE, USAGE  [grants/2]
  function main.add(integer, text): web has EXECUTE  [grants/3]
  type main.mood: web has USAGE  [grants/4]
  schema main: web has USAGE  [grants/5]
  database app: web has CONNECT  [grants/6]
  large object 16442: web has SELECT  [grants/7]
)");
}

TEST(InsideGrants, OfAllInASchemaAreAboutWhatIsThere) {
  EXPECT_EQ(wishes_of(R"(
grants:
  - { to: analysts, on: { tables_in: main }, privileges: select }
  - { to: analysts, on: { sequences_in: main }, privileges: select }
  - { to: public, on: { functions_in: main }, privileges: none }
  - { to: public, on: { types_in: main }, privileges: none }
)"),
            R"(  tables in main: analysts has SELECT, not later  [grants/1]
  sequences in main: analysts has SELECT, not later  [grants/2]
  functions in main: PUBLIC has nothing, not later  [grants/3]
  types in main: PUBLIC has nothing, not later  [grants/4]
)");
}

TEST(InsideGrants, OfColumnsAreOneForEach) {
  EXPECT_EQ(wishes_of(R"(
grants:
  - to: web
    on: { table: main.log, columns: [actor, at, actor] }
    privileges: [select]
    grant_option: true
)"),
            R"(  column main.log.actor: web has SELECT with grant option  [grants/1]
  column main.log.at: web has SELECT with grant option  [grants/1]
)");
}

TEST(InsideGrants, OfDefaultPrivilegesAreForOneCreator) {
  EXPECT_EQ(wishes_of(R"(
default_privileges:
  - { for: migrator, in: main, on: functions, to: web, privileges: execute }
  - { for: migrator, on: schemas, to: analysts, privileges: usage, grant_option: true }
  - { for: web, on: types, to: public, privileges: none }
)"),
            R"(  later functions in main of migrator: web has EXECUTE  [default_privileges/1]
  later schemas of migrator: analysts has USAGE with grant option  [default_privileges/2]
  later types of web: PUBLIC has nothing  [default_privileges/3]
)");
}

struct NameCase {
  const char* text;
  const char* read;
};

TEST(ObjectNames, StandBehindTheirSchemaAsTheyAre) {
  constexpr NameCase kCases[] = {
      {"main.orders", "main|orders"},
      {"Main.Order Lines", "Main|Order Lines"},
      {"\"a.b\".\"c\"\"d\"", "a.b|c\"d"},
      {"main.\"x\"", "main|x"},
  };
  for (const NameCase& each : kCases) {
    const inside::ObjectName name = inside::read_object_name(each.text);
    EXPECT_EQ(name.problem, "") << each.text;
    EXPECT_EQ(name.schema + "|" + name.name, each.read);
  }
  for (const char* wrong : {"", "orders", "a.b.c", ".b", "a.", "\"a.b", "\"\".b", "a.\"b\"c"}) {
    EXPECT_NE(inside::read_object_name(wrong).problem, "") << wrong;
  }
}

TEST(ObjectNames, OfFunctionsHaveTypesAsTheCatalogueShowsThem) {
  constexpr NameCase kCases[] = {
      {"main.f()", "main|f()"},
      {"main.f( )", "main|f()"},
      {"main.f(int,varchar , timestamptz)",
       "main|f(integer, character varying, timestamp with time zone)"},
      {"main.f(int4[], main.mood)", "main|f(integer[], main.mood)"},
      {"\"x.y\".\"f(g)\"(bool)", "x.y|f(g)(boolean)"},
      {" main.f (int)", "main|f(integer)"},
      {"main.\" f \"(int)", "main| f (integer)"},
  };
  for (const NameCase& each : kCases) {
    const inside::ObjectName name = inside::read_routine_name(each.text);
    EXPECT_EQ(name.problem, "") << each.text;
    EXPECT_EQ(name.schema + "|" + name.name, each.read);
  }
  for (const char* wrong :
       {"main.f", "f(integer)", "main.f(", "main.f(a,)", "main.f)(", "main.f()x"}) {
    EXPECT_NE(inside::read_routine_name(wrong).problem, "") << wrong;
  }
}

}  // namespace
}  // namespace weir::test
