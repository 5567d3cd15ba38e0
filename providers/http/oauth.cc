#include "providers/http/oauth.h"

#include <charconv>

#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/base64.h"
#include "providers/http/credential.h"
#include "providers/http/explain.h"
#include "providers/http/host.h"
#include "providers/http/identification.h"
#include "providers/http/redact.h"
#include "providers/http/retry.h"

namespace weir::http {
namespace {

constexpr std::string_view kBasic = "Basic ";
constexpr RetryPolicy kTokenPolicy = {.budget = std::chrono::minutes(1)};

Request new_request(const Configuration& configuration, const std::string& method,
                    const std::string& url) {
  return {.method = "GET",
          .url = url,
          .headers = {"Accept: application/json",
                      "User-Agent: " + user_agent(method, configuration.environment())}};
}

std::string path_of(const std::string& url, const std::string& host) {
  return url.starts_with(host) ? url.substr(host.size()) : url;
}

/// What a request says in confidence, with its names for messages.
using Confidences = std::vector<std::pair<Secret, std::string_view>>;

/// Asking for a token changes nothing, so it is repeated whatever its method is.
Document send(const Configuration& configuration, Client& client, const Timing& timing,
              const Request& request, const std::string& login,
              const Confidences& confidences = {}) {
  Call call = {.method = request.method,
               .path = path_of(request.url, configuration.host()),
               .host = configuration.host(),
               .login = login};
  Outcome outcome = send_with_retries([&] { return client.send(request); }, Repeatable::kYes,
                                      kTokenPolicy, timing, words_of(call));
  call.attempts = outcome.attempts;
  call.asked_wait = outcome.asked_wait;
  // A refusal may say what it refuses.
  if (!outcome.answer.is_success()) {
    for (const auto& [secret, name] : confidences) hide(outcome.answer, secret, name);
  }
  Document document = read_answer(call, outcome.answer);
  Secret::wipe(outcome.answer.body);
  return document;
}

/// Where tokens are given out. The client's secret goes to the configured host and nowhere else.
std::string token_endpoint(const Configuration& configuration, Client& client, const Timing& timing,
                           const std::string& method) {
  const std::string discovery =
      configuration.has("discovery_url")
          ? configuration.text("discovery_url")
          : configuration.host() + "/oidc/.well-known/oauth-authorization-server";
  const auto require_own = [&](const std::string& url, std::string_view what) {
    if (origin_of(url) == origin_of(configuration.host())) return;
    throw ConfigurationError(fmt::format(
        "{} is at {}, which is not the configured workspace {}; weir sends no secret there: check "
        "the host{}",
        what, origin_of(url), configuration.host(),
        configuration.has("discovery_url")
            ? " and discovery_url from " + configuration.origin("discovery_url")
            : ""));
  };
  require_own(discovery, "the discovery of the token endpoint");
  const Document found =
      send(configuration, client, timing, new_request(configuration, method, discovery), "");
  std::string endpoint = text_at(found, "token_endpoint");
  require_own(endpoint, "the token endpoint");
  return endpoint;
}

/// Some servers send the number as a text.
std::int64_t seconds_at(const Document& answer, const char* key) {
  const Document* value = at_path(answer, key);
  if (value == nullptr) return 0;
  constexpr std::int64_t kYear = 365LL * 24 * 3600;
  std::int64_t seconds = 0;
  if (value->is_number()) {
    const double number = value->get<double>();
    seconds =
        number > 0 && number < static_cast<double>(kYear) ? static_cast<std::int64_t>(number) : 0;
  } else if (value->is_string()) {
    const std::string text = value->get<std::string>();
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  return seconds > 0 && seconds < kYear ? seconds : 0;
}

Token read_token(const Document& answer, const std::string& host, const Timing& timing) {
  Token token = {.value = clean_credential(Secret(text_at(answer, "access_token")),
                                           "the access_token from " + host)};
  if (token.value.is_empty()) {
    throw ApiError(fmt::format("the token endpoint of {} answered without an access_token; check "
                               "that the host is a workspace",
                               host),
                   {.status = 200});
  }
  // Without a lifetime the customary hour is assumed.
  const std::int64_t seconds = seconds_at(answer, "expires_in");
  token.expiry = timing.now() + std::chrono::seconds(seconds > 0 ? seconds : 3600);
  return token;
}

std::string scopes_of(const Configuration& configuration) {
  return percent_encode(configuration.has("scopes") ? configuration.text("scopes") : "all-apis");
}

Token request_token(const Configuration& configuration, Client& client, const Timing& timing,
                    const std::string& method, Request request, const std::string& login,
                    const Confidences& confidences) {
  request.url = token_endpoint(configuration, client, timing, method);
  request.method = "POST";
  request.content_type = "application/x-www-form-urlencoded";
  const Document answer = send(configuration, client, timing, request, login, confidences);
  return read_token(answer, configuration.host(), timing);
}

}  // namespace

Token fetch_client_token(const Configuration& configuration, Client& client, const Timing& timing) {
  const std::string method = "oauth-m2m";
  Request request = new_request(configuration, method, "");
  const Secret secret = configuration.secret("client_secret");
  request.authorization = basic_authorization(configuration.text("client_id"), secret);
  const Secret pair(request.authorization.reveal().substr(kBasic.size()));
  request.body = Secret("grant_type=client_credentials&scope=" + scopes_of(configuration));
  return request_token(
      configuration, client, timing, method, std::move(request),
      fmt::format("oauth-m2m (client_id from {}, client_secret from {})",
                  configuration.origin("client_id"), configuration.origin("client_secret")),
      {{secret, "client secret"}, {pair, "client secret"}});
}

Token exchange_token(const Configuration& configuration, Client& client, const Timing& timing,
                     const std::string& method, const Secret& id_token) {
  constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
  constexpr std::string_view kTokenType = "urn:ietf:params:oauth:token-type:jwt";
  std::string form = fmt::format("grant_type={}&subject_token_type={}&scope={}&subject_token={}",
                                 percent_encode(kGrant), percent_encode(kTokenType),
                                 scopes_of(configuration), percent_encode(id_token.reveal()));
  if (configuration.has("client_id")) {
    form += "&client_id=" + percent_encode(configuration.text("client_id"));
  }
  Request request = new_request(configuration, method, "");
  request.body = Secret(form);
  Secret::wipe(form);
  return request_token(configuration, client, timing, method, std::move(request), method,
                       {{id_token, "id token"}});
}

Secret basic_authorization(const std::string& user, const Secret& password) {
  std::string plain = user + ":" + password.reveal();
  std::string encoded = base64_of(plain);
  Secret secret(std::string(kBasic) + encoded);
  Secret::wipe(plain);
  Secret::wipe(encoded);
  return secret;
}

}  // namespace weir::http
