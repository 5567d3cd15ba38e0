#include "providers/http/login.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/fake_timing.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace weir::http {
namespace {

using Values = std::map<std::string, std::string>;

/// Logs in with an environment and keeps what the login refers to.
struct Login {
  explicit Login(const Values& environment)
      : configuration(resolve_configuration({}, [environment](const std::string& name) {
          const auto found = environment.find(name);
          return found == environment.end() ? "" : found->second;
        })) {}

  std::unique_ptr<Authenticator> log_in() {
    return http::log_in(configuration, client, time.timing());
  }

  test::FakeTiming time;
  Client client;
  Configuration configuration;
};

std::string complaint(const Values& environment) {
  try {
    Login login(environment);
    login.log_in()->token();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Values with(Values values) {
  values.emplace("DATABRICKS_HOST", "https://x.test");
  values.emplace("DATABRICKS_CLI_PATH", "/nowhere/databricks");
  return values;
}

/// A program that answers like the Databricks CLI.
std::string fake_cli(const test::TemporaryFolder& folder, const std::string& script) {
  std::string file = folder.write("databricks", "#!/bin/sh\n" + script);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

TEST(Login, TakesThePersonalTokenFirst) {
  Login login(with({{"DATABRICKS_TOKEN", "dapi"}}));
  const auto authenticator = login.log_in();
  EXPECT_EQ(authenticator->type(), "pat");
  EXPECT_EQ(authenticator->token().reveal(), "dapi");
  EXPECT_EQ(authenticator->description(), "pat (token from DATABRICKS_TOKEN)");
}

TEST(Login, TakesTheClientsSecret) {
  Login login(with({{"DATABRICKS_CLIENT_ID", "id"}, {"DATABRICKS_CLIENT_SECRET", "s"}}));
  EXPECT_EQ(login.log_in()->type(), "oauth-m2m");
}

TEST(Login, AsksTheDatabricksCli) {
  const test::TemporaryFolder folder;
  const std::string program =
      fake_cli(folder, R"([ "$*" = "auth token --host https://x.test" ] || exit 9
echo '{"access_token": "from-cli", "token_type": "Bearer", "expiry": "2020-01-01T01:00:00Z"}')");
  Login login({{"DATABRICKS_HOST", "https://x.test"}, {"DATABRICKS_CLI_PATH", program}});
  const auto authenticator = login.log_in();
  EXPECT_EQ(authenticator->type(), "databricks-cli");
  EXPECT_EQ(authenticator->token().reveal(), "from-cli");
}

TEST(Login, SaysWhatTheCliSaid) {
  const test::TemporaryFolder folder;
  const std::string program = fake_cli(folder, "echo 'no cached login' >&2; exit 1\n");
  const std::string text =
      complaint({{"DATABRICKS_HOST", "https://x.test"}, {"DATABRICKS_CLI_PATH", program}});
  EXPECT_TRUE(has(text, "no cached login") && has(text, "databricks auth login --host")) << text;
}

TEST(Login, WithoutAnythingItSaysWhatWouldDo) {
  const std::string text = complaint(with({}));
  EXPECT_TRUE(has(text, "no login for https://x.test is configured")) << text;
  EXPECT_TRUE(has(text, "DATABRICKS_TOKEN") && has(text, "oauth-m2m")) << text;
}

TEST(Login, NamesWhatItDoesNotSupport) {
  EXPECT_TRUE(
      has(complaint(with({{"ARM_CLIENT_ID", "id"}})), "azure_client_id from ARM_CLIENT_ID"));
  EXPECT_TRUE(has(complaint(with({{"DATABRICKS_USERNAME", "jane"}})), "does not support"));
  EXPECT_TRUE(has(complaint(with({{"DATABRICKS_AUTH_TYPE", "azure-cli"}})),
                  "auth_type azure-cli from DATABRICKS_AUTH_TYPE is not supported"));
}

TEST(Login, AForcedMethodNeedsItsSettings) {
  const std::string text = complaint(with({{"DATABRICKS_AUTH_TYPE", "oauth-m2m"}}));
  EXPECT_TRUE(has(text, "needs client_id and client_secret")) << text;
}

TEST(Login, AForcedMethodGoesBeforeTheOthers) {
  Login login(with({{"DATABRICKS_AUTH_TYPE", "pat"},
                    {"DATABRICKS_TOKEN", "dapi"},
                    {"DATABRICKS_CLIENT_ID", "id"},
                    {"DATABRICKS_CLIENT_SECRET", "s"}}));
  EXPECT_EQ(login.log_in()->type(), "pat");
}

TEST(Login, TrimsTokensWhateverTheirSource) {
  Login by_variable(with({{"DATABRICKS_TOKEN", " dapi\n"}}));
  EXPECT_EQ(by_variable.log_in()->token().reveal(), "dapi");
  const test::TemporaryFolder folder;
  const std::string program = fake_cli(folder, R"(printf '%s' '{"access_token": "from-cli\n"}')");
  Login by_cli({{"DATABRICKS_HOST", "https://x.test"}, {"DATABRICKS_CLI_PATH", program}});
  EXPECT_EQ(by_cli.log_in()->token().reveal(), "from-cli");
}

TEST(Login, NamesTheSourceOfATokenThatCannotBeSent) {
  const test::TemporaryFolder folder;
  const std::string program =
      fake_cli(folder, R"(printf '%s' '{"access_token": "cli\r\nX-Evil: 1"}')");
  const std::string file = folder.write("t", "id\r\nX-Evil: 1");
  const std::pair<Values, std::string> cases[] = {
      {{{"DATABRICKS_TOKEN", "dapi\r\nX-Evil: 1"}}, "token from DATABRICKS_TOKEN"},
      {{{"DATABRICKS_CLIENT_ID", "i"}, {"DATABRICKS_CLIENT_SECRET", "s\nX-Evil: 1"}},
       "client_secret from DATABRICKS_CLIENT_SECRET"},
      {{{"DATABRICKS_CLI_PATH", program}}, "the token from `" + program},
      {{{"DATABRICKS_OIDC_TOKEN", "id\nX-Evil: 1"}}, "the id token from DATABRICKS_OIDC_TOKEN"},
      {{{"DATABRICKS_OIDC_TOKEN_FILEPATH", file}}, "the id token in " + file}};
  for (const auto& [settings, source] : cases) {
    const std::string text = complaint(with(settings));
    EXPECT_TRUE(has(text, source)) << text;
    EXPECT_TRUE(has(text, "a line break at byte ")) << text;
    EXPECT_FALSE(has(text, "X-Evil")) << text;
  }
}

TEST(Login, SaysWhyAFileWithATokenCannotBeRead) {
  const std::string text = complaint(with({{"DATABRICKS_OIDC_TOKEN_FILEPATH", "/dev/zero"}}));
  EXPECT_TRUE(has(text,
                  "/dev/zero from DATABRICKS_OIDC_TOKEN_FILEPATH cannot be read: it is no "
                  "regular file"))
      << text;
}

/// A workspace, and GitHub's issuer of id tokens, on one address.
void serve_exchange(test::Peer& peer, std::vector<std::string>& requests) {
  const std::string request = peer.read_request();
  if (request.empty()) return;
  requests.push_back(request);
  const std::size_t host = request.find("Host: ") + 6;
  const std::string own = "http://" + request.substr(host, request.find('\r', host) - host);
  if (has(request, "GET /id?")) {
    peer.send(test::answer(200, R"({"value": "id-token"})"));
  } else if (has(request, "oauth-authorization-server")) {
    peer.send(test::answer(200, R"({"token_endpoint": ")" + own + R"(/t"})"));
  } else {
    peer.send(test::answer(200, R"({"access_token": "exchanged", "expires_in": 60})"));
  }
}

TEST(Login, ExchangesIdTokensOfVariablesFilesAndGithub) {
  std::vector<std::string> requests;
  const test::LoopbackServer server([&](test::Peer& peer) { serve_exchange(peer, requests); });
  const test::TemporaryFolder folder;
  const std::pair<const char*, Values> cases[] = {
      {"env-oidc", {{"DATABRICKS_OIDC_TOKEN", "id-token"}}},
      {"env-oidc", {{"DATABRICKS_OIDC_TOKEN_ENV", "OTHER"}, {"OTHER", "id-token"}}},
      {"file-oidc", {{"DATABRICKS_OIDC_TOKEN_FILEPATH", folder.write("t", "id-token\n")}}},
      {"github-oidc",
       {{"ACTIONS_ID_TOKEN_REQUEST_URL", server.url() + "/id?v=1"},
        {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "gh"}}}};
  for (const auto& [type, settings] : cases) {
    Values environment = settings;
    environment["DATABRICKS_HOST"] = server.url();
    environment["DATABRICKS_CLI_PATH"] = "/nowhere/databricks";
    Login login(environment);
    const auto authenticator = login.log_in();
    EXPECT_EQ(authenticator->type(), type);
    EXPECT_EQ(authenticator->token().reveal(), "exchanged") << type;
    EXPECT_TRUE(has(requests.back(), "subject_token=id-token")) << type;
  }
}

}  // namespace
}  // namespace weir::http
