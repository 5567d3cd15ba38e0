#include "emulator/api/apps.h"

#include <algorithm>
#include <array>

#include "emulator/api/app_resources.h"
#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/permissions.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kKind = "app";
constexpr const char* kState = "compute_status.state";

/// Requests that turn the compute on and off.
struct Turn {
  std::string_view verb;
  const char* during;
  const char* after;
};
constexpr std::array kTurns = {Turn{"start", "STARTING", "ACTIVE"},
                               Turn{"stop", "STOPPING", "STOPPED"}};

std::string filled(std::string text, const std::string& app) {
  const std::string place = "{name}";
  const std::size_t found = text.find(place);
  return found == std::string::npos ? text : text.replace(found, place.size(), app);
}

/// A part of an app that the service invents, as the contract says; null for the others.
Json made(World& world, const Call& call, const Json& line, const std::string& app) {
  const std::string how = text_at(line, "made");
  if (how == "uuid") return world.ids.uuid();
  if (how == "number") return world.ids.next("service_principal");
  if (how == "caller") return call.caller.name;
  if (how == "time") return to_text(world.clock.now());
  return line.contains("value") ? Json(filled(text_at(line, "value"), app)) : Json();
}

Row new_app(World& world, const Call& call, Json input) {
  const KindContract& kind = world.contract.kind(kKind);
  const std::string name = text_at(input, "name");
  Row row{.name = kind.collection + "/" + name, .kind = kKind, .parent = ""};
  row.hidden = {{"input", std::move(input)},
                {"creator", call.caller.name},
                {"creator_kind", call.caller.kind}};
  row = made_by_service(world, std::move(row));
  for (const Json& line : world.contract.document(kKind).at("fields")) {
    const Json value = made(world, call, line, name);
    if (!value.is_null()) set_path(row.shown, text_at(line, "path"), value);
  }
  return row;
}

std::string begin(World& world, const Job& job) {
  return begin_operation(world, job).at("name").get<std::string>();
}

Json attachments_of(World& world, const Call& call, const Row& row, const Row* before) {
  const Json none = Json::array();
  const Json* wanted = input_at(row, "resources");
  const Json* known = before == nullptr ? nullptr : input_at(*before, "resources");
  const std::string role = text_at(row.shown, "service_principal_client_id");
  return attachments_of(world, call, role, wanted == nullptr ? none : *wanted,
                        known == nullptr ? none : *known);
}

ApiAnswer create_app(World& world, const Call& call, const Json& body) {
  const KindContract& kind = world.contract.kind(kKind);
  const Json decoded = decode_body(world.contract, kind, body);
  check_required(world.contract, kind, decoded);
  check_id(world, kind, text_at(decoded, "name"));
  check_values(world.contract, kind, decoded);
  const bool has_compute = !flag_parameter(world, call, "no_compute");
  if (world.store.find(kind.collection + "/" + text_at(decoded, "name"))) {
    throw world.contract.problem("app_exists", {{"value", text_at(decoded, "name")}});
  }
  ApiAnswer answer;
  world.store.transaction([&] {
    Row row = new_app(world, call, decoded);
    rules_of(kKind).check(world, row, nullptr, call);
    if (!has_compute) set_path(row.shown, kState, "STOPPED");
    add_identity(world, {.name = text_at(row.shown, "service_principal_client_id"),
                         .kind = "SERVICE_PRINCIPAL"});
    world.store.put(row);
    answer.body = to_text(row.shown);
    answer.awaited_operation =
        begin(world, {.verb = "create",
                      .kind = kKind,
                      .name = row.name,
                      .values = {{"attachments", attachments_of(world, call, row, nullptr)}}});
  });
  return answer;
}

void refuse_busy(const World& world, const Row& row) {
  if (world.store.open_operations(row.name).empty()) return;
  throw world.contract.problem("app_busy", {{"name", last_segment(row.name)}});
}

/// The row as a change will leave it; refuses one that cannot be made.
Row changed(World& world, const Call& call, const Row& row, const Change& change) {
  check_values(world.contract, world.contract.kind(kKind), change.values);
  Row after = row;
  apply_update(world, after, change.values, change.cleared);
  after.shown["updater"] = call.caller.name;
  rules_of(kKind).check(world, after, &row, call);
  return after;
}

Job job_of_change(World& world, const Call& call, const Row& row, const Row& after,
                  const char* verb, const Change& change) {
  Job job{.verb = verb, .kind = kKind, .name = row.name, .cleared = change.cleared};
  job.values = {{"change", change.values},
                {"updater", after.shown.at("updater")},
                {"time", after.shown.at("update_time")}};
  if (change.values.contains("resources")) {
    job.values["attachments"] = attachments_of(world, call, after, &row);
  }
  return job;
}

