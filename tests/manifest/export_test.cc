#include "manifest/export.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "manifest/yaml_text.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

const std::string kShop = "projects/shop";
const std::string kProduction = kShop + "/branches/production";

void add_roles_and_databases(Observations& seen) {
  seen.add({.kind = &kRole,
            .name = kProduction + "/roles/ana",
            .postgres_name = "ana@example.com",
            .fields = {{"postgres_role", "ana@example.com"},
                       {"identity", "user"},
                       {"auth_method", "oauth"},
                       {"superuser", true},
                       {"attributes", Document::array()}}});
  seen.add({.kind = &kRole,
            .name = kProduction + "/roles/owner",
            .postgres_name = "app owner",
            .fields = {{"postgres_role", "app owner"},
                       {"identity", "none"},
                       {"auth_method", "no_login"},
                       {"superuser", false},
                       {"attributes", {"createdb"}}}});
  seen.add({.kind = &kRole,
            .name = kProduction + "/roles/odd",
            .postgres_name = "odd",
            .fields = {{"identity", "none"}, {"auth_method", "oauth"}}});
  seen.add({.kind = &kDatabase,
            .name = kProduction + "/databases/app",
            .postgres_name = "app",
            .fields = {{"owner", "ana@example.com"}, {"postgres_database", "app"}}});
  seen.add({.kind = &kDatabase,
            .name = kProduction + "/databases/yes",
            .postgres_name = "true",
            .fields = {{"owner", "odd"}, {"postgres_database", "true"}}});
}

Observations a_workspace() {
  Observations seen;
  seen.add({.kind = &kProject,
            .name = kShop,
            .fields = {{"display_name", "The shop"},
                       {"pg_version", 17},
                       {"history_retention", "604800s"},
                       {"native_login", false},
                       {"tags", Document::object()},
                       {"default_branch", kProduction},
                       {"default_endpoint", nullptr}}});
  seen.add({.kind = &kPermissionsOfProject,
            .name = kShop + "/permissions",
            .fields = {{"entries", {{{"group", "analysts"}, {"level", "CAN_USE"}}}}}});
  seen.add({.kind = &kBranch,
            .name = kProduction,
            .fields = {{"expires", {{"never", true}}}, {"protected", true}}});
  seen.add({.kind = &kBranch,
            .name = kShop + "/branches/dev",
            .fields = {{"from", kProduction},
                       {"at", "2026-01-01T00:00:00Z"},
                       {"lsn", "0/1"},
                       {"expires", {{"ttl", "604800s"}, {"expire_time", "2026-01-08T00:00:00Z"}}},
                       {"protected", false}}});
  seen.add({.kind = &kBranch,
            .name = kShop + "/branches/gone",
            .delete_time = "2026-01-01T00:00:00Z",
            .fields = Document::object()});
  seen.add({.kind = &kEndpoint,
            .name = kProduction + "/endpoints/primary",
            .fields = {{"type", "read_write"},
                       {"min_cu", 1},
                       {"max_cu", 1},
                       {"suspend_after", "never"},
                       {"disabled", false},
                       {"ha", {{"size", 2}, {"readable_secondaries", true}}},
                       {"pg_settings", Document::object()}}});
  add_roles_and_databases(seen);
  return seen;
}

TEST(Export, WritesWhatIsThereAndLeavesUnsaidWhatGoesWithoutSaying) {
  const Exported exported = export_manifest(a_workspace(), lakebase_catalogue(), "workspace");
  EXPECT_EQ(exported.yaml, R"(version: weir/v1
name: workspace
projects:
  shop:
    display_name: "The shop"
    pg_version: 17
    history_retention: 7d
    default_branch: production
    permissions:
      - { group: analysts, level: CAN_USE }
    branches:
      dev: { from: production, expires: 7d }
      production:
        expires: never
        protected: true
        endpoints:
          primary:
            type: read_write
            suspend_after: never
            ha: { size: 2, readable_secondaries: true }
            cu: 1
        roles:
          ana: { user: ana@example.com, superuser: true }
          "app owner":
            login: false
            attributes: [createdb]
        databases:
          app: { owner: ana }
)");
}

