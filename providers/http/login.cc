#include "providers/http/login.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/document.h"
#include "core/error.h"
#include "core/file_text.h"
#include "providers/http/command.h"
#include "providers/http/credential.h"
#include "providers/http/explain.h"
#include "providers/http/host.h"
#include "providers/http/oauth.h"
#include "providers/http/problem.h"
#include "providers/http/redact.h"
#include "providers/http/retry.h"

namespace weir::http {
namespace {

constexpr std::string_view kSupported =
    "pat, oauth-m2m, databricks-cli, github-oidc, env-oidc and file-oidc";

constexpr std::size_t kLargestToken = std::size_t{1} << 20U;

/// What a method works with.
struct Context {
  const Configuration& configuration;
  Client& client;
  Timing timing;
};

struct Method {
  std::string_view type;
  /// Whether the settings that it needs are there.
  bool (*is_configured)(const Configuration& configuration);
  /// What it needs, for messages.
  std::string_view needs;
  /// Where its settings come from, for messages.
  std::string (*origin)(const Configuration& configuration);
  Token (*fetch)(const Context& context);
};

std::string token_variable(const Configuration& configuration) {
  return configuration.has("oidc_token_env") ? configuration.text("oidc_token_env")
                                             : "DATABRICKS_OIDC_TOKEN";
}

Token fetch_from_cli(const Context& context) {
  const Configuration& configuration = context.configuration;
  const std::string program = configuration.has("databricks_cli_path")
                                  ? configuration.text("databricks_cli_path")
                                  : "databricks";
  const CommandResult result = run_command(
      {program, "auth", "token", "--host", configuration.host()}, std::chrono::seconds(60));
  if (result.status == 127) {
    throw ConfigurationError(fmt::format(
        "the program `{}` is not there; install the Databricks CLI or set DATABRICKS_CLI_PATH",
        program));
  }
  const auto answer = parse_document(result.output.reveal());
  Token token = {.value = clean_credential(Secret(answer ? text_at(*answer, "access_token") : ""),
                                           fmt::format("the token from `{} auth token`", program))};
  if (result.status != 0 || token.value.is_empty()) {
    throw ConfigurationError(fmt::format(
        "`{} auth token` gave no token ({}); log in with `databricks auth login --host {}`",
        program, result.complaint.empty() ? "it said nothing" : tame(result.complaint),
        configuration.host()));
  }
  token.expiry = parse_timestamp(text_at(*answer, "expiry"));
  // A token of unknown life is asked for again when it is refused.
  if (!token.expiry) token.expiry = context.timing.now() + std::chrono::minutes(40);
  return token;
}

Token fetch_by_variable(const Context& context) {
  const std::string variable = token_variable(context.configuration);
  const Secret id_token = clean_credential(Secret(context.configuration.environment()(variable)),
                                           "the id token from " + variable);
  if (id_token.is_empty())
    throw ConfigurationError(variable + " is not set; put an id token there");
  return exchange_token(context.configuration, context.client, context.timing, "env-oidc",
                        id_token);
}

Token fetch_by_file(const Context& context) {
  const std::string file = context.configuration.text("databricks_id_token_filepath");
  const std::string origin = context.configuration.origin("databricks_id_token_filepath");
  FileText read = read_file_text(file, kLargestToken);
  if (!read.problem.empty()) {
    throw ConfigurationError(
        fmt::format("the file of the id token {} from {} cannot be read: {}; let your CI write one "
                    "there",
                    file, origin, read.problem));
  }
  const Secret id_token = clean_credential(Secret(read.text), "the id token in " + file);
  Secret::wipe(read.text);
  if (id_token.is_empty()) {
    throw ConfigurationError(
        fmt::format("{} from {} has no id token; let your CI write one there", file, origin));
  }
  return exchange_token(context.configuration, context.client, context.timing, "file-oidc",
                        id_token);
}

Token fetch_by_github(const Context& context) {
  const Configuration& configuration = context.configuration;
  std::string url = configuration.text("actions_id_token_request_url");
  const std::string host = origin_of(url);
  if (!host.starts_with("https://") && !host.starts_with("http://127.")) {
    throw ConfigurationError(
        fmt::format("the address for id tokens from {} is not https; let the workflow set it",
                    configuration.origin("actions_id_token_request_url")));
  }
  const std::string audience =
      configuration.has("audience") ? configuration.text("audience") : configuration.host();
  url +=
      (url.find('?') == std::string::npos ? "?audience=" : "&audience=") + percent_encode(audience);
  const Request request = {
      .url = url,
      .headers = {"Accept: application/json"},
      .authorization =
          Secret("Bearer " + configuration.secret("actions_id_token_request_token").reveal())};
  Outcome outcome = send_with_retries([&] { return context.client.send(request); },
                                      Repeatable::kYes, {.budget = std::chrono::minutes(1)},
                                      context.timing, "GET the id token at " + host);
  if (!outcome.answer.is_success()) {
    hide(outcome.answer, configuration.secret("actions_id_token_request_token"), "token");
  }
  const Call call = {.path = "the id token",
                     .host = host,
                     .login = "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                     .attempts = outcome.attempts,
                     .asked_wait = outcome.asked_wait};
  const Secret id_token = clean_credential(
      Secret(text_at(read_answer(call, outcome.answer), "value")), "the id token from " + host);
  return exchange_token(configuration, context.client, context.timing, "github-oidc", id_token);
}

std::string origins(const Configuration& configuration,
                    std::initializer_list<std::string_view> attributes) {
  std::string text;
  for (const std::string_view attribute : attributes) {
    if (!configuration.has(attribute)) continue;
    text += fmt::format("{}{} from {}", text.empty() ? "" : ", ", attribute,
                        configuration.origin(attribute));
  }
  return text;
}

constexpr std::array kMethods = {
    Method{"pat", [](const Configuration& c) { return c.has("token"); }, "a token",
           [](const Configuration& c) { return origins(c, {"token"}); },
           [](const Context& context) {
             return Token{.value = context.configuration.secret("token"), .expiry = {}};
           }},
    Method{"oauth-m2m",
           [](const Configuration& c) { return c.has("client_id") && c.has("client_secret"); },
           "client_id and client_secret",
           [](const Configuration& c) {
             return origins(c, {"client_id", "client_secret"});
           },
           [](const Context& context) {
             return fetch_client_token(context.configuration, context.client, context.timing);
           }},
    // It needs no settings, so it is a guess unless `auth_type` asks for it.
    Method{"databricks-cli", [](const Configuration&) { return true; }, "the Databricks CLI",
           [](const Configuration&) { return std::string("`databricks auth token`"); },
           &fetch_from_cli},
    Method{
        "github-oidc",
        [](const Configuration& c) {
          return c.has("actions_id_token_request_url") && c.has("actions_id_token_request_token");
        },
        "a GitHub workflow with the permission id-token: write",
        [](const Configuration&) { return std::string("the GitHub workflow"); }, &fetch_by_github},
    Method{"env-oidc",
           [](const Configuration& c) { return !c.environment()(token_variable(c)).empty(); },
           "an id token in DATABRICKS_OIDC_TOKEN",
           [](const Configuration& c) { return "id token from " + token_variable(c); },
           &fetch_by_variable},
    Method{"file-oidc",
           [](const Configuration& c) { return c.has("databricks_id_token_filepath"); },
           "DATABRICKS_OIDC_TOKEN_FILEPATH",
           [](const Configuration& c) { return origins(c, {"databricks_id_token_filepath"}); },
           &fetch_by_file},
};

std::unique_ptr<Authenticator> authenticator_of(const Method& method, const Context& context) {
  return std::make_unique<Authenticator>(
      std::string(method.type), method.origin(context.configuration),
      [&method, context] { return method.fetch(context); }, context.timing);
}

std::unique_ptr<Authenticator> log_in_by(const std::string& type, const Context& context) {
  const Configuration& configuration = context.configuration;
  for (const Method& method : kMethods) {
    if (method.type != type) continue;
    if (method.is_configured(configuration)) return authenticator_of(method, context);
    throw ConfigurationError(
        fmt::format("auth_type {} from {} needs {}; set it, or remove auth_type", type,
                    configuration.origin("auth_type"), method.needs));
  }
  throw ConfigurationError(fmt::format("auth_type {} from {} is not supported; weir knows {}",
                                       tame(type), configuration.origin("auth_type"), kSupported));
}

/// Settings of methods that weir does not know would otherwise be passed over in silence.
void refuse_unsupported(const Configuration& configuration) {
  for (const std::string_view attribute :
       {"username", "password", "metadata_service_url", "azure_client_id", "azure_client_secret",
        "azure_use_msi", "google_credentials", "google_service_account"}) {
    if (!configuration.has(attribute)) continue;
    throw ConfigurationError(
        fmt::format("{} from {} belongs to a way to log in that weir does not support; it knows {}",
                    attribute, configuration.origin(attribute), kSupported));
  }
}

}  // namespace

std::unique_ptr<Authenticator> log_in(const Configuration& configuration, Client& client,
                                      const Timing& timing) {
  const Context context = {configuration, client, timing};
  if (configuration.has("auth_type")) return log_in_by(configuration.text("auth_type"), context);
  refuse_unsupported(configuration);
  std::string failures;
  for (const Method& method : kMethods) {
    if (!method.is_configured(configuration)) continue;
    auto authenticator = authenticator_of(method, context);
    if (method.type != "databricks-cli") return authenticator;
    try {
      authenticator->token();
      return authenticator;
    } catch (const ConfigurationError& error) {
      failures = error.what();
    }
  }
  throw ConfigurationError(fmt::format(
      "no login for {} is configured; set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and "
      "DATABRICKS_CLIENT_SECRET, or log in with the Databricks CLI ({}); weir knows {}",
      configuration.host(), failures, kSupported));
}

}  // namespace weir::http
