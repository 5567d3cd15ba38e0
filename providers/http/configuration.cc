#include "providers/http/configuration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/host.h"
#include "providers/http/profiles.h"

namespace weir::http {
namespace {

struct Attribute {
  std::string_view name;              ///< also the key in profiles
  std::string_view environment = {};  ///< empty: profiles only
  std::string_view method = {};       ///< the way to log in that it belongs to
};

constexpr std::array kAttributes = {
    Attribute{"host", "DATABRICKS_HOST"},
    Attribute{"token", "DATABRICKS_TOKEN", "pat"},
    Attribute{"client_id", "DATABRICKS_CLIENT_ID", "oauth"},
    Attribute{"client_secret", "DATABRICKS_CLIENT_SECRET", "oauth"},
    Attribute{"profile", "DATABRICKS_CONFIG_PROFILE"},
    Attribute{"config_file", "DATABRICKS_CONFIG_FILE"},
    Attribute{"auth_type", "DATABRICKS_AUTH_TYPE"},
    Attribute{"account_id", "DATABRICKS_ACCOUNT_ID"},
    Attribute{"workspace_id", "DATABRICKS_WORKSPACE_ID"},
    Attribute{"username", "DATABRICKS_USERNAME", "basic"},
    Attribute{"password", "DATABRICKS_PASSWORD", "basic"},
    Attribute{"metadata_service_url", "DATABRICKS_METADATA_SERVICE_URL", "metadata-service"},
    Attribute{"databricks_cli_path", "DATABRICKS_CLI_PATH"},
    Attribute{"oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV"},
    Attribute{"databricks_id_token_filepath", "DATABRICKS_OIDC_TOKEN_FILEPATH"},
    Attribute{"audience", "DATABRICKS_TOKEN_AUDIENCE"},
    Attribute{"scopes"},
    Attribute{"discovery_url", "DATABRICKS_DISCOVERY_URL"},
    Attribute{"rate_limit", "DATABRICKS_RATE_LIMIT"},
    Attribute{"http_timeout_seconds"},
    Attribute{"retry_timeout_seconds"},
    Attribute{"skip_verify"},
    Attribute{"azure_workspace_resource_id", "DATABRICKS_AZURE_RESOURCE_ID", "azure"},
    Attribute{"azure_use_msi", "ARM_USE_MSI", "azure"},
    Attribute{"azure_client_id", "ARM_CLIENT_ID", "azure"},
    Attribute{"azure_client_secret", "ARM_CLIENT_SECRET", "azure"},
    Attribute{"azure_tenant_id", "ARM_TENANT_ID", "azure"},
    Attribute{"google_credentials", "GOOGLE_CREDENTIALS", "google"},
    Attribute{"google_service_account", "DATABRICKS_GOOGLE_SERVICE_ACCOUNT", "google"},
    Attribute{"actions_id_token_request_url", "ACTIONS_ID_TOKEN_REQUEST_URL"},
    Attribute{"actions_id_token_request_token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"},
};
constexpr std::array<std::string_view, 6> kSecrets = {"token",
                                                      "client_secret",
                                                      "password",
                                                      "azure_client_secret",
                                                      "google_credentials",
                                                      "actions_id_token_request_token"};
constexpr const char* kSettingsSection = "__settings__";

std::string expand_home(const std::string& path, const Environment& environment) {
  if (path != "~" && !path.starts_with("~/")) return path;
  return environment("HOME") + path.substr(1);
}

bool is_true(const std::string& text) {
  return text == "true" || text == "1" || text == "True" || text == "TRUE" || text == "t";
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
}

bool Configuration::has(std::string_view attribute) const {
  return settings_.find(attribute) != settings_.end();
}

std::string Configuration::text(std::string_view attribute) const {
  const bool is_secret = std::find(kSecrets.begin(), kSecrets.end(), attribute) != kSecrets.end();
  return is_secret ? "" : secret(attribute).reveal();
}

Secret Configuration::secret(std::string_view attribute) const {
  const auto found = settings_.find(attribute);
  return found == settings_.end() ? Secret() : found->second.value;
}

std::string Configuration::origin(std::string_view attribute) const {
  const auto found = settings_.find(attribute);
  return found == settings_.end() ? "" : found->second.origin;
}

double Configuration::number(std::string_view attribute, double when_absent) const {
  if (!has(attribute)) return when_absent;
  const std::string value = text(attribute);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_whole_text = end == value.data() + value.size();
  if (error == std::errc() && is_whole_text && std::isfinite(number)) return number;
  throw ConfigurationError(fmt::format("{} from {} is not a number; write one such as {}",
                                       attribute, origin(attribute), when_absent));
}

void Configuration::fill(std::string_view attribute, Secret value, const std::string& origin) {
  if (value.is_empty() || has(attribute)) return;
  settings_.emplace(attribute, Setting{.value = std::move(value), .origin = origin});
}

void Configuration::fill_from_environment() {
  for (const Attribute& attribute : kAttributes) {
    if (attribute.environment.empty()) continue;
    const std::string variable(attribute.environment);
    fill(attribute.name, Secret(environment_(variable)), variable);
  }
}

std::string Configuration::choose_profile(const std::map<std::string, Secret>* settings) const {
  if (has("profile")) return text("profile");
  if (settings == nullptr) return "DEFAULT";
  const auto chosen = settings->find("default_profile");
  return chosen == settings->end() || chosen->second.is_empty() ? "DEFAULT"
                                                                : chosen->second.reveal();
}

void Configuration::fill_from_profile() {
  // What is known already would only be mixed with somebody else's settings.
  const bool is_known =
      has("host") ||
      std::any_of(kAttributes.begin(), kAttributes.end(), [&](const Attribute& attribute) {
        return !attribute.method.empty() && has(attribute.name);
      });
  if (is_known && !has("profile")) return;
  const std::string file =
      expand_home(has("config_file") ? text("config_file") : "~/.databrickscfg", environment_);
  std::ifstream stream(file);
  if (!stream) {
    missing_file_ = file;
    return;
  }
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  Profiles profiles = parse_profiles(content, file);
  Secret::wipe(content);
  const auto settings = profiles.find(kSettingsSection);
  const std::string name = choose_profile(settings == profiles.end() ? nullptr : &settings->second);
  if (name == kSettingsSection) {
    throw ConfigurationError(fmt::format(
        "{} in {} is a section for settings and no profile; choose another one", name, file));
  }
  const auto profile = profiles.find(name);
  if (profile == profiles.end() || profile->second.empty()) {
    if (name == "DEFAULT" && !has("profile")) return;
    const std::string where = has("profile") ? origin("profile") : "default_profile in " + file;
    throw ConfigurationError(fmt::format(
        "{} has no {} profile configured, which {} asks for; add a section [{}] or choose another",
        file, name, where, name));
  }
  const std::string profile_origin = fmt::format("profile {} of {}", name, file);
  for (const Attribute& attribute : kAttributes) {
    const auto value = profile->second.find(std::string(attribute.name));
    if (value != profile->second.end()) fill(attribute.name, value->second, profile_origin);
  }
}

void Configuration::resolve_host() {
  if (!has("host")) {
    const std::string hint =
        missing_file_.empty() ? "" : fmt::format(" ({} does not exist)", missing_file_);
    throw ConfigurationError(fmt::format(
        "no workspace is configured{}; set DATABRICKS_HOST, or name a profile of ~/.databrickscfg "
        "with --profile or DATABRICKS_CONFIG_PROFILE",
        hint));
  }
  const Host host = parse_host(text("host"), origin("host"));
  host_ = host.url;
  fill("workspace_id", Secret(host.workspace_id), origin("host"));
  fill("account_id", Secret(host.account_id), origin("host"));
  if (is_true(text("skip_verify"))) {
    throw ConfigurationError(fmt::format(
        "skip_verify from {} is refused: weir always verifies certificates; name the file of your "
        "own authority in SSL_CERT_FILE",
        origin("skip_verify")));
  }
}

void Configuration::check_methods() const {
  if (has("auth_type")) return;
  std::map<std::string_view, std::string> methods;  // by name, each with one of its attributes
  for (const Attribute& attribute : kAttributes) {
    if (attribute.method.empty() || !has(attribute.name)) continue;
    methods.emplace(attribute.method, fmt::format("{} ({} from {})", attribute.method,
                                                  attribute.name, origin(attribute.name)));
  }
  if (methods.size() < 2) return;
  std::string list;
  for (const auto& [name, description] : methods) {
    list += (list.empty() ? "" : " and ") + description;
  }
  throw ConfigurationError(fmt::format(
      "more than one authorization method configured: {}; remove all but one, or choose with "
      "DATABRICKS_AUTH_TYPE",
      list));
}

Configuration resolve_configuration(const std::map<std::string, std::string>& given,
                                    Environment environment) {
  Configuration configuration;
  configuration.environment_ = std::move(environment);
  for (const auto& [attribute, value] : given) {
    configuration.fill(attribute, Secret(value), "--" + attribute);
  }
  configuration.fill_from_environment();
  configuration.fill_from_profile();
  configuration.resolve_host();
  configuration.check_methods();
  for (const char* variable : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"}) {
    if (configuration.authorities_.empty()) {
      configuration.authorities_ = configuration.environment_(variable);
    }
  }
  return configuration;
}

}  // namespace weir::http