/// The fields that the body has are replaced; lists as a whole.
ApiAnswer patch_app(World& world, const Call& call, const Row& row, const Json& body) {
  Change change{.values = decode_body(world.contract, world.contract.kind(kKind), body),
                .cleared = {}};
  const std::string name = text_at(change.values, "name");
  if (!name.empty() && name != last_segment(row.name)) {
    throw world.contract.problem("field_fixed", {{"path", "app.name"}});
  }
  change.values.erase("name");
  const Row after = changed(world, call, row, change);
  const Job job = job_of_change(world, call, row, after, "attach", change);
  refuse_busy(world, row);
  ApiAnswer answer{.body = to_text(after.shown)};
  world.store.transaction([&] { answer.awaited_operation = begin(world, job); });
  return answer;
}

Json shown_update(const World& world, const Row& row) {
  const auto update = row.hidden.find("update");
  if (update == row.hidden.end()) return {{"status", {{"state", "NOT_UPDATED"}}}};
  Json shown = update->at("fields");
  shown["status"] = {{"state", update->at("state")}};
  const auto operation = world.store.find_operation(text_at(*update, "operation"));
  const std::string message = operation ? text_at(operation->shown, "error.message") : "";
  if (!message.empty()) shown["status"]["message"] = message;
  return shown;
}

Json begin_update(World& world, const Call& call, Row row, const Json& body) {
  const Json* app = at_path(body, "app");
  const std::string mask = text_at(body, "update_mask");
  if (mask.empty()) throw world.contract.problem("mask_required");
  const KindContract& kind = world.contract.kind(kKind);
  const Json decoded =
      decode_body(world.contract, kind, app == nullptr ? Json(Json::object()) : *app);
  const Change change = masked_change(world.contract, kind, decoded, mask);
  const Row after = changed(world, call, row, change);
  const Job job = job_of_change(world, call, row, after, "update", change);
  refuse_busy(world, row);
  world.store.transaction([&] {
    row.hidden["update"] = {
        {"fields", change.values}, {"state", "IN_PROGRESS"}, {"operation", begin(world, job)}};
    world.store.put(row);
  });
  return shown_update(world, row);
}

Json turn_app(World& world, Row row, const Turn& turn) {
  if (text_at(row.shown, kState) == turn.after) return row.shown;
  refuse_busy(world, row);
  world.store.transaction([&] {
    set_path(row.shown, kState, turn.during);
    world.store.put(row);
    begin(world, {.verb = std::string(turn.verb), .kind = kKind, .name = row.name});
  });
  return row.shown;
}

/// States ending in -ING are on their way to another; the service deletes from the others only.
Json delete_app(World& world, Row row) {
  const std::string state = text_at(row.shown, kState);
  if (state.ends_with("ING")) {
    throw world.contract.problem("app_deleting",
                                 {{"name", last_segment(row.name)}, {"state", state}});
  }
  refuse_busy(world, row);
  world.store.transaction([&] {
    set_path(row.shown, kState, "DELETING");
    world.store.put(row);
    begin(world, {.verb = "delete", .kind = kKind, .name = row.name});
  });
  return row.shown;
}

ApiAnswer answer_action(World& world, const Call& call, const Row& row, const std::string& action,
                        const Json& body) {
  const std::string& method = call.request.method;
  if (action == "update" && method == "GET") return {.body = to_text(shown_update(world, row))};
  if (action == "update" && method == "POST") {
    return {.body = to_text(begin_update(world, call, row, body))};
  }
  const auto turn = std::find_if(kTurns.begin(), kTurns.end(),
                                 [&](const Turn& each) { return each.verb == action; });
  if (turn == kTurns.end() || method != "POST") throw world.contract.problem("method_unknown");
  return {.body = to_text(turn_app(world, row, *turn))};
}

ApiAnswer answer_collection(World& world, const Call& call, const Json& body) {
  if (call.request.method == "POST") return create_app(world, call, body);
  if (call.request.method != "GET") throw world.contract.problem("method_unknown");
  const Target target{.kind = &world.contract.kind(kKind), .parent = "", .name = ""};
  return {.body = list_resources(world, target, call)};
}

}  // namespace

ApiAnswer handle_apps(World& world, const Call& call, const std::string& path, const Json& body) {
  if (path.empty()) return answer_collection(world, call, body);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const Row row = require_visible(world, "apps/" + path.substr(0, slash), call.trace);
  require_permission(world, call, row.name);
  if (slash < path.size()) {
    return answer_action(world, call, row, path.substr(slash + 1), body);
  }
  const std::string& method = call.request.method;
  if (method == "GET") return {.body = to_text(row.shown)};
  if (method == "PATCH") return patch_app(world, call, row, body);
  if (method == "DELETE") return {.body = to_text(delete_app(world, row))};
  throw world.contract.problem("method_unknown");
}

}  // namespace emulator
