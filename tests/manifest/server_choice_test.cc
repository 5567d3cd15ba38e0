#include "manifest/server_choice.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

const std::string kUrl = "postgres://weir@localhost/postgres";
const std::string kProduction = "projects/shop/branches/production";
const std::string kOneBranch = "projects: { shop: { branches: { production: {} } } }\n";
const std::string kTwoBranches =
    "projects: { shop: { id: shop-eu, branches: { production: {}, dev: { expires: 7d } } } }\n";

LoadOptions in(const std::string& environment) {
  return {.files = {}, .environment = environment, .variables = {}, .getenv = {}};
}

TEST(ServerChoice, IsAnAddressAloneWhereOneBranchIsDeclared) {
  const Loaded loaded = load_text("server: " + kUrl + "\n" + kOneBranch);
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(document_of(loaded.manifest.server),
            Document({{"url", kUrl}, {"branch", kProduction}}));
}

TEST(ServerChoice, NamesOneOfSeveralBranchesByAddressOrByName) {
  for (const char* branch : {"projects/shop/branches/dev", "projects/shop-eu/branches/dev",
                             "\"${projects.shop.branches.dev.name}\""}) {
    const Loaded loaded = load_text(
        "server: { from: { env: SERVER }, branch: " + std::string(branch) + " }\n" + kTwoBranches);
    EXPECT_EQ(loaded.said(), "") << branch;
    EXPECT_EQ(
        document_of(loaded.manifest.server),
        Document({{"from", {{"env", "SERVER"}}}, {"branch", "projects/shop-eu/branches/dev"}}))
        << branch;
  }
}

TEST(ServerChoice, OfAnEnvironmentWinsOverTheWorkspaceAtTheTopAndTheOtherWayRound) {
  const std::string workspace_at_top =
      "workspace: { profile: shop }\nenvironments: { local: { server: " + kUrl +
      " }, prod: {} }\n" + kOneBranch;
  const Manifest local = load_text(workspace_at_top, in("local")).manifest;
  EXPECT_TRUE(local.server.is_made());
  EXPECT_EQ(local.workspace.profile, "");
  EXPECT_FALSE(load_text(workspace_at_top, in("prod")).manifest.server.is_made());

  const Manifest prod =
      load_text("server: " + kUrl + "\nenvironments: { prod: { workspace: { profile: shop } } }\n" +
                    kOneBranch,
                in("prod"))
          .manifest;
  EXPECT_FALSE(prod.server.is_made());
  EXPECT_EQ(prod.workspace.profile, "shop");
}

TEST(ServerChoice, OfAnEnvironmentReplacesTheOneAtTheTop) {
  const Loaded loaded =
      load_text("server: " + kUrl +
                    "\nenvironments: { ci: { server: { from: { file: url } } } }\n" + kOneBranch,
                in("ci"));
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(document_of(loaded.manifest.server),
            Document({{"from", {{"file", "url"}}}, {"branch", kProduction}}));
}

TEST(ServerChoice, HasItsMistakesSaidWithoutRepeatingWhatMayBeSecret) {
  const std::vector<std::pair<std::string, std::string>> written_and_said = {
      {"7", "server: expected postgres://USER@HOST:PORT/DATABASE, or a map with url or from"},
      {"db.example", "server: expected postgres://USER@HOST:PORT/DATABASE"},
      {"{}", "server: expected exactly one of url, from"},
      {"{ url: \"" + kUrl + "\", from: { env: A } }", "server: expected exactly one of url, from"},
      {"{ url: db.example }", "server.url: expected postgres://USER@HOST"},
      {"\"postgres://u:hunter2@db/weir\"", "error[M024] server: a password cannot stand"},
      {"{ from: { env: A, file: b } }", "server.from: expected exactly one of env, file"},
      {"{ url: \"" + kUrl + "\", branch: 7 }", "server.branch: expected a text"}};
  for (const auto& [written, said] : written_and_said) {
    const Loaded loaded = load_text(fmt::format("server: {}\n{}", written, kOneBranch));
    EXPECT_NE(loaded.said().find(said), std::string::npos) << loaded.said();
    EXPECT_EQ(loaded.said().find("hunter2"), std::string::npos) << loaded.said();
  }
}

TEST(ServerChoice, IsRefusedWithoutOneBranchToStandFor) {
  const std::vector<std::pair<std::string, std::string>> written_and_said = {
      {"server: " + kUrl + "\n",
       "error[M060] server: it stands for a branch, and none is declared"},
      {"server: " + kUrl + "\n" + kTwoBranches,
       "error[M060] server: it stands for one branch, and 2 are declared"},
      {"server: { url: \"" + kUrl + "\", branch: projects/shop/branches/dav }\n" + kTwoBranches,
       "error[M060] server.branch: no branch projects/shop/branches/dav is declared"}};
  for (const auto& [written, said] : written_and_said) {
    const Loaded loaded = load_text(written);
    EXPECT_NE(loaded.said().find(said), std::string::npos) << loaded.said();
  }
}

TEST(ServerChoice, IsRefusedForABranchThatHasItsRolesFromAnother) {
  const Loaded loaded =
      load_text("server: { url: \"" + kUrl + "\", branch: projects/shop/branches/dev }\n" + R"(
projects:
  shop:
    branches:
      production: { roles: { web: { app: shop-frontend } } }
      dev:
        from: production
        expires: 7d
        databases: { databricks_postgres: { schemas: { app: { access: { web: readonly } } } } }
)");
  EXPECT_NE(loaded.said().find("error[M060] projects/shop/branches/dev/databases/"
                               "databricks_postgres: web is a role of "
                               "projects/shop/branches/production, which the server does not "
                               "stand for"),
            std::string::npos)
      << loaded.said();
}

TEST(ServerChoice, IsReadBackFromJsonAsItWasWritten) {
  for (const ServerChoice& choice :
       {ServerChoice{}, ServerChoice{.url = {.text = kUrl}, .branch = kProduction},
        ServerChoice{.url = {.source = "file", .source_name = "/run/url"},
        .branch = kProduction}}) {
    const auto read = read_server_choice(document_of(choice));
    ASSERT_TRUE(read) << to_text(document_of(choice));
    EXPECT_EQ(document_of(*read), document_of(choice));
  }
  for (const char* wrong : {"7", "{}", R"({"url": ""})", R"({"url": "a"})", R"({"branch": "a"})",
                            R"({"url": "a", "from": {"env": "A"}, "branch": "b"})"}) {
    EXPECT_FALSE(read_server_choice(Document::parse(wrong))) << wrong;
  }
}

}  // namespace
}  // namespace weir::test
