#include "providers/http/oauth.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/fake_timing.h"
#include "tests/support/loopback_server.h"

namespace weir::http {
namespace {

using test::answer;
using test::LoopbackServer;
using test::Peer;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A workspace that gives out tokens as the test says.
struct Issuer {
  void operator()(Peer& peer) {
    const std::string request = peer.read_request();
    if (request.empty()) return;
    requests.push_back(request);
    if (!has(request, "oauth-authorization-server")) {
      peer.send(token_answer);
      return;
    }
    const std::size_t host = request.find("Host: ") + 6;
    const std::string own = "http://" + request.substr(host, request.find('\r', host) - host);
    peer.send(answer(200, fmt::format(R"({{"token_endpoint": "{}/oidc/v1/token"}})",
                                      endpoint_host.empty() ? own : endpoint_host)));
  }

  std::string token_answer;
  std::string endpoint_host = {};
  std::vector<std::string> requests = {};
};

Configuration configuration_for(const LoopbackServer& server) {
  return resolve_configuration({}, [url = server.url()](const std::string& name) -> std::string {
    if (name == "DATABRICKS_HOST") return url;
    if (name == "DATABRICKS_CLIENT_ID") return "Aladdin";
    if (name == "DATABRICKS_CLIENT_SECRET") return "open sesame";
    return "";
  });
}

TEST(Oauth, SendsTheClientsSecretAsBasicAuthorization) {
  Issuer issuer = {.token_answer = answer(200, R"({"access_token": "t", "expires_in": 600})")};
  const LoopbackServer server(std::ref(issuer));
  test::FakeTiming time;
  Client client;
  const Token token = fetch_client_token(configuration_for(server), client, time.timing());
  EXPECT_EQ(token.value.reveal(), "t");
  EXPECT_EQ(token.expiry, time.now + std::chrono::minutes(10));
  const std::string request = issuer.requests.at(1);
  EXPECT_TRUE(request.starts_with("POST /oidc/v1/token HTTP/1.1\r\n"));
  // The example of RFC 7617.
  EXPECT_TRUE(has(request, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\ngrant_type=client_credentials&scope=all-apis"));
}

TEST(Oauth, TakesTheLifetimeAsANumberOrAText) {
  for (const char* life : {R"("3600")", "3600", "3600.0", "null", "-1", R"("soon")", "1e300"}) {
    Issuer issuer = {.token_answer = answer(
                         200, fmt::format(R"({{"access_token": "t", "expires_in": {}}})", life))};
    const LoopbackServer server(std::ref(issuer));
    test::FakeTiming time;
    Client client;
    const Token token = fetch_client_token(configuration_for(server), client, time.timing());
    EXPECT_EQ(token.expiry, time.now + std::chrono::hours(1)) << life;
  }
}

TEST(Oauth, SendsNoSecretToAnotherHost) {
  Issuer other = {.token_answer = answer(200, R"({"access_token": "t"})")};
  const LoopbackServer elsewhere(std::ref(other));
  Issuer issuer = {.token_answer = "", .endpoint_host = elsewhere.url()};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  EXPECT_THROW(fetch_client_token(configuration_for(server), client, time.timing()),
               ConfigurationError);
  EXPECT_TRUE(other.requests.empty());
}

TEST(Oauth, SaysWhichClientWasRefused) {
  Issuer issuer = {.token_answer = answer(401, R"({"error": "invalid_client"})")};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  try {
    fetch_client_token(configuration_for(server), client, time.timing());
    FAIL();
  } catch (const ApiError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(has(text, "POST /oidc/v1/token") && has(text, "invalid_client")) << text;
    EXPECT_TRUE(has(text, "client_id from DATABRICKS_CLIENT_ID")) << text;
    EXPECT_FALSE(has(text, "open sesame")) << text;
  }
}

TEST(Oauth, TriesAgainWhenTheEndpointIsBusy) {
  Issuer issuer = {.token_answer = answer(429, "", "Retry-After: 3\r\n")};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  EXPECT_THROW(fetch_client_token(configuration_for(server), client, time.timing()), ApiError);
  EXPECT_EQ(time.sleeps.at(0), std::chrono::seconds(3));
}

TEST(Oauth, AnAnswerWithoutATokenIsAnError) {
  Issuer issuer = {.token_answer = answer(200, "{}")};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  EXPECT_THROW(fetch_client_token(configuration_for(server), client, time.timing()), ApiError);
}

TEST(Oauth, ExchangesAnIdToken) {
  Issuer issuer = {.token_answer = answer(200, R"({"access_token": "t"})")};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  exchange_token(configuration_for(server), client, time.timing(), "env-oidc", Secret("a.b/c"));
  const std::string request = issuer.requests.at(1);
  EXPECT_TRUE(
      request.ends_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                        "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                        "&scope=all-apis&subject_token=a.b%2Fc&client_id=Aladdin"))
      << request;
  EXPECT_FALSE(has(request, "Authorization"));
}

std::string complaint_about(const std::string& token_answer) {
  Issuer issuer = {.token_answer = token_answer};
  const LoopbackServer server(std::ref(issuer));
  Client client;
  test::FakeTiming time;
  try {
    fetch_client_token(configuration_for(server), client, time.timing());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Oauth, HidesTheClientsSecretThatARefusalSendsBack) {
  const std::string text =
      complaint_about(answer(400, R"({"error": "secret open sesame or open%20sesame is wrong: )"
                                  R"(Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="})"));
  EXPECT_EQ(text.find("sesame"), std::string::npos) << text;
  EXPECT_EQ(text.find("QWxhZGRpbjpvcGVuIHNlc2FtZQ"), std::string::npos) << text;
  EXPECT_TRUE(has(text, "secret (client secret) or (client secret) is wrong")) << text;
}

TEST(Oauth, RefusesATokenThatWouldEndAHeader) {
  const std::string text =
      complaint_about(answer(200, R"({"access_token": "t\r\nX-Evil: 1", "expires_in": 600})"));
  EXPECT_TRUE(has(text, "the access_token from http://127.0.0.1")) << text;
  EXPECT_TRUE(has(text, "has a line break at byte 2")) << text;
  EXPECT_FALSE(has(text, "X-Evil")) << text;
}

}  // namespace
}  // namespace weir::http
