// Against the real program: every kind, page by page, and both ways to log in.
#include "tests/support/emulator.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "core/error.h"
#include "providers/http/client.h"
#include "providers/lakebase/api_provider.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

using Values = std::map<std::string, std::string>;

http::Configuration configuration_of(const Values& given) {
  return http::resolve_configuration(given, [](const std::string&) { return ""; });
}

/// Calls the emulator as a user would with curl.
Document call(const test::Emulator& emulator, const std::string& method, const std::string& path,
              const std::string& body) {
  http::Client client;
  const http::Answer answer = client.send({.method = method,
                                           .url = emulator.url() + path,
                                           .authorization = Secret("Bearer " + emulator.token()),
                                           .content_type = body.empty() ? "" : "application/json",
                                           .body = Secret(body)});
  EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
  return parse_document(answer.body).value_or(Document());
}

void create(const test::Emulator& emulator, const std::string& target, const std::string& body) {
  const std::string root = "/api/2.0/postgres/";
  Document operation = call(emulator, "POST", root + target, body);
  const std::string name = text_at(operation, "name");
  for (int i = 0; i < 3000 && !flag_at(operation, "done"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    operation = call(emulator, "GET", root + name, "");
  }
  EXPECT_TRUE(operation.contains("response")) << to_text(operation);
}

std::set<std::string> names_of(const std::vector<Observed>& members) {
  std::set<std::string> names;
  for (const Observed& member : members) names.insert(member.name);
  return names;
}

TEST(AgainstTheEmulator, ListsEveryKindPageByPage) {
  const test::Emulator emulator;
  create(emulator, "projects?project_id=shop", R"({"spec": {"display_name": "Shop"}})");
  const std::string project = "projects/shop";
  for (const char* id : {"dev", "test"}) {
    create(emulator, project + "/branches?branch_id=" + id, R"({"spec": {"no_expiry": true}})");
  }
  const std::string branch = project + "/branches/dev";
  create(emulator, branch + "/roles?role_id=app-owner", R"({"spec": {"postgres_role": "app"}})");
  create(
      emulator, branch + "/databases?database_id=orders",
      R"({"spec": {"postgres_database": "orders", "role": ")" + branch + R"(/roles/app-owner"}})");

  http::Workspace workspace(
      configuration_of({{"host", emulator.url()}, {"token", emulator.token()}}));
  ApiProvider provider(workspace, {.page_size = 1});
  EXPECT_EQ(names_of(provider.list(kProject, "")), std::set<std::string>{project});
  EXPECT_EQ(names_of(provider.list(kBranch, project)),
            (std::set<std::string>{project + "/branches/production", branch,
                                   project + "/branches/test"}));
  EXPECT_TRUE(names_of(provider.list(kEndpoint, branch)).contains(branch + "/endpoints/primary"));
  EXPECT_TRUE(names_of(provider.list(kRole, branch)).contains(branch + "/roles/app-owner"));
  EXPECT_TRUE(names_of(provider.list(kDatabase, branch)).contains(branch + "/databases/orders"));
  EXPECT_EQ(provider.list(kPermissionsOfProject, project).size(), 1U);
  EXPECT_GE(provider.request_count(), 10U);
  EXPECT_NE(provider.workspace_id(), "");

  const auto observed = provider.get(kProject, project);
  ASSERT_TRUE(observed.has_value());
  EXPECT_EQ(observed->fields["display_name"], "Shop");
  EXPECT_FALSE(provider.get(kProject, "projects/nowhere").has_value());
}

TEST(AgainstTheEmulator, LogsInAsAServicePrincipal) {
  const test::Emulator emulator;
  const Document identity =
      call(emulator, "POST", "/_emulator/identities", R"({"service_principal": "ci"})");
  http::Workspace workspace(
      configuration_of({{"host", emulator.url()},
                        {"client_id", text_at(identity, "client_id")},
                        {"client_secret", text_at(identity, "client_secret")}}));
  ApiProvider provider(workspace);
  EXPECT_TRUE(provider.list(kProject, "").empty());
  EXPECT_EQ(provider.request_count(), 1U);
}

TEST(AgainstTheEmulator, SaysWhyAWrongTokenIsRefused) {
  const test::Emulator emulator;
  http::Workspace workspace(configuration_of({{"host", emulator.url()}, {"token", "hunter2"}}));
  ApiProvider provider(workspace);
  try {
    provider.list(kProject, "");
    FAIL();
  } catch (const ApiError& error) {
    const std::string text = error.what();
    EXPECT_EQ(error.facts().status, 401);
    EXPECT_NE(text.find("pat (token from -token)"), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  }
}

TEST(AgainstTheEmulator, ChangesThingsAndFollowsTheWork) {
  const test::Emulator emulator;
  http::Workspace workspace(
      configuration_of({{"host", emulator.url()}, {"token", emulator.token()}}));
  ApiProvider provider(workspace);
  const MayLeave always = [] { return true; };
  Operation operation = provider.start({.method = "POST",
                                        .target = "/api/2.0/postgres/projects?project_id=shop",
                                        .body = {{"spec", {{"display_name", "Shop"}}}}},
                                       always);
  const std::string name = operation.name;
  EXPECT_TRUE(name.starts_with("projects/shop/operations/")) << name;
  for (int i = 0; i < 3000 && !operation.is_done; ++i) operation = provider.poll(name);
  EXPECT_FALSE(operation.has_failed()) << operation.error;
  EXPECT_EQ(provider.get(kProject, "projects/shop")->fields["display_name"], "Shop");

  const Request again = {.method = "POST",
                         .target = "/api/2.0/postgres/projects?project_id=shop",
                         .body = {{"spec", Document::object()}}};
  try {
    provider.start(again, always);
    FAIL();
  } catch (const ApiError& error) {
    EXPECT_EQ(error.facts().status, 409);
    EXPECT_EQ(error.facts().code, "ALREADY_EXISTS");
  }
  EXPECT_THROW(provider.poll("projects/shop/operations/../../theirs"), ApiError);
  try {
    provider.start({.method = "DELETE", .target = "/api/2.0/postgres/projects/shop"},
                   [] { return false; });
    FAIL();
  } catch (const ApiError& error) {
    EXPECT_TRUE(error.facts().is_busy);
  }
  EXPECT_TRUE(provider.get(kProject, "projects/shop")) << "it was not sent";
}

}  // namespace
}  // namespace weir
