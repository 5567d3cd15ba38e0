#include "emulator/api/door.h"

#include <fmt/format.h>

#include "emulator/api/addresses.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/instance_role.h"
#include "emulator/api/instance_state.h"
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
          .computes = {}};
}

std::string why_closed_instance(const Row& instance) {
  const std::string state = text_at(instance.shown, "state");
  const bool is_open = (state == "AVAILABLE" || state == "UPDATING") && !is_stopped(instance);
  return is_open ? ""
                 : fmt::format("instance {} is not available, its state is {}",
                               last_segment(instance.name), state);
}

Door door_of_instance(const Row& instance) {
  return {.name = instance.name,
          .uid = text_at(instance.shown, "uid"),
          .home = instance.name,
          .why_closed = why_closed_instance(instance),
          .has_native_login = flag_at(instance.shown, "effective_enable_pg_native_login"),
          .is_awake = flag_at(instance.hidden, "is_awake"),
          .computes = {}};
}

LoginRole role_of_instance(const Row& role) {
  const std::string type = text_at(role.shown, "identity_type");
  return {.name = text_at(role.shown, "name"),
          .takes_tokens = type != "PG_ONLY",
          .takes_passwords = type == "PG_ONLY",
          .is_group = type == "GROUP"};
}

LoginRole role_of_branch(const Row& role) {
  const std::string method = text_at(role.shown, "status.auth_method");
  return {.name = text_at(role.shown, "status.postgres_role"),
          .takes_tokens = method == "LAKEBASE_OAUTH_V1",
          .takes_passwords = method == "PG_PASSWORD_SCRAM_SHA_256",
          .is_group = text_at(role.shown, "status.identity_type") == "GROUP"};
}

/// The computes that serve `address`: the row's own, or the standby that has an address of its own.
/// Nothing is at the address of secondaries that are no longer readable.
std::vector<ComputeDefinition> computes_at(const std::vector<ComputeDefinition>& all,
                                           const Row& row, const std::string& address) {
  const bool is_standby = text_at(row.hidden, "host") != address;
  if (!is_standby) return {all[0]};
  if (all.size() < 2) return {};
  // The secondaries of an instance follow its primary, which runs as long as they do.
  return row.kind == "instance" ? all : std::vector<ComputeDefinition>{all[1]};
}

}  // namespace

std::optional<Door> door_at(World& world, const std::string& address) {
  const std::string name = world.store.fact(address_fact(address));
  if (name.empty() || !is_visible(world, name)) return std::nullopt;
  const auto row = world.store.find(name);
  if (!row) return std::nullopt;
  const bool is_instance = row->kind == "instance";
  Door door = is_instance ? door_of_instance(*row) : door_of_endpoint(world, *row);
  const auto all = is_instance ? computes_of_instance(*row) : computes_of(world, *row);
  door.computes = computes_at(all, *row, address);
  if (door.computes.empty()) return std::nullopt;
  return door;
}

void mark_used(World& world, const std::string& name) {
  const auto row = world.store.find(name);
  if (row && row->kind == "instance") return mark_instance(world, *row, true);
  mark_endpoint(world, name, "ACTIVE");
}

std::optional<LoginRole> find_login_role(World& world, const Door& door, const std::string& name) {
  if (const auto role = world.store.find(role_row_name(door.home, name));
      role && role->kind == "instance_role") {
    return role_of_instance(*role);
  }
  for (const Row& role : world.store.children(door.home, "role")) {
    LoginRole login = role_of_branch(role);
    if (login.name == name) return login;
  }
  return std::nullopt;
}

}  // namespace emulator
