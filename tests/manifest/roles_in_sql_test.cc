// Roles that the service would refuse to make: SQL makes them.
#include "manifest/inside/roles_in_sql.h"

#include "sql/wishes_document.h"
#include "tests/manifest/inside_database.h"

namespace weir::test {
namespace {

const std::string kProduction = "projects/p/branches/production";

Loaded load_branch(const std::string& top = "") {
  return load_text(top + R"(
projects:
  p:
    branches:
      production:
        roles:
          boss: { login: true }
          keeper: { login: false }
          maker: { login: false, attributes: [createdb, bypassrls] }
        databases:
          app: { owner: keeper }
          other: { owner: boss }
)");
}

const Declaration& declared(const Loaded& loaded, const std::string& address) {
  return *loaded.manifest.find(Address::parse(address).value());
}

std::string wishes_in(const Inside& inside) {
  return to_text(sql::document_of(inside.wishes));
}

TEST(RolesInSql, AreThoseThatCannotLogIn) {
  const Loaded loaded = load_branch();
  EXPECT_EQ(loaded.said(), "");
  EXPECT_TRUE(declared(loaded, kProduction + "/roles/keeper").is_made_in_sql);
  EXPECT_TRUE(declared(loaded, kProduction + "/roles/maker").is_made_in_sql);
  EXPECT_FALSE(declared(loaded, kProduction + "/roles/boss").is_made_in_sql);
}

TEST(RolesInSql, AreWishedForWithTheirAttributes) {
  const Loaded loaded = load_branch();
  ASSERT_EQ(loaded.manifest.insides.size(), 2U);
  const Inside& roles = loaded.manifest.insides[0];
  EXPECT_EQ(roles.address.text(), kProduction);
  EXPECT_EQ(wishes_in(roles),
            R"({"roles":[{"tag":"projects/p/branches/production/roles/keeper","name":"keeper",)"
            R"("login":false},{"tag":"projects/p/branches/production/roles/maker","name":"maker",)"
            R"("login":false,"createrole":false,"createdb":true,"bypassrls":true}]})");
  EXPECT_EQ(roles.roles.size(), 2U);
  EXPECT_EQ(roles.place.line, declared(loaded, kProduction).place.line);
  EXPECT_EQ(roles.places.at(kProduction + "/roles/keeper").line,
            declared(loaded, kProduction + "/roles/keeper").place.line);
}

TEST(RolesInSql, GetTheirDatabasesBySql) {
  const Loaded loaded = load_branch();
  ASSERT_EQ(loaded.manifest.insides.size(), 2U);
  const Inside& app = loaded.manifest.insides[1];
  EXPECT_EQ(app.address.text(), kProduction + "/databases/app");
  EXPECT_EQ(wishes_in(app),
            R"({"owners":[{"tag":"projects/p/branches/production/databases/app/owner",)"
            R"("target":{"class":"database","name":"app"},"owner":"keeper"}]})");
  EXPECT_TRUE(declared(loaded, kProduction + "/databases/app").references.empty());
  EXPECT_EQ(declared(loaded, kProduction + "/databases/other").references.size(), 1U);
}

TEST(RolesInSql, JoinWhatIsSaidOfTheSameDatabase) {
  const Loaded loaded = load_text(R"(
projects:
  p:
    branches:
      production:
        roles: { keeper: { login: false, member_of: [pg_monitor] } }
        databases: { app: { owner: keeper, schemas: { main: {} } } }
)");
  EXPECT_EQ(loaded.said(), "");
  ASSERT_EQ(loaded.manifest.insides.size(), 2U);
  EXPECT_EQ(loaded.manifest.insides[0].wishes.roles.size(), 1U);
  EXPECT_EQ(loaded.manifest.insides[0].wishes.memberships.size(), 1U);
  EXPECT_EQ(loaded.manifest.insides[1].wishes.owners.size(), 1U);
  EXPECT_EQ(loaded.manifest.insides[1].wishes.schemas.size(), 1U);
}

TEST(RolesInSql, AreNoneWhereTheServiceMakesThem) {
  const Loaded loaded =
      load_branch("limits: { no_login_roles: { value: true, reason: it does } }\n");
  EXPECT_EQ(loaded.said(), "");
  EXPECT_TRUE(loaded.manifest.insides.empty());
  EXPECT_FALSE(declared(loaded, kProduction + "/roles/keeper").is_made_in_sql);
  EXPECT_EQ(declared(loaded, kProduction + "/databases/app").references.size(), 1U);
}

}  // namespace
}  // namespace weir::test
