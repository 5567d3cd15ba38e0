// What catalogues come to in the words of a manifest.
#include "manifest/inside/export_inside.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace weir::inside {
namespace {

using sql::ObjectClass;
using sql::PrivilegeSet;
using enum sql::Privilege;

constexpr sql::RoleId kAdmin = 10;
constexpr sql::RoleId kMigrator = 11;
constexpr sql::RoleId kWeb = 12;
constexpr sql::RoleId kAnalysts = 13;
constexpr sql::RoleId kStranger = 14;
constexpr sql::RoleId kService = 15;

const KeysOfRoles kKeys = {{"migrator", "migrator"},
                           {"web@example.com", "web"},
                           {"analysts", "analysts"},
                           {"admin@example.com", "admin"}};

class ADatabase {
 public:
  ADatabase() {
    catalogue_.version = {170000};
    catalogue_.database = "orders";
    catalogue_.current_user = kAdmin;
    catalogue_.roles = {{.id = kAdmin, .name = "admin@example.com", .is_superuser = true},
                        {.id = kMigrator, .name = "migrator"},
                        {.id = kWeb, .name = "web@example.com", .can_login = true},
                        {.id = kAnalysts, .name = "analysts"},
                        {.id = kStranger, .name = "stranger"},
                        {.id = kService, .name = "databricks_writer"}};
    add({.object_class = ObjectClass::kDatabase,
         .owner = kAdmin,
         .acl = sql::built_in_acl(ObjectClass::kDatabase, kAdmin, {170000}),
         .names = {"orders"}});
  }

  ADatabase& add(sql::ObjectGroup group) {
    std::ranges::sort(group.acl);
    catalogue_.groups.push_back(std::move(group));
    return *this;
  }
  /// Objects of the migrator, which give besides what is given here.
  ADatabase& with(ObjectClass object_class, const std::string& schema,
                  std::vector<std::string> names, const sql::Acl& acl = {}) {
    sql::Acl all = sql::built_in_acl(object_class, kMigrator, {170000});
    all.insert(all.end(), acl.begin(), acl.end());
    return add({.object_class = object_class,
                .schema = schema,
                .owner = kMigrator,
                .acl = all,
                .names = std::move(names)});
  }
  ADatabase& with_schema(const std::string& name, const sql::Acl& acl = {}) {
    return with(ObjectClass::kSchema, "", {name}, acl);
  }
  ADatabase& with_later(ObjectClass object_class, std::optional<std::string> schema,
                        const sql::Acl& acl) {
    catalogue_.default_acls.push_back({.creator = kMigrator,
                                       .schema = std::move(schema),
                                       .object_class = object_class,
                                       .acl = acl});
    return *this;
  }
  sql::Catalogue& catalogue() { return catalogue_; }

  std::string written() {
    const FoldedDatabase folded = fold_database(catalogue_, kKeys);
    const ProfileNames profiles = name_profiles({&folded});
    left_out.clear();
    const Document words = database_words(folded, profiles, left_out);
    const Document named = profile_words(profiles);
    return (named.empty() ? "" : to_text(named) + "\n") + to_text(words);
  }
  LeftOut left_out = {};

