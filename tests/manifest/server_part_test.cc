// What is left of a manifest for a server without a control plane.
#include "manifest/server_part.h"

#include "sql/wishes_document.h"
#include "tests/manifest/inside_database.h"

namespace weir::test {
namespace {

const std::string kProduction = "projects/p/branches/production";

Loaded load_for_server(const std::string& server =
                           "server: { url: \"postgres://w@localhost/postgres\", "
                           "branch: projects/p/branches/production }") {
  Loaded loaded = load_text(server + R"(
variables: { login: { secret: true, from: { env: LOGIN } } }
projects:
  p:
    display_name: Shop
    permissions: [{ group: analysts, level: CAN_USE }]
    branches:
      production:
        protected: true
        endpoints: { primary: { min_cu: 1, max_cu: 2 }, replica: { type: read_only } }
        roles:
          web: { app: shop-frontend }
          ana: { user: ana@example.com, superuser: true }
          legacy: { password: "${var.login}", attributes: [createdb] }
          keeper: { login: false }
        databases:
          shop: { owner: ana, schemas: { main: { access: { web: readwrite } } } }
      dev:
        expires: 7d
        roles: { dave: { user: dave@example.com, member_of: [pg_monitor] } }
        databases: { shop: { owner: dave, schemas: { main: {} } } }
)");
  keep_what_a_server_has(loaded.manifest);
  return loaded;
}

TEST(ServerPart, IsTheDatabasesAndRolesOfOneBranchByTheirNames) {
  const Loaded loaded = load_for_server();
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed(loaded.manifest),
            "projects/p id=p in= {}\n"
            "projects/p/branches/production id=production in=projects/p {}\n" +
                kProduction + "/databases/shop id=shop in=" + kProduction +
                " {\"postgres_database\":\"shop\"}\n" + kProduction +
                "/roles/ana id=ana@example.com in=" + kProduction +
                " {\"postgres_role\":\"ana@example.com\"}\n" + kProduction +
                "/roles/keeper id=keeper in=" + kProduction + " {\"postgres_role\":\"keeper\"}\n" +
                kProduction + "/roles/legacy id=legacy in=" + kProduction +
                " {\"postgres_role\":\"legacy\"}\n" + kProduction +
                "/roles/web id= in=" + kProduction + " {\"app\":\"shop-frontend\"}\n");
  for (const Declaration& declaration : loaded.manifest.declarations) {
    EXPECT_FALSE(declaration.takes_requests) << declaration.address.text();
  }
}

TEST(ServerPart, HasEveryRoleMadeBySqlWhetherItLogsInOrNot) {
  const Loaded loaded = load_for_server();
  ASSERT_EQ(loaded.manifest.insides.size(), 2U);
  const Inside& roles = loaded.manifest.insides[0];
  EXPECT_EQ(roles.address.text(), kProduction);
  std::string wished;
  for (const sql::RoleWish& wish : roles.wishes.roles) {
    wished += wish.name + (wish.can_login == true ? " logs in" : " does not") +
              (wish.can_create_databases == true ? ", makes databases" : "") + "\n";
  }
  EXPECT_EQ(wished, "ana logs in\nkeeper does not\nlegacy logs in, makes databases\nweb logs in\n");
  ASSERT_EQ(roles.passwords.size(), 1U);
  EXPECT_EQ(roles.passwords.front().variable, "login");
}

TEST(ServerPart, GivesDatabasesToTheirOwnersBySql) {
  const Loaded loaded = load_for_server();
  ASSERT_EQ(loaded.manifest.insides.size(), 2U);
  const Inside& shop = loaded.manifest.insides[1];
  ASSERT_EQ(shop.wishes.owners.size(), 1U);
  EXPECT_EQ(shop.wishes.owners.front().owner, "ana");
  EXPECT_EQ(shop.wishes.schemas.size(), 1U);
}

TEST(ServerPart, SaysWhatIsNotLookedAtAndWhatMeansNothing) {
  const Loaded loaded = load_for_server();
  std::string remarks;
  for (const Remark& remark : loaded.manifest.remarks) {
    remarks += remark.address.text() + ": " + remark.text + "\n";
  }
  EXPECT_EQ(remarks, kProduction +
                         ": is a server without a control plane here; not looked at: 1 project, 2 "
                         "branches, 1 database, 1 role, 2 endpoints, permissions\n" +
                         kProduction +
                         "/roles/ana: superuser means nothing here: a server has no "
                         "databricks_superuser, and the role gets none of its rights\n");
}

TEST(ServerPart, IsEverythingForAWorkspace) {
  const Loaded loaded = load_for_server("workspace: { profile: shop }");
  EXPECT_EQ(loaded.manifest.declarations.size(), 13U);
  EXPECT_TRUE(loaded.manifest.remarks.empty());
  EXPECT_TRUE(loaded.manifest.declarations.front().takes_requests);
}

}  // namespace
}  // namespace weir::test
