// What `access` in a database and in a schema comes to.
#include <gtest/gtest.h>

#include "tests/manifest/inside_text.h"
#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

/// A manifest with two roles and one database that says this.
Loaded load_database(const std::string& inside, const std::string& top = "") {
  return load_text(top + R"(
projects:
  p:
    branches:
      production:
        roles:
          web: { app: shop }
          migrator: { login: true }
        databases:
          app:
            owner: migrator
)" + inside);
}

std::string wishes_of(const std::string& inside, const std::string& top = "") {
  const Loaded loaded = load_database(inside, top);
  EXPECT_EQ(loaded.said(), "");
  return listed_insides(loaded.manifest);
}

TEST(InsideAccess, OfADatabaseIsExactlyWhatIsWritten) {
  EXPECT_EQ(
      wishes_of("            access: { web: [connect, TEMP], public: none, pg_monitor: all }"),
      R"(projects/p/branches/production/databases/app
  database app: pg_monitor has CREATE, CONNECT, TEMPORARY  [access/pg_monitor]
  database app: PUBLIC has nothing  [access/public]
  database app: web has CONNECT, TEMPORARY  [access/web]
  web is projects/p/branches/production/roles/web
)");
}

TEST(InsideAccess, ByAProfileNamesEveryClassNowAndLater) {
  EXPECT_EQ(wishes_of(R"(
            schemas:
              main: { owner: migrator, access: { web: readonly } }
)"),
            R"(projects/p/branches/production/databases/app
  schema main owned by migrator  [schemas/main]
  schema main: web has USAGE  [schemas/main/access/web]
  tables in main: web has SELECT  [schemas/main/access/web]
  sequences in main: web has SELECT  [schemas/main/access/web]
  functions in main: web has nothing  [schemas/main/access/web]
  types in main: web has USAGE  [schemas/main/access/web]
  later tables in main of all: web has SELECT  [schemas/main/access/web]
  later sequences in main of all: web has SELECT  [schemas/main/access/web]
  later functions in main of all: web has nothing  [schemas/main/access/web]
  later types in main of all: web has USAGE  [schemas/main/access/web]
  migrator is projects/p/branches/production/roles/migrator
  web is projects/p/branches/production/roles/web
)");
}

}  // namespace
}  // namespace weir::test