 private:
  sql::Catalogue catalogue_;
};

sql::AclEntry given(sql::RoleId grantee, PrivilegeSet privileges, PrivilegeSet grantable = {}) {
  return {kMigrator, grantee, privileges, grantable};
}

TEST(ExportInside, SaysNothingOfANewDatabase) {
  EXPECT_EQ(ADatabase().written(), "{}");
}

TEST(ExportInside, SaysWhatEverybodyLacksOfTheDatabase) {
  ADatabase database;
  database.catalogue().groups.front().acl = {{kAdmin, sql::kPublic, {kConnect}, {}},
                                             {kAdmin, kWeb, {kConnect, kCreate}, {kCreate}}};
  EXPECT_EQ(database.written(),
            R"({"access":{"public":"connect","web":"connect"},)"
            R"("grants":[{"to":"web","on":{"database":"orders"},"privileges":"create",)"
            R"("grant_option":true}]})");
  database.catalogue().groups.front().acl = {};
  EXPECT_EQ(database.written(), R"({"access":{"public":"none"}})");
}

TEST(ExportInside, NamesExtensionsWithTheSchemasOfPeople) {
  ADatabase database;
  database.with_schema("geo").catalogue().extensions = {{.name = "pg_cron", .schema = "pg_catalog"},
                                                        {.name = "plpgsql", .schema = "pg_catalog"},
                                                        {.name = "postgis", .schema = "geo"},
                                                        {.name = "vector", .schema = "public"}};
  EXPECT_EQ(database.written(),
            R"({"extensions":["pg_cron",{"name":"postgis","schema":"geo"},"vector"],)"
            R"("schemas":{"geo":{"owner":"migrator"}}})");
}

TEST(ExportInside, LeavesOutSettingsThatMayBeSecretsOrAreOfRoles) {
  ADatabase database;
  database.catalogue().settings = {
      {.is_of_database = true, .name = "app.api_token", .value = "CANARY"},
      {.is_of_database = true, .name = "app.place", .value = "postgres://u:CANARY@h/db"},
      {.is_of_database = true, .name = "work_mem", .value = "64MB"},
      {.role = kWeb, .is_of_database = true, .name = "search_path", .value = "app"}};
  EXPECT_EQ(database.written(), R"({"settings":{"work_mem":"64MB"}})");
  EXPECT_EQ(database.left_out,
            (LeftOut{"the setting app.api_token, which is called like a secret",
                     "the setting app.place, which has what looks like a secret",
                     "the setting search_path of web@example.com, as manifests have settings of "
                     "databases alone"}));
}

TEST(ExportInside, FoldsWhatSeveralSchemasHaveInCommon) {
  ADatabase database;
  for (const char* schema : {"app", "crm"}) {
    database.with_schema(schema, {given(kAnalysts, {kUsage})})
        .with(ObjectClass::kTable, schema, {"a", "b"}, {given(kAnalysts, {kSelect})})
        .with_later(ObjectClass::kTable, schema, {given(kAnalysts, {kSelect})});
  }
  EXPECT_EQ(database.written(),
            R"({"profile_1":{"schema":"usage","tables":"select"}})"
            "\n"
            R"({"schemas":{"app":{"owner":"migrator","access":{"analysts":"profile_1"}},)"
            R"("crm":{"owner":"migrator","access":{"analysts":"profile_1"}}}})");
}

TEST(ExportInside, WritesByItselfWhatOneSchemaHasAlone) {
  ADatabase database;
  database.with_schema("app", {given(kAnalysts, {kUsage})})
      .with(ObjectClass::kTable, "app", {"a", "b"}, {given(kAnalysts, {kSelect})})
      .with(ObjectClass::kTable, "app", {"c.d"}, {given(kAnalysts, {kSelect, kInsert}, {kInsert})})
      .with_later(ObjectClass::kSequence, "app", {given(kAnalysts, {kUsage})});
  EXPECT_EQ(
      database.written(),
      R"({"schemas":{"app":{"owner":"migrator","access":{"analysts":"usage"}}},)"
      R"("grants":[{"to":"analysts","on":{"tables_in":"app"},"privileges":"select"},)"
      R"({"to":"analysts","on":{"table":"app.\"c.d\""},"privileges":"insert","grant_option":true}],)"
      R"("default_privileges":[{"for":"migrator","in":"app","on":"sequences","to":"analysts",)"
      R"("privileges":"usage"}]})");
}

/// Otherwise a plan would open those that come.
TEST(ExportInside, SaysNothingOfAllThatSingleOnesLack) {
  ADatabase database;
  database.with_schema("hr", {given(kWeb, {kUsage})})
      .with(ObjectClass::kTable, "hr", {"a", "b"}, {given(kWeb, {kSelect})})
      .with(ObjectClass::kTable, "hr", {"salaries"});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"hr":{"owner":"migrator","access":{"web":"usage"}}},)"
            R"("grants":[{"to":"web","on":{"table":"hr.a"},"privileges":"select"},)"
            R"({"to":"web","on":{"table":"hr.b"},"privileges":"select"}]})");
}

TEST(ExportInside, NamesNoProfileForWhatSingleOnesLackInSeveralSchemas) {
  ADatabase database;
  for (const char* schema : {"app", "crm"}) {
    database.with_schema(schema)
        .with(ObjectClass::kTable, schema, {"a", "b"}, {given(kWeb, {kSelect})})
        .with(ObjectClass::kTable, schema, {"closed"});
  }
  const std::string written = database.written();
  EXPECT_EQ(written.find("profile"), std::string::npos) << written;
  EXPECT_EQ(written.find("none"), std::string::npos) << written;
}

