#include "providers/http/configuration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "core/file_text.h"
#include "providers/http/credential.h"
#include "providers/http/host.h"

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
/// What goes into requests as it is.
constexpr std::array<std::string_view, 5> kSent = {
    "token", "client_id", "client_secret", "workspace_id", "actions_id_token_request_token"};
constexpr std::size_t kLargestFile = std::size_t{1} << 20U;
constexpr const char* kSettingsSection = "__settings__";

std::string expand_home(const std::string& path, const Environment& environment) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const std::string home = environment("HOME");
  return home.empty() ? path : home + path.substr(1);
}

/// The workspace of a profile as "https://name"; "" when it has none, or none that can be read.
std::string origin_in(const std::map<std::string, Secret>& profile) {
  const auto host = profile.find("host");
  if (host == profile.end()) return "";
  try {
    return origin_of(parse_host(host->second.reveal(), "a profile").url);
  } catch (const ConfigurationError&) {
    return "";  // said when the profile is used
  }
}

/// Values lose the white space at their ends; what is sent as it is must be fit for that.
Secret cleaned(std::string_view attribute, const Secret& value, const std::string& origin) {
  if (std::find(kSent.begin(), kSent.end(), attribute) != kSent.end()) {
    return clean_credential(value, fmt::format("{} from {}", attribute, origin));
  }
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::string& text = value.reveal();
  const std::size_t start = text.find_first_not_of(kSpaces);
  if (start == std::string::npos) return {};
  return Secret(text.substr(start, text.find_last_not_of(kSpaces) - start + 1));
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

void Configuration::fill(std::string_view attribute, const Secret& value,
                         const std::string& origin) {
  if (has(attribute)) return;
  Secret clean = cleaned(attribute, value, origin);
  if (clean.is_empty()) return;
  settings_.emplace(attribute, Setting{.value = std::move(clean), .origin = origin});
}

void Configuration::fill_from_environment() {
  for (const Attribute& attribute : kAttributes) {
    if (attribute.environment.empty()) continue;
    const std::string variable(attribute.environment);
    fill(attribute.name, Secret(environment_(variable)), variable);
  }
}

/// What is known already would only be mixed with somebody else's settings.
bool Configuration::needs_profile() const {
  if (has("profile")) return true;
  if (has("host")) return false;
  const std::string credential = known_credential();
  if (credential.empty()) return true;
  if (suggestion_.host.empty()) return false;
  throw ConfigurationError(fmt::format(
      "{} is for {}, but nothing says which workspace {} belongs to; set DATABRICKS_HOST as well",
      suggestion_.origin, suggestion_.host, origin(credential)));
}

std::string Configuration::known_credential() const {
  const auto found = std::find_if(
      kAttributes.begin(), kAttributes.end(),
      [&](const Attribute& attribute) { return !attribute.method.empty() && has(attribute.name); });
  return found == kAttributes.end() ? "" : std::string(found->name);
}

Profiles Configuration::read_profiles() {
  const std::string named = has("config_file") ? text("config_file") : "~/.databrickscfg";
  profiles_file_ = expand_home(named, environment_);
  FileText read = read_file_text(profiles_file_, kLargestFile);
  if (read.is_missing) {
    missing_file_ = profiles_file_;
    if (!has("profile")) return {};
    throw ConfigurationError(fmt::format("{} names the profile {}, but {} does not exist{}",
                                         origin("profile"), text("profile"), profiles_file_,
                                         environment_("HOME").empty() ? ": HOME is not set" : ""));
  }
  if (!read.problem.empty()) {
    throw ConfigurationError(
        fmt::format("the file of profiles {} cannot be read: {}; correct it, "
                    "or name another one in DATABRICKS_CONFIG_FILE",
                    profiles_file_, read.problem));
  }
  Profiles profiles = parse_profiles(read.text, profiles_file_);
  Secret::wipe(read.text);
  return profiles;
}

std::string Configuration::choose_profile(const Profiles& profiles) const {
  if (has("profile")) return text("profile");
  if (!suggestion_.host.empty()) return profile_for_host(profiles);
  const auto settings = profiles.find(kSettingsSection);
  if (settings == profiles.end()) return "DEFAULT";
  const auto chosen = settings->second.find("default_profile");
  return chosen == settings->second.end() || chosen->second.is_empty() ? "DEFAULT"
                                                                       : chosen->second.reveal();
}

/// The one profile of the suggested host.
std::string Configuration::profile_for_host(const Profiles& profiles) const {
  const std::string wanted = origin_of(parse_host(suggestion_.host, suggestion_.origin).url);
  std::vector<std::string> names;
  for (const auto& [name, profile] : profiles) {
    if (name != kSettingsSection && origin_in(profile) == wanted) names.push_back(name);
  }
  if (names.size() == 1) return names.front();
  if (names.empty()) {
    throw ConfigurationError(fmt::format(
        "{} is for {}, and no profile of {} is; set DATABRICKS_HOST with its credentials, or add a "
        "profile for it",
        suggestion_.origin, suggestion_.host, profiles_file_));
  }
  throw ConfigurationError(
      fmt::format("{} is for {}, and the profiles {} of {} are; choose one with -profile",
                  suggestion_.origin, suggestion_.host, fmt::join(names, " and "), profiles_file_));
}

void Configuration::fill_from_profile() {
  if (!needs_profile()) return;
  const Profiles profiles = read_profiles();
  const std::string name = choose_profile(profiles);
  if (name == kSettingsSection) {
    throw ConfigurationError(
        fmt::format("{} in {} is a section for settings and no profile; choose another one", name,
                    profiles_file_));
  }
  const auto profile = profiles.find(name);
  if (profile == profiles.end() || profile->second.empty()) {
    if (name == "DEFAULT" && !has("profile")) return;
    const std::string where =
        has("profile") ? origin("profile") : "default_profile in " + profiles_file_;
    throw ConfigurationError(fmt::format(
        "{} has no {} profile configured, which {} asks for; add a section [{}] or choose another",
        profiles_file_, name, where, name));
  }
  const std::string profile_origin = fmt::format("profile {} of {}", name, profiles_file_);
  check_profile(profile->second, profile_origin);
  for (const Attribute& attribute : kAttributes) {
    const auto value = profile->second.find(std::string(attribute.name));
    if (value != profile->second.end()) fill(attribute.name, value->second, profile_origin);
  }
}

/// Credentials go to the host that they came with, so a profile is taken whole or not at all.
void Configuration::check_profile(const std::map<std::string, Secret>& profile,
                                  const std::string& profile_origin) const {
  const std::string profile_host = origin_in(profile);
  if (profile_host.empty()) return;
  if (has("host")) {
    const std::string host = origin_of(parse_host(text("host"), origin("host")).url);
    if (host == profile_host) return;
    throw ConfigurationError(fmt::format(
        "{} is {}, but {}, which {} asks for, is for {}; unset one of them, or make them agree",
        origin("host"), host, profile_origin, origin("profile"), profile_host));
  }
  const std::string credential = known_credential();
  if (credential.empty()) return;
  const bool has_own =
      std::any_of(kAttributes.begin(), kAttributes.end(), [&](const Attribute& attribute) {
        return !attribute.method.empty() && profile.contains(std::string(attribute.name));
      });
  const bool is_chosen_by_file = origin("profile") == suggestion_.origin;
  if (!has_own && !is_chosen_by_file) return;
  throw ConfigurationError(fmt::format(
      "{} is set, but the workspace is {} of {}, which {} asks for; unset {}, or set "
      "DATABRICKS_HOST to say that it belongs there",
      origin(credential), profile_host, profile_origin, origin("profile"), origin(credential)));
}

void Configuration::check_suggestion() const {
  if (suggestion_.host.empty()) return;
  const std::string wanted = origin_of(parse_host(suggestion_.host, suggestion_.origin).url);
  if (wanted == origin_of(host_)) return;
  throw WrongWorkspace(fmt::format(
      "{} is for {}, but {} is {}; connect to that workspace with its own credentials (-profile, "
      "or DATABRICKS_HOST and what belongs to it), or choose another environment",
      suggestion_.origin, wanted, origin("host"), host_));
}

void Configuration::resolve_host() {
  if (!has("host")) {
    const std::string hint =
        missing_file_.empty() ? "" : fmt::format(" ({} does not exist)", missing_file_);
    throw ConfigurationError(fmt::format(
        "no workspace is configured{}; set DATABRICKS_HOST, or name a profile of ~/.databrickscfg "
        "with -profile or DATABRICKS_CONFIG_PROFILE",
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
                                    Environment environment, const Suggestion& suggestion) {
  Configuration configuration;
  configuration.environment_ = std::move(environment);
  configuration.suggestion_ = suggestion;
  for (const auto& [attribute, value] : given) {
    configuration.fill(attribute, Secret(value), "-" + attribute);
  }
  configuration.fill("profile", Secret(suggestion.profile), suggestion.origin);
  configuration.fill_from_environment();
  configuration.fill_from_profile();
  configuration.resolve_host();
  configuration.check_suggestion();
  configuration.check_methods();
  for (const char* variable : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"}) {
    if (configuration.authorities_.empty()) {
      configuration.authorities_ = configuration.environment_(variable);
    }
  }
  return configuration;
}

}  // namespace weir::http
