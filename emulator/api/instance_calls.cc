#include "emulator/api/instance_calls.h"

#include <fmt/format.h>

#include "emulator/api/credentials.h"
#include "emulator/api/instance_role.h"
#include "emulator/api/instance_role_calls.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/instance_unity.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/permissions.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr std::string_view kInstances = "instances/";

/// Replies to changes carry the tags as well; reads show only what is in force.
std::string shown_after_change(const Row& row) {
  Json shown = row.shown;
  const Json* tags = input_at(row, "custom_tags");
  if (tags != nullptr && !tags->empty()) shown["custom_tags"] = *tags;
  return to_text(shown);
}

std::string shown_by_get(const World& world, const Row& row) {
  Json shown = row.shown;
  if (world.contract.assumptions.is("instance_name_in_get", "omitted")) shown.erase("name");
  return to_text(shown);
}

void begin(World& world, const Row& row, const std::string& verb, Json values = Json::object()) {
  begin_operation(
      world, {.verb = verb, .kind = "instance", .name = row.name, .values = std::move(values)});
}

/// What runs, at an instance or its roles, excludes changes of the instance.
void refuse_busy(const World& world, const Row& row) {
  if (world.store.open_operations(row.name).empty()) return;
  throw world.contract.problem(
      "instance_busy", {{"name", last_segment(row.name)}, {"state", text_at(row.shown, "state")}});
}

Row new_instance(World& world, const Call& call, Json input) {
  const std::string name = text_at(input, "name");
  Row row{.name = instance_row_name(name), .kind = "instance", .parent = ""};
  row.shown = {{"name", name},
               {"uid", world.ids.uuid()},
               {"creator", call.caller.name},
               {"creation_time", to_text(world.clock.now())},
               {"state", "STARTING"},
               {"pg_version", world.contract.kind("instance").field("pg_version")->default_value}};
  row.hidden = {{"input", std::move(input)},
                {"creator", call.caller.name},
                {"creator_kind", call.caller.kind},
                {"databases", Json::array({kStandardDatabase})}};
  return row;
}

/// A child has the databases of its parent; the inventory corrects that once it runs.
void inherit_databases(World& world, Row& row) {
  const auto parent = find_instance(world, text_input(row, "parent_instance_ref.name"));
  if (parent) row.hidden["databases"] = parent->hidden.at("databases");
}

std::string create(World& world, const Call& call, const Json& body) {
  const KindContract& kind = world.contract.kind("instance");
  const Json decoded = decode_body(world.contract, kind, body);
  check_required(world.contract, kind, decoded);
  check_id(world, kind, text_at(decoded, "name"));
  check_values(world.contract, kind, decoded);
  check_rules(world.contract, kind, decoded, Occasion::kCreate);
  if (world.store.find(instance_row_name(text_at(decoded, "name")))) {
    throw world.contract.problem("instance_exists", {{"name", text_at(decoded, "name")}});
  }
  const std::string parent = text_at(decoded, "parent_instance_ref.name");
  if (!parent.empty()) require_permission(world, call, instance_row_name(parent));
  const KindRules& rules = rules_of("instance");
  Row row;
  world.store.transaction([&] {
    row = new_instance(world, call, decoded);
    rules.complete(world, row);
    rules.check(world, row, nullptr, call);
    inherit_databases(world, row);
    rules.show(world, row);
    world.store.put(row);
    for (const Row& companion : rules.companions(world, row, call)) world.store.put(companion);
    show_children(world, parent);
    begin(world, row, "create");
  });
  return shown_after_change(row);
}

std::string find_by_uid(const World& world, const Call& call) {
  const auto uid = call.request.query.find("uid");
  if (uid == call.request.query.end() || uid->second.empty()) {
    throw world.contract.problem("field_required", {{"path", "uid"}});
  }
  for (const Row& row : world.store.all("instance")) {
    if (text_at(row.shown, "uid") != uid->second) continue;
    require_permission(world, call, row.name);
    return shown_by_get(world, row);
  }
  throw world.contract.problem("instance_not_found", {{"name", uid->second}});
}

std::string update(World& world, const Target& target, const Call& call, const Json& body) {
  const KindContract& kind = *target.kind;
  Row row = require_visible(world, target.name, call.trace);
  const Json decoded = decode_body(world.contract, kind, body);
  const auto mask = call.request.query.find("update_mask");
  const Change change = masked_change(world.contract, kind, decoded,
                                      mask == call.request.query.end() ? "" : mask->second);
  check_values(world.contract, kind, change.values);
  refuse_busy(world, row);
  const Json before = row.hidden["input"];
  const bool was_stopped = is_stopped(row);
  world.store.transaction([&] {
    apply_update(world, row, change.values, change.cleared);
    if (row.hidden["input"] == before) return;
    row.shown["state"] = was_stopped && !is_stopped(row) ? "STARTING" : "UPDATING";
    world.store.put(row);
    begin(world, row, "update", before);
  });
  return shown_after_change(row);
}

