#include "emulator/api/credentials.h"

#include <stdexcept>

#include "emulator/api/identities.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/permissions.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

/// A bound that the contract gives for the lifetime.
Duration bound(const World& world, const char* which) {
  for (const Json& row : world.contract.document("credential").at("request")) {
    if (row.at("path") == "ttl") {
      return parse_duration(row.at(which).get<std::string>()).value_or(Duration{});
    }
  }
  return {};
}

[[noreturn]] void refuse_type(const World& world, const std::string& path,
                              const std::string& type) {
  throw world.contract.problem("field_type", {{"path", path}, {"type", type}});
}

std::string text_field(const World& world, const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || found->is_null()) return "";
  if (!found->is_string()) refuse_type(world, key, "string");
  return found->get<std::string>();
}

/// When the token ends: after its `ttl`, or at its `expire_time`, or after the usual hour.
Instant expiry_of(const World& world, const Json& body, Instant now) {
  const std::string ttl = text_field(world, body, "ttl");
  const std::string expire_time = text_field(world, body, "expire_time");
  if (!ttl.empty() && !expire_time.empty()) throw world.contract.problem("credential_both");
  if (ttl.empty() && expire_time.empty()) return now + bound(world, "default");
  Duration length;
  if (!ttl.empty()) {
    const auto parsed = parse_duration(ttl);
    if (!parsed) refuse_type(world, "ttl", "duration");
    length = *parsed;
  } else {
    const auto parsed = parse_timestamp(expire_time);
    if (!parsed) refuse_type(world, "expire_time", "timestamp");
    length = *parsed - now;
  }
  const Duration shortest = bound(world, "minimum");
  const Duration longest = bound(world, "maximum");
  if (length < shortest || length > longest) {
    throw world.contract.problem("value_out_of_range",
                                 {{"path", ttl.empty() ? "expire_time" : "ttl"},
                                  {"minimum", to_text(shortest)},
                                  {"maximum", to_text(longest)},
                                  {"value", to_text(length)}});
  }
  return now + length;
}

/// Claims narrow a token for Unity Catalog; the emulator checks their shape and has nothing to
/// narrow, since Postgres privileges do not come from them.
void check_claims(const World& world, const Json& body) {
  const auto claims = body.find("claims");
  if (claims == body.end() || claims->is_null()) return;
  if (!claims->is_array()) refuse_type(world, "claims", "list");
  for (const Json& claim : *claims) {
    if (!claim.is_object()) refuse_type(world, "claims", "list of object");
    const std::string permission = text_field(world, claim, "permission_set");
    if (!permission.empty() && permission != "READ_ONLY") {
      throw world.contract.problem(
          "value_enum",
          {{"path", "claims.permission_set"}, {"value", permission}, {"values", "READ_ONLY"}});
    }
  }
}

}  // namespace

Json make_credential(World& world, const Call& call, const Json& body) {
  if (!body.is_object()) {
    throw world.contract.problem("body_malformed", {{"reason", "it must be an object"}});
  }
  const std::string endpoint = text_field(world, body, "endpoint");
  if (endpoint.empty()) throw world.contract.problem("field_required", {{"path", "endpoint"}});
  const auto target = parse_target(world.contract, endpoint);
  if (!target || target->name != endpoint || target->kind->kind != "endpoint") {
    throw world.contract.problem("credential_endpoint", {{"value", endpoint}});
  }
  const Instant expires = expiry_of(world, body, world.clock.now());
  check_claims(world, body);
  const Row row = require_visible(world, endpoint, call.trace);
  require_permission(world, call, endpoint);
  Json reply;
  world.store.transaction([&] {
    reply = {{"token", issue_token(world, call.caller, Token::Use::kPostgres,
                                   {text_at(row.shown, "uid")}, expires)},
             {"expire_time", to_text(expires)}};
  });
  return reply;
}

namespace {

/// How long a token for instances lasts.
Duration instance_lifetime(const World& world) {
  for (const Json& row : world.contract.document("instance_credential").at("reply")) {
    if (row.contains("after")) return *parse_duration(row.at("after").get<std::string>());
  }
  throw std::logic_error("the contract does not say how long a token lasts");
}

/// The uids of the instances that a body names, which the caller may use.
std::vector<std::string> named_instances(World& world, const Call& call, const Json& body) {
  const auto names = body.find("instance_names");
  std::vector<std::string> uids;
  if (names == body.end() || names->is_null()) return uids;
  if (!names->is_array()) refuse_type(world, "instance_names", "list");
  for (const Json& name : *names) {
    if (!name.is_string()) refuse_type(world, "instance_names", "list of string");
    const auto row = find_instance(world, name.get<std::string>());
    if (!row) throw world.contract.problem("instance_not_found", {{"name", name}});
    require_permission(world, call, row->name);
    uids.push_back(text_at(row->shown, "uid"));
  }
  return uids;
}

}  // namespace

Json make_instance_credential(World& world, const Call& call, const Json& body) {
  if (!body.is_object()) {
    throw world.contract.problem("body_malformed", {{"reason", "it must be an object"}});
  }
  const std::vector<std::string> uids = named_instances(world, call, body);
  check_claims(world, body);
  const bool has_claims = body.contains("claims") && !body.at("claims").empty();
  if (uids.empty() && !has_claims) throw world.contract.problem("instance_credential_empty");
  const Instant expires = world.clock.now() + instance_lifetime(world);
  Json reply;
  world.store.transaction([&] {
    reply = {{"token", issue_token(world, call.caller, Token::Use::kPostgres, uids, expires)},
             {"expiration_time", to_text(expires)}};
  });
  return reply;
}

}  // namespace emulator