TEST(Export, SaysWhatNoManifestCanSay) {
  const Exported exported = export_manifest(a_workspace(), lakebase_catalogue(), "workspace");
  const std::vector<std::string> wanted = {
      "projects/shop/branches/production/roles/odd: a role with the identity none that logs in by "
      "oauth cannot be declared",
      "projects/shop/branches/production/databases/yes: its owner odd cannot be named, and no "
      "database is declared without one"};
  EXPECT_EQ(exported.left_out, wanted);
}

TEST(Export, PutsWhatStandsApartBelowItsDatabase) {
  Observations seen = a_workspace();
  const auto copy = [&](const std::string& table, const std::string& pipeline) {
    seen.add({.kind = &kSyncedTable,
              .name = "synced_tables/shop_pg.crm." + table,
              .fields = {{"from", "main.crm." + table},
                         {"mode", "snapshot"},
                         {"primary_key", {"id"}},
                         {"pipeline.id", pipeline},
                         {"branch", kProduction},
                         {"database", "app"}}});
  };
  seen.add({.kind = &kCatalog,
            .name = "catalogs/shop_pg",
            .fields = {{"branch", kProduction}, {"database", "app"}}});
  copy("books", "shared");
  copy("films", "shared");
  copy("games", "its own");
  seen.add({.kind = &kSyncedTable, .name = "synced_tables/shop_pg.crm.hidden"});
  seen.add({.kind = &kChangeFeed,
            .name = kProduction + "/databases/app/cdf-configs/app_1",
            .fields = {{"catalog", "main"}, {"schema", "history"}, {"postgres_schema", "App-1"}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  EXPECT_NE(exported.yaml.find(R"(
          app:
            owner: ana
            catalog: { name: shop_pg }
            schemas:
              crm:
                synced_tables:
                  books:
                    from: main.crm.books
                    mode: snapshot
                    primary_key: [id]
                    pipeline: { id: shared }
                  films:
                    from: main.crm.films
                    mode: snapshot
                    primary_key: [id]
                    pipeline: { id: shared }
                  games:
                    from: main.crm.games
                    mode: snapshot
                    primary_key: [id]
              App-1:
                cdf:
                  catalog: main
                  schema: history
                  id: app_1
)"),
            std::string::npos)
      << exported.yaml;
  EXPECT_EQ(exported.left_out.front(),
            "synced_tables/shop_pg.crm.hidden: the service does not show its from; declare it by "
            "hand");
}

void add_role(Observations& seen, const std::string& id, const std::string& name,
              const char* identity, const char* method = "") {
  Observed role = {.kind = &kRole,
                   .name = kProduction + "/roles/" + id,
                   .postgres_name = name,
                   .fields = {{"postgres_role", name}, {"identity", identity}}};
  if (*method != 0) role.fields["auth_method"] = method;
  seen.add(role);
}

/// A workspace with an app that is bound to what the entries say.
Observations with_app(const Document& entries) {
  Observations seen = a_workspace();
  seen.add({.kind = &kApp, .name = "apps/site", .fields = {{"bind", entries}}});
  return seen;
}

TEST(Export, LeavesEntriesOfOthersToAppsAndTellsOfTargetsThatItHasNot) {
  const Document entries = {{{"resource_key", "db"},
                             {"database", kProduction + "/databases/app"},
                             {"permission", "CAN_CONNECT_AND_CREATE"}},
                            {{"resource_key", "gone"},
                             {"branch", kShop + "/branches/gone"},
                             {"permission", "CAN_CONNECT_AND_CREATE"}},
                            {{"resource_key", "warehouse"}, {"other", "sql_warehouse"}},
                            {{"resource_key", "vault"}, {"other", "secret"}}};
  const Exported exported = export_manifest(with_app(entries), lakebase_catalogue(), "workspace");
  EXPECT_TRUE(exported.yaml.ends_with(R"(
apps:
  site:
    bind:
      - { resource_key: db, database: projects.shop.branches.production.databases.app }
)")) << exported.yaml;
  EXPECT_EQ(exported.left_out.back(),
            "apps/site: its binding gone to projects/shop/branches/gone, which is not written");
}

TEST(Export, CallsTheRoleOfAnAppByTheApp) {
  Observations seen = with_app(Document::array());
  const char* principal = "11111111-1111-1111-1111-111111111111";
  seen.add({.kind = &kApp,
            .name = "apps/web-app",
            .facts = {{"service_principal_client_id", principal}}});
  add_role(seen, "sp", principal, "service_principal");
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  EXPECT_NE(exported.yaml.find("web-app: { app: web-app }"), std::string::npos) << exported.yaml;
}

TEST(Export, SaysNothingOfAppsThatUseNothingOfLakebase) {
  const Document entries = {{{"resource_key", "warehouse"}, {"other", "sql_warehouse"}}};
  const Exported exported = export_manifest(with_app(entries), lakebase_catalogue(), "workspace");
  EXPECT_EQ(exported.yaml.find("apps"), std::string::npos) << exported.yaml;
}

TEST(Export, KeepsTextsThatLookLikeExpressions) {
  Observations seen;
  seen.add({.kind = &kProject,
            .name = kShop,
            .fields = {{"display_name", "${var.x}"}, {"tags", {{"${a}", "$${b}"}}}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  EXPECT_NE(exported.yaml.find(R"(display_name: "$${var.x}")"), std::string::npos);
  EXPECT_NE(exported.yaml.find(R"(tags: { "$${a}": "$$${b}" })"), std::string::npos)
      << exported.yaml;
}

TEST(Export, LeavesOutWhatHasANameTooLongForAKey) {
  Observations seen = a_workspace();
  const std::string name(300, 'a');
  seen.add({.kind = &kRole,
            .name = kProduction + "/roles/long",
            .postgres_name = name + "@example.com",
            .fields = {{"postgres_role", name + "@example.com"}, {"identity", "user"}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "shop");
  EXPECT_EQ(exported.yaml.find(name), std::string::npos);
  EXPECT_EQ(
      std::ranges::count(exported.left_out, kProduction + "/roles/long: its name has 300 bytes, "
                                                          "which are too many for a key"),
      1);
}

TEST(Export, GivesWayToPlainRolesAndMeansNobodyElse) {
  Observations seen = a_workspace();
  add_role(seen, "a", "carl@x.example", "user");
  add_role(seen, "b", "carl", "none", "no_login");
  add_role(seen, "c", "@x.example", "user");
  add_role(seen, "d", "public@x.example", "user");
  add_role(seen, "e", "pg_monitor@x.example", "user");
  add_role(seen, "f", "databricks_superuser@x.example", "user");
  seen.add({.kind = &kDatabase,
            .name = kProduction + "/databases/carls",
            .postgres_name = "carls",
            .fields = {{"owner", "carl"}, {"postgres_database", "carls"}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  for (const char* line :
       {"carl_2: { user: carl@x.example }", "carl: { login: false }", "carls: { owner: carl }",
        "role_: { user: \"@x.example\" }", "role_public: { user: public@x.example }",
        "role_pg_monitor: { user: pg_monitor@x.example }",
        "role_databricks_superuser: { user: databricks_superuser@x.example }"}) {
    EXPECT_NE(exported.yaml.find(line), std::string::npos) << line << "\n" << exported.yaml;
  }
}

TEST(Export, LeavesOutRolesAndDatabasesWithControlCharactersInTheirNames) {
  Observations seen = a_workspace();
  add_role(seen, "bell", "bell\a", "none", "no_login");
  add_role(seen, "next", "next\xC2\x85line@x.example", "user");
  seen.add({.kind = &kDatabase,
            .name = kProduction + "/databases/tab",
            .postgres_name = "a\tb",
            .fields = {{"owner", "app owner"}, {"postgres_database", "a\tb"}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  for (
      const char* reason :
      {R"(roles/bell: its name bell\u0007 has a control character, which manifests cannot have)",
       R"(roles/next: its name next\u0085line@x.example has a control character, which manifests cannot have)",
       R"(databases/tab: its name a\u0009b has a control character, which manifests cannot have)"}) {
    EXPECT_EQ(std::ranges::count(exported.left_out, kProduction + "/" + reason), 1) << reason;
  }
  for (const char* name : {"bell", "next", "a\\tb"}) {
    EXPECT_EQ(exported.yaml.find(name), std::string::npos) << exported.yaml;
  }
}

/// The API of instances says neither who owns a database nor whether a plain role logs in.
Observations an_instance() {
  Observations seen;
  const std::string legacy = "instances/legacy";
  seen.add({.kind = &kInstance, .name = legacy});
  for (const char* role : {"owner", "batch"}) {
    seen.add({.kind = &kInstanceRole,
              .name = legacy + "/roles/" + role,
              .postgres_name = role,
              .fields = {{"postgres_role", role}, {"identity", "none"}}});
  }
  for (const char* database : {"databricks_postgres", "orders"}) {
    seen.add({.kind = &kInstanceDatabase,
              .name = legacy + "/databases/" + database,
              .postgres_name = database,
              .fields = {{"postgres_database", database}}});
  }
  seen.add({.kind = &kCatalog,
            .name = "catalogs/legacy_pg",
            .fields = {{"instance", "legacy"}, {"database", "orders"}}});
  return seen;
}

TEST(Export, AsksDatabasesWhatTheApiDoesNotSayOfInstances) {
  sql::Catalogue catalogue;
  catalogue.version = {160000};
  catalogue.database = "orders";
  catalogue.roles = {{.id = 10, .name = "owner"}, {.id = 11, .name = "batch", .can_login = true}};
  catalogue.groups = {{.object_class = sql::ObjectClass::kDatabase,
                       .owner = 10,
                       .acl = sql::built_in_acl(sql::ObjectClass::kDatabase, 10, catalogue.version),
                       .names = {"orders"}}};
  const Exported exported =
      export_manifest(an_instance(), lakebase_catalogue(), "shop",
                      {{{.branch = "instances/legacy", .database = "orders"}, catalogue}});
  EXPECT_EQ(exported.yaml, R"(version: weir/v1
name: shop
instances:
  legacy:
    roles:
      batch: { login: true }
      owner: { login: false }
    databases:
      databricks_postgres: {}
      orders:
        owner: owner
        catalog: { name: legacy_pg }
)");
  EXPECT_EQ(exported.left_out, std::vector<std::string>());
}

TEST(Export, SaysWhatNobodyLookedInto) {
  const Exported exported = export_manifest(an_instance(), lakebase_catalogue(), "shop");
  const std::string role =
      ": a plain role, of which the API does not say whether it logs in, and none of its databases "
      "was looked into; declare it with login: false or with a password";
  EXPECT_EQ(
      exported.left_out,
      (std::vector<std::string>{
          "instances/legacy/roles/batch" + role, "instances/legacy/roles/owner" + role,
          "instances/legacy/databases/orders: the API does not show its owner, and nobody looked "
          "into it, and no instance_database is declared without one",
          "the catalog legacy_pg: its database, instances/legacy orders, is not written, nor what "
          "is copied there"}));
}

TEST(Export, NamesNoBranchThatIsDeleted) {
  Observations seen;
  seen.add({.kind = &kProject, .name = kShop, .fields = Document::object()});
  seen.add({.kind = &kBranch, .name = kProduction, .delete_time = "2026-01-01T00:00:00Z"});
  seen.add({.kind = &kBranch, .name = kShop + "/branches/dev", .fields = {{"from", kProduction}}});
  const Exported exported = export_manifest(seen, lakebase_catalogue(), "workspace");
  EXPECT_EQ(exported.yaml.find("from"), std::string::npos) << exported.yaml;
  EXPECT_EQ(exported.left_out.size(), 1U);
}

TEST(YamlText, QuotesWhatYamlWouldReadAsSomethingElse) {
  for (const char* plain : {"shop", "ana@example.com", "7d", "a/b", "no", "on", "x-1"}) {
    EXPECT_EQ(yaml_scalar(plain), plain);
  }
  for (const char* other : {"", "true", "null", "~", "12", "0x1F", "1.5", "-x", "a b", "a: b", "#x",
                            "@x", "[x]", "a\nb", "*x", "010", "ü"}) {
    EXPECT_EQ(yaml_scalar(other), to_text(Document(other))) << other;
  }
  EXPECT_EQ(yaml_scalar("a\u200bb\u202ec\ufeff"), R"("a\u200bb\u202ec\ufeff")");
}

}  // namespace
}  // namespace weir
