// Which roles are meant, and what roles say that only SQL can do.
#include "tests/manifest/inside_database.h"

namespace weir::test {
namespace {

TEST(InsideRoles, AreMembersOfOthersAndHavePasswords) {
  const Loaded loaded = load_text(R"(
variables:
  login: { secret: true, from: { env: LOGIN } }
projects:
  p:
    branches:
      production:
        roles:
          legacy:
            password: ${var.login}
            member_of: [{ role: migrator, set: true, inherit: false }, pg_monitor]
          ana: { user: ana@example.com, member_of: [{ role: migrator, admin: true }] }
          migrator: { login: false }
)");
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed_insides(loaded.manifest), R"(projects/p/branches/production
  ana is a member of migrator admin=true  [roles/ana/member_of/migrator]
  legacy is a member of migrator inherit=false set=true  [roles/legacy/member_of/migrator]
  legacy is a member of pg_monitor  [roles/legacy/member_of/pg_monitor]
  legacy has the password login  [roles/legacy/password]
  ana is projects/p/branches/production/roles/ana
  legacy is projects/p/branches/production/roles/legacy
  migrator is projects/p/branches/production/roles/migrator
)");
}

TEST(InsideRoles, MayBeThoseOfTheBranchThatItComesFrom) {
  const Loaded loaded = load_text(R"(
projects:
  p:
    branches:
      production:
        roles: { web: { app: shop }, owner: { user: ana@example.com } }
      staging:
        from: production
        roles: { web: { app: shop-staging } }
      dev:
        from: staging
        databases:
          databricks_postgres:
            schemas: { main: { owner: owner, access: { web: usage } } }
)");
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed_insides(loaded.manifest),
            R"(projects/p/branches/dev/databases/databricks_postgres
  schema main owned by owner  [schemas/main]
  schema main: web has USAGE  [schemas/main/access/web]
  owner is projects/p/branches/production/roles/owner
  web is projects/p/branches/staging/roles/web
)");
}

TEST(InsideRoles, OfOtherBranchesAreNotMeant) {
  const Loaded loaded = load_text(R"(
projects:
  p:
    branches:
      production:
        databases: { databricks_postgres: { access: { web: connect } } }
      dev:
        from: production
        roles: { web: { app: shop } }
)");
  EXPECT_NE(loaded.said().find("there is no role \"web\" in projects/p/branches/production"),
            std::string::npos)
      << loaded.said();
}

TEST(InsideRoles, WithoutAWordForSqlLeaveNothingToDo) {
  const Loaded loaded = load_text(
      "projects: { p: { branches: { production: { roles: { web: { app: shop } }, databases: { "
      "databricks_postgres: {} } } } } }");
  EXPECT_EQ(loaded.said(), "");
  EXPECT_TRUE(loaded.manifest.insides.empty());
}

}  // namespace
}  // namespace weir::test