TEST(ExportInside, ClosesAllFunctionsOnlyWhereAllAreClosed) {
  ADatabase database;
  const auto add_function = [&](const std::string& name, const sql::Acl& acl) {
    database.add({.object_class = ObjectClass::kRoutine,
                  .schema = "app",
                  .owner = kMigrator,
                  .acl = acl,
                  .names = {name + "()"}});
    database.catalogue().routines[{"app", name + "()"}] = {.name = name};
  };
  database.with_schema("app");
  add_function("f", {});
  add_function("g", {});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"public","on":{"functions_in":"app"},"privileges":"none"}]})");
  add_function("open", {given(sql::kPublic, {kExecute})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"-("grants":[{"to":"public","on":{"function":"app.f()"},"privileges":"none"},)-"
            R"-({"to":"public","on":{"function":"app.g()"},"privileges":"none"}]})-");
}

TEST(ExportInside, SaysOfAllWhatDefaultPrivilegesSayOfLaterOnes) {
  ADatabase database;
  database.with_schema("app")
      .with(ObjectClass::kTable, "app", {"a", "b"}, {given(kWeb, {kSelect, kInsert})})
      .with(ObjectClass::kTable, "app", {"closed"})
      .with_later(ObjectClass::kTable, {},
                  {given(kMigrator, sql::privileges_of(ObjectClass::kTable, {170000})),
                   given(kWeb, {kSelect})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"table":"app.a"},"privileges":["select","insert"]},)"
            R"({"to":"web","on":{"table":"app.b"},"privileges":["select","insert"]}],)"
            R"("default_privileges":[{"for":"migrator","on":"tables","to":"web",)"
            R"("privileges":"select"}]})");
  database.with(ObjectClass::kTable, "app", {"c", "d"}, {given(kWeb, {kSelect})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"tables_in":"app"},"privileges":"select"},)"
            R"({"to":"web","on":{"table":"app.a"},"privileges":"insert"},)"
            R"({"to":"web","on":{"table":"app.b"},"privileges":"insert"},)"
            R"({"to":"web","on":{"table":"app.closed"},"privileges":"none"}],)"
            R"("default_privileges":[{"for":"migrator","on":"tables","to":"web",)"
            R"("privileges":"select"}]})");
}

/// What somebody makes who gives nothing by default shows that not all are meant.
TEST(ExportInside, TakesNoExceptionFromThoseWhoGiveNothingByDefault) {
  ADatabase database;
  database.with_schema("app", {given(kWeb, {kUsage})})
      .with(ObjectClass::kTable, "app", {"a", "b"}, {given(kWeb, {kSelect})})
      .add({.object_class = ObjectClass::kTable,
            .schema = "app",
            .owner = kAnalysts,
            .acl = sql::built_in_acl(ObjectClass::kTable, kAnalysts, {170000}),
            .names = {"closed"}})
      .with_later(ObjectClass::kTable, "app", {given(kWeb, {kSelect})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator","access":{"web":"usage"}}},)"
            R"("grants":[{"to":"web","on":{"table":"app.a"},"privileges":"select"},)"
            R"({"to":"web","on":{"table":"app.b"},"privileges":"select"}],)"
            R"("default_privileges":[{"for":"migrator","in":"app","on":"tables","to":"web",)"
            R"("privileges":"select"}]})");
}

/// One table alone does not show that all are meant.
TEST(ExportInside, TakesASingleObjectForItself) {
  ADatabase database;
  database.with_schema("app").with(ObjectClass::kTable, "app", {"a"}, {given(kWeb, {kSelect})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"table":"app.a"},"privileges":"select"}]})");
}

TEST(ExportInside, FindsTheProfileAmongExceptions) {
  ADatabase database;
  database.with_schema("app", {given(kWeb, {kUsage, kCreate})})
      .with(ObjectClass::kTable, "app", {"a", "b", "c"}, {given(kWeb, {kSelect})})
      .with(ObjectClass::kTable, "app", {"closed"})
      .with(ObjectClass::kTable, "app", {"log"}, {given(kWeb, {kSelect, kInsert})})
      .with_later(ObjectClass::kTable, "app", {given(kWeb, {kSelect})})
      .with_later(ObjectClass::kSequence, "app", {given(kWeb, {kSelect})})
      .with_later(ObjectClass::kType, "app", {given(kWeb, {kUsage})});
  // web may create as well, and gives nobody anything: only the migrator's objects are meant.
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator","access":{"web":["readonly","create"]}}},)"
            R"("grants":[{"to":"web","on":{"table":"app.closed"},"privileges":"none"},)"
            R"({"to":"web","on":{"table":"app.log"},"privileges":"insert"}]})");
}