std::string fail_over(World& world, const Target& target, const Call& call) {
  Row row = require_visible(world, target.name, call.trace);
  refuse_busy(world, row);
  if (is_stopped(row)) throw instance_unavailable(world, row);
  if (*input_at(row, "node_count") < 2) throw world.contract.problem("failover_needs_secondary");
  world.store.transaction([&] {
    row.shown["state"] = "FAILING_OVER";
    world.store.put(row);
    begin(world, row, "failover");
  });
  return shown_by_get(world, row);
}

void refuse_soft_delete(const World& world, const Call& call) {
  const auto purge = call.request.query.find("purge");
  const bool is_given = purge != call.request.query.end() && !purge->second.empty();
  if (is_given && !flag_parameter(world, call, "purge")) {
    throw world.contract.problem("instance_purge_false");
  }
}

std::string remove(World& world, const Target& target, const Call& call) {
  const Row row = require_visible(world, target.name, call.trace);
  refuse_soft_delete(world, call);
  if (!flag_parameter(world, call, "force")) rules_of("instance").check_delete(world, row, call);
  const std::vector<Row> all = with_descendants(world, row);
  for (const Row& each : all) {
    require_permission(world, call, each.name);
    refuse_busy(world, each);
  }
  world.store.transaction([&] {
    for (Row each : all) {
      each.shown["state"] = "DELETING";
      world.store.put(each);
      begin(world, each, "delete");
    }
  });
  return "{}";
}

std::string list_databases(const Row& instance) {
  Json databases = Json::array();
  for (const Json& name : instance.hidden.at("databases")) {
    databases.push_back({{"name", name}, {"is_usable_by_customer", true}});
  }
  return to_text({{"databases", std::move(databases)}});
}

/// "instances/shop/failover" → "failover"; "" when the path has no third part.
std::string action_of(const std::string& path) {
  const std::size_t slash = path.find('/', kInstances.size());
  return path.starts_with(kInstances) && slash != std::string::npos ? path.substr(slash + 1) : "";
}

std::string answer_instance(World& world, const Target& target, const Call& call,
                            const Json& body) {
  const std::string& method = call.request.method;
  const bool is_collection = target.name.empty();
  if (is_collection && method == "POST") return create(world, call, body);
  if (is_collection && method == "GET") return list_resources(world, target, call);
  if (is_collection) throw world.contract.problem("method_unknown");
  if (method == "GET") {
    return shown_by_get(world, require_visible(world, target.name, call.trace));
  }
  if (method == "PATCH") return update(world, target, call, body);
  if (method == "DELETE") return remove(world, target, call);
  throw world.contract.problem("method_unknown");
}

}  // namespace

ApiAnswer handle_database(World& world, const Call& call, const std::string& path,
                          const Json& body) {
  const std::string& method = call.request.method;
  if (path == "credentials" && method == "POST") {
    return {.body = to_text(make_instance_credential(world, call, body))};
  }
  if (path == "instances:findByUid" && method == "GET") {
    return {.body = find_by_uid(world, call)};
  }
  if (is_unity_path(path)) return handle_instance_unity(world, call, path, body);
  const std::string action = action_of(path);
  const std::string instance = path.substr(0, path.find('/', kInstances.size()));
  if (action.starts_with("roles")) {
    require_permission(world, call, instance);
    return handle_instance_roles(world, call, instance, action, body);
  }
  const auto target = parse_target(world.contract, action.empty() ? path : instance);
  if (!target || target->kind->kind != "instance") {
    throw world.contract.problem("method_unknown");
  }
  if (!target->name.empty()) require_permission(world, call, target->name);
  if (action == "databases" && method == "GET") {
    return {.body = list_databases(require_visible(world, instance, call.trace))};
  }
  if (action == "catalogs" && method == "GET") {
    throw world.contract.problem("database_catalog_list");
  }
  if (action == "synced_tables" && method == "GET") {
    throw world.contract.problem("synced_database_table_list");
  }
  if (action == "failover" && method == "POST") return {.body = fail_over(world, *target, call)};
  if (!action.empty()) throw world.contract.problem("method_unknown");
  return {.body = answer_instance(world, *target, call, body)};
}

std::string instance_to_inspect(const std::string& path) {
  const std::string action = action_of(path);
  const bool is_about_sql = action.starts_with("roles") || action == "databases";
  return is_about_sql ? path.substr(0, path.find('/', kInstances.size())) : "";
}

}  // namespace emulator
