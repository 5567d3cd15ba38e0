#include "emulator/api/gate.h"

#include <fmt/format.h>

#include "emulator/api/endpoint_state.h"
#include "emulator/api/identities.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/api/timekeeper.h"

namespace emulator {
namespace {

constexpr const char* kInvalidPassword = "28P01";
constexpr const char* kCannotConnectNow = "57P03";

Verdict refused(const char* sqlstate, std::string message) {
  return {.kind = Verdict::Kind::kRefused, .sqlstate = sqlstate, .message = std::move(message)};
}

Verdict wrong_password(const std::string& user) {
  return refused(kInvalidPassword,
                 fmt::format("password authentication failed for user \"{}\"", user));
}

bool is_member(const Identity& identity, const std::string& group) {
  return std::find(identity.groups.begin(), identity.groups.end(), group) != identity.groups.end();
}

/// Whether a token opens the door of `role`: as oneself, or as a group that one belongs to.
bool may_act_as(const Identity& identity, const Row& role) {
  const std::string name = text_at(role.shown, "status.postgres_role");
  const std::string type = text_at(role.shown, "status.identity_type");
  if (text_at(role.shown, "status.auth_method") != "LAKEBASE_OAUTH_V1") return false;
  return type == "GROUP" ? is_member(identity, name) : identity.name == name;
}

std::optional<Row> role_named(World& world, const std::string& branch, const std::string& name) {
  for (Row& role : world.store.children(branch, "role")) {
    if (text_at(role.shown, "status.postgres_role") == name) return std::move(role);
  }
  return std::nullopt;
}

const ComputeDefinition* compute_at(const std::vector<ComputeDefinition>& computes,
                                    const Row& endpoint, const std::string& address) {
  const bool is_standby = text_at(endpoint.hidden, "host") != address;
  return is_standby && computes.size() > 1 ? &computes[1] : &computes[0];
}

}  // namespace

std::optional<Row> endpoint_at(World& world, const std::string& address) {
  const std::string name = world.store.fact(address_fact(address));
  if (name.empty() || !is_visible(world, name)) return std::nullopt;
  return world.store.find(name);
}

Verdict Gate::judge(const LoginAttempt& attempt, const Row& endpoint) {
  if (flag_at(endpoint.shown, "status.disabled")) {
    return refused(kCannotConnectNow,
                   fmt::format("endpoint {} is disabled; set spec.disabled to false to connect",
                               last_segment(endpoint.name)));
  }
  const std::string branch = endpoint.parent;
  const auto role = role_named(world_, branch, attempt.user);
  const auto token = find_token(world_, attempt.password);
  const bool is_token_good = token && token->use == Token::Use::kPostgres &&
                             token->endpoint == text_at(endpoint.shown, "uid") && role &&
                             may_act_as(token->identity, *role);
  if (is_token_good) return {.kind = Verdict::Kind::kAdmitted, .endpoint = endpoint.name};
  const auto project = world_.store.find(project_of(endpoint.name));
  const bool has_native_login = project && flag_at(project->shown, "status.enable_pg_native_login");
  // A role that SQL made is not in the store yet: PostgreSQL knows whether it has a password.
  const bool may_have_password =
      !role || text_at(role->shown, "status.auth_method") == "PG_PASSWORD_SCRAM_SHA_256";
  if (has_native_login && may_have_password) {
    return {.kind = Verdict::Kind::kCheckPassword, .endpoint = endpoint.name};
  }
  return wrong_password(attempt.user);
}

void Gate::admit(const LoginAttempt& attempt, Decided decided) {
  const auto endpoint = endpoint_at(world_, attempt.address);
  if (!endpoint) {
    return decided(refused(kCannotConnectNow, "no endpoint is served at this address"));
  }
  Verdict verdict = judge(attempt, *endpoint);
  if (verdict.kind == Verdict::Kind::kRefused) return decided(std::move(verdict));
  open(*endpoint, attempt.address, std::move(verdict), std::move(decided));
}

void Gate::open(const Row& endpoint, const std::string& address, Verdict verdict, Decided decided) {
  ++world_.open_sessions[endpoint.name];
  if (text_at(endpoint.shown, "status.current_state") != "ACTIVE") ++world_.wakes[endpoint.name];
  const std::vector<ComputeDefinition> computes = computes_of(world_, endpoint);
  const ComputeDefinition compute = *compute_at(computes, endpoint, address);
  world_.computes.wake(compute, [this, name = endpoint.name, address, verdict = std::move(verdict),
                                 decided = std::move(decided)](const Outcome& outcome,
                                                               const std::string& folder) mutable {
    if (!outcome.error_code.empty()) {
      session_ended(name);
      return decided(refused(kCannotConnectNow,
                             fmt::format("the compute does not start: {}", outcome.message)));
    }
    socket_folders_[address] = folder;
    verdict.socket_folder = folder;
    // The client is let in whether or not the state can be written, on a full disk say.
    decided(std::move(verdict));
    world_.store.transaction([&] { mark_endpoint(world_, name, "ACTIVE"); });
    world_.timers_changed();
  });
}

void Gate::session_ended(const std::string& endpoint) {
  const auto found = world_.open_sessions.find(endpoint);
  if (found == world_.open_sessions.end()) return;
  if (--found->second > 0) return;
  world_.open_sessions.erase(found);
  auto row = world_.store.find(endpoint);
  if (!row || text_at(row->shown, "status.current_state") != "ACTIVE") return;
  world_.store.transaction([&] { mark_endpoint(world_, endpoint, "ACTIVE"); });
  world_.timers_changed();
}

std::string Gate::awake_socket_folder(const std::string& address) {
  const auto endpoint = endpoint_at(world_, address);
  if (!endpoint || text_at(endpoint->shown, "status.current_state") != "ACTIVE") return "";
  const auto found = socket_folders_.find(address);
  return found == socket_folders_.end() ? "" : found->second;
}

}  // namespace emulator