TEST(ExportInside, NamesCreatorsWhereOthersGiveNothing) {
  ADatabase database;
  database.with_schema("app", {given(kWeb, {kUsage, kCreate}), given(kAnalysts, {kUsage})})
      .with_later(ObjectClass::kTable, "app", {given(kAnalysts, {kSelect})})
      .with_later(ObjectClass::kSequence, "app", {given(kAnalysts, {kSelect})})
      .with_later(ObjectClass::kType, "app", {given(kAnalysts, {kUsage})});
  EXPECT_EQ(database.written(), R"({"schemas":{"app":{"owner":"migrator","created_by":"migrator",)"
                                R"("access":{"analysts":"readonly","web":["usage","create"]}}}})");
}

/// A wish for all would give it back.
TEST(ExportInside, LeavesOwnersWithoutWhatTheyTookFromThemselves) {
  ADatabase database;
  database.with_schema("app")
      .with(ObjectClass::kTable, "app", {"a", "b"}, {given(kWeb, {kSelect, kInsert})})
      .add({.object_class = ObjectClass::kTable,
            .schema = "app",
            .owner = kWeb,
            .acl = {{kWeb, kWeb, {kSelect}, {}}},
            .names = {"log"}});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"table":"app.a"},"privileges":["select","insert"]},)"
            R"({"to":"web","on":{"table":"app.b"},"privileges":["select","insert"]}]})");
}

TEST(ExportInside, SaysWhatEverybodyIsClosedOutOf) {
  ADatabase database;
  database.with_schema("public", {given(sql::kPublic, {})});
  database.add({.object_class = ObjectClass::kRoutine,
                .schema = "public",
                .owner = kMigrator,
                .acl = {given(kMigrator, {kExecute})},
                .names = {"f(integer)"}});
  database.catalogue().routines[{"public", "f(integer)"}] = {.name = "f"};
  database.with_later(ObjectClass::kRoutine, {}, {given(kMigrator, {kExecute})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"public":{"owner":"migrator"}},)"
            R"("grants":[{"to":"public","on":{"schema":"public"},"privileges":"none"},)"
            R"-({"to":"public","on":{"function":"public.f(integer)"},"privileges":"none"}],)-"
            R"("default_privileges":[{"for":"migrator","on":"functions","to":"public",)"
            R"("privileges":"none"}]})");
}

TEST(ExportInside, TellsOfWhomNobodyDeclaresAndNotOfTheService) {
  ADatabase database;
  database.with_schema("app", {given(kStranger, {kUsage}), given(kService, {kUsage})})
      .with_schema("databricks_state", {given(kWeb, {kUsage})});
  database.add({.object_class = ObjectClass::kSchema, .owner = kStranger, .names = {"theirs"}});
  EXPECT_EQ(database.written(), R"({"schemas":{"app":{"owner":"migrator"},"theirs":{}}})");
  EXPECT_EQ(database.left_out,
            (LeftOut{"the owner stranger of the schema theirs, whom no manifest declares",
                     "what stranger may do inside, whom no manifest declares"}));
}

TEST(ExportInside, NamesTheSuperusersOfTheService) {
  constexpr sql::RoleId kSuperusers = 16;
  ADatabase database;
  database.catalogue().roles.push_back({.id = kSuperusers, .name = "databricks_superuser"});
  const PrivilegeSet all = {kUsage, kCreate};
  database.with_schema("public", {given(sql::kPublic, {kUsage}), given(kSuperusers, all, all)})
      .with_schema("app", {given(kSuperusers, {kUsage})});
  database.add({.object_class = ObjectClass::kSchema, .owner = kSuperusers, .names = {"theirs"}});
  database.catalogue().groups.back().acl =
      sql::built_in_acl(ObjectClass::kSchema, kSuperusers, {170000});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator","access":{"databricks_superuser":"usage"}},)"
            R"("public":{"owner":"migrator"},"theirs":{"owner":"databricks_superuser"}}})");
}

TEST(ExportInside, TellsWhatOwnersTookFromThemselvesAndWhatIsSetForAll) {
  ADatabase database;
  database.with_schema("app")
      .add({.object_class = ObjectClass::kTable,
            .schema = "app",
            .owner = kMigrator,
            .acl = {given(kMigrator, sql::privileges_of(ObjectClass::kTable, {160000}) -
                                         PrivilegeSet{kDelete, kTruncate})},
            .names = {"log"}})
      .catalogue()
      .settings = {{.name = "work_mem", .value = "64MB"}};
  EXPECT_EQ(database.written(), R"({"schemas":{"app":{"owner":"migrator"}}})");
  EXPECT_EQ(database.left_out,
            (LeftOut{"the setting work_mem of all roles in all databases, as manifests have "
                     "settings of databases alone",
                     "that migrator lacks DELETE, TRUNCATE on its own table app.log"}));
}

