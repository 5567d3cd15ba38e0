#include "emulator/api/instance_role_calls.h"

#include "emulator/api/instance_role.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr std::string_view kRoles = "roles/";

std::string parameter(const Call& call, const std::string& name) {
  const auto found = call.request.query.find(name);
  return found == call.request.query.end() ? "" : found->second;
}

/// Roles change only in a cluster that runs; changes of roles do not exclude each other.
void require_running(const World& world, const Row& instance) {
  if (text_at(instance.shown, "state") == "AVAILABLE") return;
  throw instance_unavailable(world, instance);
}

std::string begin(World& world, const Job& job) {
  return begin_operation(world, job).at("name").get<std::string>();
}

ApiAnswer create(World& world, const Call& call, const Row& instance, const Json& body) {
  const KindContract& kind = world.contract.kind("instance_role");
  const std::string named = parameter(call, "database_instance_name");
  if (!named.empty() && named != last_segment(instance.name)) {
    throw world.contract.problem("parameter_malformed",
                                 {{"parameter", "database_instance_name"}, {"value", named}});
  }
  const Json decoded = decode_body(world.contract, kind, body);
  check_required(world.contract, kind, decoded);
  check_values(world.contract, kind, decoded);
  check_id(world, kind, text_at(decoded, "name"));
  require_running(world, instance);
  ApiAnswer answer;
  world.store.transaction([&] {
    const Row row = new_instance_role(world, instance.name, decoded);
    rules_of("instance_role").check(world, row, nullptr, call);
    world.store.put(row);
    answer.body = to_text(row.shown);
    answer.awaited_operation =
        begin(world, {.verb = "create", .kind = "instance_role", .name = row.name});
  });
  return answer;
}

ApiAnswer update(World& world, const Call& call, const Row& instance, Row row, const Json& body) {
  const KindContract& kind = world.contract.kind("instance_role");
  const Json decoded = decode_body(world.contract, kind, body);
  const Change change =
      masked_change(world.contract, kind, decoded, parameter(call, "update_mask"));
  check_values(world.contract, kind, change.values);
  require_running(world, instance);
  const Json before = row.hidden["input"];
  ApiAnswer answer;
  world.store.transaction([&] {
    apply_update(world, row, change.values, change.cleared);
    world.store.put(row);
    answer.body = to_text(row.shown);
    answer.awaited_operation = begin(
        world, {.verb = "update", .kind = "instance_role", .name = row.name, .values = before});
  });
  return answer;
}

/// The role that gets what a deleted one owns; "" when nobody is asked for.
std::string heir_of(World& world, const Call& call, const Row& row) {
  std::string heir = parameter(call, "reassign_owned_to");
  const std::string heir_row = role_row_name(row.parent, heir);
  if (!heir.empty() && (heir_row == row.name || !world.store.find(heir_row))) {
    throw world.contract.problem("instance_role_not_found", {{"name", heir}});
  }
  return heir;
}

ApiAnswer remove(World& world, const Call& call, const Row& instance, const Row& row) {
  const std::string heir = heir_of(world, call, row);
  require_running(world, instance);
  ApiAnswer answer{.body = "{}"};
  world.store.transaction([&] {
    answer.awaited_operation = begin(
        world, {.verb = "delete", .kind = "instance_role", .name = row.name, .reassign_to = heir});
  });
  return answer;
}

ApiAnswer answer_collection(World& world, const Call& call, const Row& instance, const Json& body) {
  if (call.request.method == "POST") return create(world, call, instance, body);
  if (call.request.method != "GET") throw world.contract.problem("method_unknown");
  const Target target{
      .kind = &world.contract.kind("instance_role"), .parent = instance.name, .name = ""};
  return {.body = list_resources(world, target, call)};
}

}  // namespace

Problem instance_unavailable(const World& world, const Row& instance) {
  return world.contract.problem(
      "instance_unavailable",
      {{"name", last_segment(instance.name)}, {"state", text_at(instance.shown, "state")}});
}

ApiAnswer handle_instance_roles(World& world, const Call& call, const std::string& instance,
                                const std::string& path, const Json& body) {
  const Row parent = require_visible(world, instance, call.trace);
  if (path == "roles") return answer_collection(world, call, parent, body);
  if (!path.starts_with(kRoles)) throw world.contract.problem("method_unknown");
  const std::string name = path.substr(kRoles.size());
  const std::string& method = call.request.method;
  const auto row = world.store.find(role_row_name(instance, name));
  if (!row) {
    const bool is_ignored = method == "DELETE" && flag_parameter(world, call, "allow_missing");
    if (is_ignored) return {.body = "{}"};
    throw world.contract.problem("instance_role_not_found", {{"name", name}});
  }
  if (method == "GET") return {.body = to_text(row->shown)};
  if (method == "PATCH") return update(world, call, parent, *row, body);
  if (method == "DELETE") return remove(world, call, parent, *row);
  throw world.contract.problem("method_unknown");
}

}  // namespace emulator
