#include "emulator/api/platform.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "emulator/api/identities.h"

namespace emulator {
namespace {

constexpr Duration kTokenLifetime{3600, 0};

Response json_response(const Json& body, int status = 200) {
  return {.status = status, .body = to_text(body)};
}

std::string base_url(const Request& request) {
  return "http://" + request.header("host");
}

Json discovery(const Request& request) {
  return {{"oidc_endpoint", base_url(request) + "/oidc"},
          {"workspace_id", workspace_id()},
          {"host_type", "workspace"}};
}

Json authorization_server(const Request& request) {
  const std::string endpoint = base_url(request) + "/oidc/v1/";
  return {{"issuer", base_url(request) + "/oidc"},
          {"authorization_endpoint", endpoint + "authorize"},
          {"token_endpoint", endpoint + "token"},
          {"grant_types_supported", Json::array({"client_credentials"})},
          {"token_endpoint_auth_methods_supported", Json::array({"client_secret_basic"})}};
}

Response oauth_error(const char* error, const std::string& description, int status) {
  return json_response({{"error", error}, {"error_description", description}}, status);
}

/// "Basic <base64 of id:secret>"; nothing when it is not that.
std::optional<std::pair<std::string, std::string>> basic_credentials(const std::string& header) {
  constexpr std::string_view kScheme = "Basic ";
  if (!header.starts_with(kScheme)) return std::nullopt;
  const std::string encoded = header.substr(kScheme.size());
  std::string decoded(encoded.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                   reinterpret_cast<const unsigned char*>(encoded.data()),
                                   static_cast<int>(encoded.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(static_cast<std::size_t>(size));
  while (!decoded.empty() && decoded.back() == '\0') decoded.pop_back();  // base64 padding
  const std::size_t colon = decoded.find(':');
  if (colon == std::string::npos) return std::nullopt;
  // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
  const auto id = percent_decode(decoded.substr(0, colon), PlusSign::kSpace);
  const auto secret = percent_decode(decoded.substr(colon + 1), PlusSign::kSpace);
  if (!id || !secret) return std::nullopt;
  return std::pair{*id, *secret};
}

Response token_response(World& world, const Request& request) {
  const auto form = parse_form(request.body);
  if (!form || form->count("grant_type") == 0) {
    return oauth_error("invalid_request", "the form has no grant_type", 400);
  }
  if (form->at("grant_type") != "client_credentials") {
    return oauth_error("unsupported_grant_type",
                       "the emulator issues tokens for client_credentials only", 400);
  }
  const auto client = basic_credentials(request.header("authorization"));
  const auto identity = client ? find_identity(world, client->first) : std::nullopt;
  if (!client || !identity || !is_client_secret(world, client->first, client->second)) {
    return oauth_error("invalid_client", "Client authentication failed", 401);
  }
  Json reply;
  world.store.transaction([&] {
    const std::string token =
        issue_token(world, *identity, Token::Use::kApi, {}, world.clock.now() + kTokenLifetime);
    reply = {{"access_token", token},
             {"token_type", "Bearer"},
             {"expires_in", kTokenLifetime.seconds},
             {"scope", "all-apis"}};
  });
  return json_response(reply);
}

}  // namespace

std::string workspace_id() {
  return "7405605519654321";
}

std::optional<Response> handle_public(World& world, const Request& request) {
  const std::string& path = request.path;
  if (request.method == "GET" && path == "/.well-known/databricks-config") {
    return json_response(discovery(request));
  }
  if (request.method == "GET" && path == "/oidc/.well-known/oauth-authorization-server") {
    return json_response(authorization_server(request));
  }
  if (request.method == "POST" && path == "/oidc/v1/token") return token_response(world, request);
  return std::nullopt;
}

Json current_user(const Identity& caller) {
  const bool is_user = caller.kind == "USER";
  Json groups = Json::array();
  for (const std::string& group : caller.groups) {
    groups.push_back(
        {{"display", group}, {"value", group}, {"$ref", "Groups/" + group}, {"type", "direct"}});
  }
  Json user = {{"id", fingerprint(caller.name).substr(0, 16)},
               {"userName", caller.name},
               {"displayName", caller.display_name.empty() ? caller.name : caller.display_name},
               {"active", true}};
  if (is_user) {
    user["name"] = {{"givenName", caller.name.substr(0, caller.name.find('@'))}};
    user["emails"] = Json::array({{{"value", caller.name}, {"primary", true}, {"type", "work"}}});
  }
  user["groups"] = std::move(groups);
  return user;
}

}  // namespace emulator