/// Numbers of roles are others on another server.
TEST(ExportInside, OrdersByNames) {
  sql::Catalogue catalogue = ADatabase().catalogue();
  catalogue.memberships = {{.role = kMigrator, .member = kWeb},
                           {.role = kAnalysts, .member = kWeb}};
  LeftOut left_out;
  EXPECT_EQ(to_text(membership_words(catalogue, kKeys, "web@example.com", left_out)),
            R"(["analysts","migrator"])");
  ADatabase database;
  database.with_schema("app", {given(kWeb, {kUsage}), given(kAnalysts, {kUsage})});
  EXPECT_EQ(
      database.written(),
      R"({"schemas":{"app":{"owner":"migrator","access":{"analysts":"usage","web":"usage"}}}})");
}

TEST(ExportInside, TellsOfWhatHasNoWords) {
  ADatabase database;
  database.with_schema("a\nb").with_schema("app").catalogue().own_indexes = {
      {.schema = "app", .table = "t", .name = "weir_1"},
      {.schema = "app", .table = "t", .name = "weir_2"}};
  database.with(ObjectClass::kTable, "app", {"a\nb", "c", "d"}, {given(kWeb, {kSelect})});
  database.with(ObjectClass::kTable, "app", {"\t"}, {given(kWeb, {kInsert})});
  database.with_later(ObjectClass::kLargeObject, {}, {given(kWeb, {kSelect})});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"table":"app.c"},"privileges":"select"},)"
            R"({"to":"web","on":{"table":"app.d"},"privileges":"select"}]})");
  const std::string later =
      "what large objects that migrator makes will give to web, as manifests have no word for that";
  EXPECT_EQ(database.left_out,
            (LeftOut{R"(what web has on table app.\u0009, as manifests cannot name that)",
                     R"(what web has on table app.a\u000ab, as manifests cannot name that)",
                     R"(the schema a\u000ab, as manifests cannot name that)", later,
                     "the indexes that after_create has made for app.t"}));
}

TEST(ExportInside, LeavesTablesAloneWhoseColumnsCannotBeNamed) {
  ADatabase database;
  database.with_schema("app")
      .with(ObjectClass::kTable, "app", {"a", "b"}, {given(kWeb, {kSelect})})
      .add({.object_class = ObjectClass::kColumn,
            .schema = "app",
            .table = "a",
            .owner = kMigrator,
            .acl = {given(kWeb, {kInsert})},
            .names = {"x\ny"}});
  EXPECT_EQ(database.written(),
            R"({"schemas":{"app":{"owner":"migrator"}},)"
            R"("grants":[{"to":"web","on":{"table":"app.b"},"privileges":"select"}]})");
  EXPECT_EQ(database.left_out,
            (LeftOut{"what web has on table app.a, as manifests cannot name its columns",
                     "what web has on columns of app.a, as manifests cannot name them"}));
}

TEST(ExportInside, NamesNobodyByAKeyThatMeansSomebodyElse) {
  sql::Catalogue catalogue = ADatabase().catalogue();
  const RoleNames names = names_of_roles(
      catalogue, {{"migrator", "public"}, {"analysts", "pg_monitor"}, {"stranger", "stranger"}});
  EXPECT_EQ(names, (RoleNames{{sql::kPublic, "public"}, {kStranger, "stranger"}}));
}

TEST(ExportInside, WritesMembershipsWithTheirOptions) {
  sql::Catalogue catalogue = ADatabase().catalogue();
  catalogue.memberships = {
      {.role = kMigrator, .member = kWeb, .is_admin = true, .inherits = false, .can_set = false},
      {.role = kAnalysts, .member = kWeb, .grantor = 1, .is_admin = true, .inherits = false},
      {.role = kAnalysts, .member = kWeb, .grantor = 2, .inherits = false},
      {.role = kStranger, .member = kWeb},
      {.role = kService, .member = kWeb}};
  LeftOut left_out;
  const Document words = membership_words(catalogue, kKeys, "web@example.com", left_out);
  EXPECT_EQ(to_text(words), R"([{"role":"analysts","admin":true,"inherit":false}])");
  EXPECT_EQ(left_out, LeftOut{"its membership in stranger, whom no manifest declares"});
}

}  // namespace
}  // namespace weir::inside
