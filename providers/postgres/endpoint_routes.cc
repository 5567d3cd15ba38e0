#include "providers/postgres/endpoint_routes.h"

#include <charconv>
#include <unistd.h>

#include <fmt/format.h>

#include "providers/http/credential.h"
#include "providers/http/problem.h"
#include "providers/lakebase/api_provider.h"
#include "providers/lakebase/kinds.h"
#include "providers/postgres/endpoint_choice.h"

namespace weir::postgres {
namespace {

constexpr const char* kMe = "/api/2.0/preview/scim/v2/Me";
constexpr const char* kCredentials = "/api/2.0/postgres/credentials";
constexpr const char* kInstanceCredentials = "/api/2.0/database/credentials";
constexpr std::string_view kInstances = "instances/";
constexpr Duration kUsualLife = std::chrono::hours(1);
/// A compute that wakes keeps a login waiting.
constexpr const char* kLoginLimit = "30";

std::string port_in(const http::Environment& environment) {
  std::string text = environment("WEIR_POSTGRES_PORT");
  if (text.empty()) return EndpointSettings().port;
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (parsed.ec == std::errc{} && parsed.ptr == end && port > 0) return text;
  throw ConfigurationError(fmt::format(
      "WEIR_POSTGRES_PORT is \"{}\"; write a port such as 5432, or unset it", http::tame(text)));
}

std::string authorities_in(const http::Workspace& workspace) {
  std::string file = workspace.environment()("WEIR_POSTGRES_CA");
  if (file.empty()) return workspace.authorities();
  if (access(file.c_str(), R_OK) == 0) return file;
  throw ConfigurationError(
      fmt::format("WEIR_POSTGRES_CA is \"{}\", which cannot be read; name a file of certificates, "
                  "or unset it",
                  http::tame(file)));
}

SqlError unreachable(const std::string& message) {
  return {message, {.is_unreachable = true}};
}

/// The token leaves the document, whose texts nobody wipes.
Secret take_token(Document& answer, const std::string& endpoint) {
  const auto found = answer.find("token");
  if (found == answer.end() || !found->is_string() || found->get_ref<std::string&>().empty()) {
    throw unreachable(fmt::format("the workspace gave no token for {}; try again, then report it",
                                  http::tame(endpoint)));
  }
  Secret token(std::move(found->get_ref<std::string&>()));
  return http::clean_credential(token, "the token for " + http::tame(endpoint));
}

}  // namespace

EndpointSettings read_endpoint_settings(const http::Workspace& workspace) {
  return {.port = port_in(workspace.environment()), .authorities = authorities_in(workspace)};
}

EndpointRoutes::EndpointRoutes(http::Workspace& workspace, EndpointSettings settings,
                               http::Timing timing)
    : workspace_(workspace),
      settings_(std::move(settings)),
      timing_(std::move(timing)),
      provider_(std::make_unique<ApiProvider>(workspace)) {}

EndpointRoutes::~EndpointRoutes() = default;

Route EndpointRoutes::route_to(const DatabasePlace& place) {
  const Endpoint endpoint = endpoint_of(place.branch);
  const std::string identity = user();
  Route route{.endpoint = endpoint.name};
  route.address.keywords = {{"host", endpoint.host},
                            {"port", settings_.port},
                            {"user", identity},
                            {"dbname", place.database},
                            {"connect_timeout", kLoginLimit},
                            {"sslmode", "verify-full"},
                            {"sslrootcert", settings_.authorities.empty() ? trusted_authorities()
                                                                          : settings_.authorities}};
  complete_keywords(route.address.keywords);
  route.login_advice =
      "The branch must have a role for whoever is signed in to the workspace: declare it, or sign "
      "in as somebody who has one";
  route.trust_advice =
      "Name the file with the authority of its certificate in WEIR_POSTGRES_CA; weir shows its "
      "token to nobody who cannot prove who it is";
  return route;
}

Key EndpointRoutes::key_to(const DatabasePlace& place) {
  const http::Token token = credential_for(endpoint_of(place.branch).name).current();
  return {.password = token.value, .expiry = token.expiry};
}

void EndpointRoutes::doubt(const DatabasePlace& place) {
  KnownEndpoint* known = endpoints_.with([&](auto& all) {
    const auto found = all.find(place.branch);
    return found == all.end() ? nullptr : found->second.get();
  });
  if (known != nullptr) known->with([](std::optional<Endpoint>& endpoint) { endpoint.reset(); });
}

bool EndpointRoutes::renew(const DatabasePlace& place, const Secret& refused) {
  return credential_for(endpoint_of(place.branch).name).renew(refused);
}

EndpointRoutes::Endpoint EndpointRoutes::endpoint_of(const std::string& branch) {
  KnownEndpoint* known = endpoints_.with([&](auto& all) {
    auto& entry = all[branch];
    if (!entry) entry = std::make_unique<KnownEndpoint>();
    return entry.get();
  });
  return known->with([&](std::optional<Endpoint>& endpoint) {
    if (!endpoint) endpoint = find_endpoint(branch);
    return *endpoint;
  });
}

EndpointChoice EndpointRoutes::choice_in(const std::string& branch) {
  if (!branch.starts_with(kInstances)) {
    return choose_endpoint(provider_->list(kEndpoint, branch));
  }
  const auto instance = provider_->get(kInstance, branch);
  return choose_instance(instance ? &*instance : nullptr);
}

EndpointRoutes::Endpoint EndpointRoutes::find_endpoint(const std::string& branch) {
  const Duration limit = timing_.elapsed() + settings_.patience;
  while (true) {
    const EndpointChoice choice = choice_in(branch);
    if (!choice.endpoint.empty()) return {.name = choice.endpoint, .host = choice.host};
    if (!choice.may_pass || timing_.elapsed() >= limit) {
      throw unreachable(fmt::format("nothing can be reached inside {}: {}. {}", branch,
                                    choice.problem, choice.advice));
    }
    timing_.sleep(std::chrono::seconds(1));
  }
}

http::Authenticator& EndpointRoutes::credential_for(const std::string& endpoint) {
  return *credentials_.with([&](auto& all) {
    auto& entry = all[endpoint];
    if (!entry) {
      entry = std::make_unique<http::Authenticator>(
          "credential", endpoint, [this, endpoint] { return mint(endpoint); }, timing_);
    }
    return entry.get();
  });
}

http::Token EndpointRoutes::mint(const std::string& endpoint) {
  const bool is_instance = endpoint.starts_with(kInstances);
  Document answer = is_instance
                        ? workspace_.ask(kInstanceCredentials,
                                         {{"instance_names", {endpoint.substr(kInstances.size())}}})
                        : workspace_.ask(kCredentials, {{"endpoint", endpoint}});
  const auto expiry =
      parse_timestamp(text_at(answer, is_instance ? "expiration_time" : "expire_time"));
  return {.value = take_token(answer, endpoint),
          .expiry = expiry.value_or(timing_.now() + kUsualLife)};
}

std::string EndpointRoutes::user() {
  return user_.with([&](std::string& known) {
    if (known.empty()) known = text_at(workspace_.get(kMe), "userName");
    if (known.empty()) {
      throw unreachable(fmt::format(
          "{} does not say who is signed in, so there is no role to connect as; try again, then "
          "report it",
          workspace_.host()));
    }
    return known;
  });
}

}  // namespace weir::postgres
