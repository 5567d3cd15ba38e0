#include "providers/http/workspace.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/fake_timing.h"
#include "tests/support/loopback_server.h"

namespace weir::http {
namespace {

using test::answer;
using test::LoopbackServer;
using test::Peer;
using test::Script;

using Values = std::map<std::string, std::string>;

Configuration configuration_for(const LoopbackServer& server, Values environment = {}) {
  environment.emplace("DATABRICKS_HOST", server.url());
  environment.emplace("DATABRICKS_TOKEN", "dapi-hunter2");
  return resolve_configuration({}, [environment](const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second;
  });
}

std::string complaint(Workspace& workspace) {
  try {
    workspace.get("/api/2.0/postgres/projects");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Workspace, ReadsAndIntroducesItself) {
  Script script({answer(200, R"({"a": 1})", "X-Databricks-Org-Id: 42\r\n")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  Workspace workspace(configuration_for(server, {{"DATABRICKS_WORKSPACE_ID", "42"}}),
                      time.timing());
  EXPECT_EQ(workspace.get("/api/x", {{"page_token", "a b&c"}}), Document({{"a", 1}}));
  const std::string request = script.requests().at(0);
  EXPECT_TRUE(request.starts_with("GET /api/x?page_token=a%20b%26c HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(has(request, "\r\nAccept: application/json\r\n"));
  EXPECT_TRUE(has(request, "\r\nAuthorization: Bearer dapi-hunter2\r\n"));
  EXPECT_TRUE(has(request, "\r\nUser-Agent: weir/"));
  EXPECT_TRUE(has(request, " auth/pat\r\n"));
  EXPECT_TRUE(has(request, "\r\nX-Databricks-Workspace-Id: 42\r\n"));
  EXPECT_TRUE(has(request, "\r\ntraceparent: 00-"));
  EXPECT_FALSE(has(request, "Content-Type"));
  EXPECT_FALSE(has(request, "Accept-Encoding"));
  EXPECT_EQ(workspace.request_count(), 1U);
}

TEST(Workspace, TellsOfEachRequestWhatMayBeKnown) {
  Script script({answer(503, "{}"), answer(200, R"({"a": 1})")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  Timing timing = time.timing();
  std::vector<Exchange> seen;
  timing.watch = [&](const Exchange& exchange) { seen.push_back(exchange); };
  Workspace workspace(configuration_for(server), timing);
  workspace.get("/api/x", {{"page_token", "secret"}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "GET");
  EXPECT_EQ(seen[0].path, "/api/x");
  EXPECT_EQ(seen[0].status, 200);
  EXPECT_EQ(seen[0].attempts, 2);
  EXPECT_EQ(seen[0].took, time.sleeps.at(0));
}

TEST(Workspace, KnowsHowFarItsClockIsFromOurs) {
  Script script({answer(200, "{}"), answer(200, "{}", "Date: Mon, 04 May 2026 12:05:00 GMT\r\n")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  time.now = *parse_timestamp("2026-05-04T12:00:00Z");
  Workspace workspace(configuration_for(server), time.timing());
  workspace.get("/api/x");
  EXPECT_EQ(workspace.clock_skew(), std::nullopt);
  workspace.get("/api/x");
  EXPECT_EQ(workspace.clock_skew(), std::chrono::minutes(5));
}

TEST(Workspace, RefusesAPaceThatIsNone) {
  const LoopbackServer server([](Peer& peer) { peer.read_request(); });
  for (const char* pace : {"0", "-1"}) {
    try {
      const Workspace workspace(configuration_for(server, {{"DATABRICKS_RATE_LIMIT", pace}}));
      FAIL() << pace;
    } catch (const ConfigurationError& error) {
      EXPECT_TRUE(has(error.what(), "rate_limit from DATABRICKS_RATE_LIMIT is ")) << error.what();
    }
  }
}

TEST(Workspace, LearnsItsIdFromTheFirstAnswer) {
  Script script({answer(200, "{}", "X-Databricks-Org-Id: 42\r\n")});
  const LoopbackServer server(std::ref(script));
  Workspace workspace(configuration_for(server));
  EXPECT_EQ(workspace.workspace_id(), "");
  workspace.get("/x");
  EXPECT_EQ(workspace.workspace_id(), "42");
}

TEST(Workspace, RefusesToTalkToAnotherOne) {
  Script script({answer(200, "{}", "X-Databricks-Org-Id: 43\r\n")});
  const LoopbackServer server(std::ref(script));
  Workspace workspace(configuration_for(server, {{"DATABRICKS_WORKSPACE_ID", "42"}}));
  EXPECT_THROW(workspace.get("/x"), ConfigurationError);
  const std::string text = complaint(workspace);
  EXPECT_TRUE(has(text, "is workspace 43") && has(text, "DATABRICKS_WORKSPACE_ID")) << text;
}

TEST(Workspace, ComesAgainWhenItIsAskedToWait) {
  Script script({answer(429, R"({"error_code": "RESOURCE_EXHAUSTED", "message": "slow down"})",
                        "Retry-After: 7\r\n"),
                 answer(503, ""), answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  Workspace workspace(configuration_for(server), time.timing());
  workspace.get("/x");
  EXPECT_EQ(time.sleeps.at(0), std::chrono::seconds(7));
  EXPECT_EQ(workspace.request_count(), 3U);
}

TEST(Workspace, AsksForAChangeOnceAndSaysHowLongToWait) {
  Script script({answer(429, "{}", "Retry-After: 7\r\n"), answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  Workspace workspace(configuration_for(server), time.timing());
  try {
    workspace.change("POST", "/api/2.0/postgres/projects", Document::object(), {});
    FAIL() << "who asks again has to look first";
  } catch (const ApiError& error) {
    EXPECT_TRUE(error.facts().is_busy);
    EXPECT_EQ(error.facts().wait, std::chrono::seconds(7));
  }
  EXPECT_EQ(script.requests().size(), 1U);
}

TEST(Workspace, ComesAgainWhenTheConnectionIsCut) {
  Script script({"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  Workspace workspace(configuration_for(server), time.timing());
  EXPECT_EQ(workspace.get("/x"), Document::object());
  EXPECT_EQ(script.requests().size(), 3U);
}

TEST(Workspace, GivesUpAtItsBudget) {
  Script script({answer(503, "")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  const Instant start = time.now;
  Workspace workspace(configuration_for(server), time.timing());
  const std::string text = complaint(workspace);
  EXPECT_TRUE(has(text, "503") && has(text, " times: ")) << text;
  EXPECT_GE(time.now - start, std::chrono::minutes(5));
  EXPECT_LT(time.now - start, std::chrono::minutes(6));
}

TEST(Workspace, KeepsItsPace) {
  Script script({answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  test::FakeTiming time;
  const Instant start = time.now;
  Workspace workspace(configuration_for(server, {{"DATABRICKS_RATE_LIMIT", "2"}}), time.timing());
  for (int i = 0; i < 6; ++i) workspace.get("/x");
  EXPECT_NEAR(std::chrono::duration<double>(time.now - start).count(), 2.0, 0.2);
}

TEST(Workspace, ARefusedPersonalTokenIsNotTriedAgain) {
  Script script({answer(401, R"({"error_code": "UNAUTHENTICATED", "message": "no"})")});
  const LoopbackServer server(std::ref(script));
  Workspace workspace(configuration_for(server));
  const std::string text = complaint(workspace);
  EXPECT_TRUE(has(text, "pat (token from DATABRICKS_TOKEN)")) << text;
  EXPECT_EQ(script.requests().size(), 1U);
}

/// Gives out tokens "token-1", "token-2", …; accepts only the second.
void serve_oauth(Peer& peer, std::atomic<int>& issued) {
  const std::string request = peer.read_request();
  const std::size_t host = request.find("Host: ") + 6;
  const std::string url = "http://" + request.substr(host, request.find('\r', host) - host);
  if (has(request, "oauth-authorization-server")) {
    peer.send(answer(200, R"({"token_endpoint": ")" + url + R"(/oidc/v1/token"})"));
  } else if (request.starts_with("POST /oidc/v1/token")) {
    const std::string token = "token-" + std::to_string(++issued);
    peer.send(answer(200, R"({"access_token": ")" + token + R"(", "expires_in": "3600"})"));
  } else {
    peer.send(has(request, "Bearer token-2\r\n") ? answer(200, R"({"ok": true})")
                                                 : answer(401, ""));
  }
}

TEST(Workspace, RefreshesARefusedTokenOnce) {
  std::atomic<int> issued = 0;
  const LoopbackServer server([&](Peer& peer) { serve_oauth(peer, issued); });
  test::FakeTiming time;
  Workspace workspace(configuration_for(server, {{"DATABRICKS_TOKEN", ""},
                                                 {"DATABRICKS_CLIENT_ID", "id"},
                                                 {"DATABRICKS_CLIENT_SECRET", "s3cret"}}),
                      time.timing());
  EXPECT_EQ(workspace.get("/x"), Document({{"ok", true}}));
  EXPECT_EQ(issued, 2);
  EXPECT_EQ(workspace.request_count(), 2U) << "requests for tokens are not counted";
}

TEST(Workspace, TheTokenDoesNotFollowARedirect) {
  Script elsewhere({answer(200, "{}")});
  const LoopbackServer other(std::ref(elsewhere));
  Script script({answer(302, "", "Location: " + other.url() + "/?t=dapi-hunter2\r\n")});
  const LoopbackServer server(std::ref(script));
  Workspace workspace(configuration_for(server));
  const std::string text = complaint(workspace);
  EXPECT_TRUE(has(text, "leads elsewhere (to " + other.url() + ")")) << text;
  EXPECT_FALSE(has(text, "hunter2"));
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(Workspace, NeverShowsATokenThatComesBack) {
  for (const int status : {400, 401, 403, 404, 302}) {
    Script script({answer(status, R"({"error_code": "X", "message": "you sent dapi-hunter2"})",
                          "X-Request-Id: dapi-hunter2\r\nLocation: http://dapi-hunter2/\r\n")});
    const LoopbackServer server(std::ref(script));
    Workspace workspace(configuration_for(server));
    const std::string text = complaint(workspace);
    EXPECT_NE(text, "");
    EXPECT_FALSE(has(text, "hunter2")) << text;
  }
}

}  // namespace
}  // namespace weir::http
