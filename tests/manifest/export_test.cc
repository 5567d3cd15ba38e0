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
