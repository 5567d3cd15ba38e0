// A server without a control plane, seen as the service would show a workspace.
#include "providers/postgres/server_provider.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"
#include "providers/postgres/fixed_routes.h"
#include "tests/providers/postgres/door.h"

namespace weir::test {
namespace {

const std::string kProject = "projects/shop";

class Server {
 public:
  Server()
      : databases_(std::make_unique<postgres::FixedRoutes>(
            std::map<std::string, Secret>{{kBranch, Secret(door_.address())}})),
        provider_(databases_, kBranch, Secret(door_.address())) {}

  postgres::ServerProvider& operator*() { return provider_; }
  postgres::ServerProvider* operator->() { return &provider_; }
  const Door& door() const { return door_; }

  std::vector<Observed> list(const char* kind, const std::string& parent) {
    return provider_.list(*lakebase_catalogue().find(kind), parent);
  }
  std::vector<std::string> names(const char* kind) {
    std::vector<std::string> names;
    for (const Observed& each : list(kind, kBranch)) names.push_back(each.postgres_name);
    return names;
  }

 private:
  Door door_;
  postgres::PostgresDatabases databases_;
  postgres::ServerProvider provider_;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

TEST(ServerProvider, ShowsOneProjectWithOneBranchThatNeverSleeps) {
  Server server;
  ASSERT_EQ(server.list("project", "").size(), 1U);
  EXPECT_EQ(server.list("project", "").front().name, kProject);
  ASSERT_EQ(server.list("branch", kProject).size(), 1U);
  EXPECT_EQ(server.list("branch", kProject).front().name, kBranch);
  ASSERT_EQ(server.list("endpoint", kBranch).size(), 1U);
  const Document facts = server.list("endpoint", kBranch).front().facts;
  EXPECT_EQ(text_at(facts, "current_state"), "ACTIVE");
  EXPECT_TRUE(text_at(facts, "hosts.host").starts_with('/')) << to_text(facts);
  EXPECT_TRUE(server.list("permissions", kProject).empty());
}

TEST(ServerProvider, ListsRolesAndDatabasesButNotThoseOfPostgresItself) {
  Server server;
  server.door().execute("CREATE ROLE \"ana@example.com/seen\"");
  const auto roles = server.names("role");
  EXPECT_TRUE(contains(roles, "ana@example.com/seen"));
  EXPECT_FALSE(contains(roles, "pg_monitor"));
  const auto databases = server.names("database");
  EXPECT_TRUE(contains(databases, server.door().place().database));
  EXPECT_FALSE(contains(databases, "template1"));
}

TEST(ServerProvider, GetsWhatIsThereByItsName) {
  Server server;
  server.door().execute("CREATE ROLE \"got/it\"");
  const Kind& role = *lakebase_catalogue().find("role");
  const auto found = server->get(role, std::string(kBranch) + "/roles/got%2Fit");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->postgres_name, "got/it");
  EXPECT_EQ(found->fields, Document({{"postgres_role", "got/it"}}));
  EXPECT_FALSE(server->get(role, std::string(kBranch) + "/roles/nobody"));
}

TEST(ServerProvider, CallsRolesOfAppsLikeTheApps) {
  Server server;
  EXPECT_EQ(server->principal_of_app("shop-frontend"), "shop-frontend");
}

TEST(ServerProvider, TakesNoRequest) {
  Server server;
  EXPECT_THROW(server->start({.method = "DELETE", .target = "/x"}, [] { return true; }), Error);
  EXPECT_EQ(server->request_count(), 0U);
}

}  // namespace
}  // namespace weir::test
