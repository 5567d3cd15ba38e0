#include "emulator/api/door.h"

#include <fmt/format.h>

#include "emulator/api/addresses.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

std::string why_closed(const Row& endpoint) {
  if (!flag_at(endpoint.shown, "status.disabled")) return "";
  return fmt::format("endpoint {} is disabled; set spec.disabled to false to connect",
                     last_segment(endpoint.name));
}

Door door_of_endpoint(World& world, const Row& endpoint) {
  const auto project = world.store.find(project_of(endpoint.name));
  return {.name = endpoint.name,
          .uid = text_at(endpoint.shown, "uid"),
          .home = endpoint.parent,
          .why_closed = why_closed(endpoint),
          .has_native_login = project && flag_at(project->shown, "status.enable_pg_native_login"),
          .is_awake = text_at(endpoint.shown, "status.current_state") == "ACTIVE",
          .compute = {}};
}

LoginRole role_of_branch(const Row& role) {
  const std::string method = text_at(role.shown, "status.auth_method");
  return {.name = text_at(role.shown, "status.postgres_role"),
          .takes_tokens = method == "LAKEBASE_OAUTH_V1",
          .takes_passwords = method == "PG_PASSWORD_SCRAM_SHA_256",
          .is_group = text_at(role.shown, "status.identity_type") == "GROUP"};
}

/// The compute at `address`: the row's own, or the standby that has an address of its own.
const ComputeDefinition& compute_at(const std::vector<ComputeDefinition>& computes, const Row& row,
                                    const std::string& address) {
  const bool is_standby = text_at(row.hidden, "host") != address;
  return is_standby && computes.size() > 1 ? computes[1] : computes[0];
}

}  // namespace

std::optional<Door> door_at(World& world, const std::string& address) {
  const std::string name = world.store.fact(address_fact(address));
  if (name.empty() || !is_visible(world, name)) return std::nullopt;
  const auto row = world.store.find(name);
  if (!row) return std::nullopt;
  Door door = door_of_endpoint(world, *row);
  door.compute = compute_at(computes_of(world, *row), *row, address);
  return door;
}

void mark_used(World& world, const std::string& name) {
  mark_endpoint(world, name, "ACTIVE");
}

std::optional<LoginRole> find_login_role(World& world, const Door& door, const std::string& name) {
  for (const Row& role : world.store.children(door.home, "role")) {
    LoginRole login = role_of_branch(role);
    if (login.name == name) return login;
  }
  return std::nullopt;
}

}  // namespace emulator
