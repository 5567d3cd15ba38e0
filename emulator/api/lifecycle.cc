#include "emulator/api/lifecycle.h"

#include <algorithm>

#include "emulator/api/endpoint_state.h"
#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/operations.h"
#include "emulator/api/paging.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

Problem not_found(const World& world, const KindContract& kind, const std::string& name,
                  const std::string& trace) {
  std::string words = kind.kind;
  std::replace(words.begin(), words.end(), '_', ' ');
  return world.contract.problem(kind.not_found_error,
                                {{"kind", words}, {"name", last_segment(name)}, {"trace", trace}});
}

bool is_shown_though_deleted(const World& world) {
  return world.contract.assumptions.is("get_deleted", "shown");
}

/// The id of a new resource: as the client says, or invented where the contract allows that.
std::string id_for_create(World& world, const KindContract& kind, const Call& call,
                          const Json& body) {
  if (kind.is_singleton) return "";
  const auto found = call.request.query.find(kind.id_parameter);
  std::string id = found == call.request.query.end() ? "" : found->second;
  const bool is_generated =
      kind.is_id_generated ||
      (kind.kind == "database" && world.contract.assumptions.is("database_id_absent", "generated"));
  if (id.empty() && is_generated) return kind.kind + "-" + world.ids.short_hex();
  if (id.empty() && !kind.id_from.empty()) {
    id = text_at(body, kind.id_from);
    const std::string path = kind.kind + "." + kind.id_from;
    if (id.empty()) throw world.contract.problem("field_required", {{"path", path}});
  }
  if (id.empty()) throw world.contract.problem("id_required", {{"parameter", kind.id_parameter}});
  check_id(world, kind, id);
  return id;
}

/// Copies the members of each oneof that `values` sets over those that the row has.
void put_input(const KindContract& kind, Row& row, const Json& values,
               const std::vector<std::string>& cleared) {
  Json& input = row.hidden["input"];
  for (const std::string& path : cleared) erase_path(input, path);
  for (const Field& field : kind.fields) {
    const bool is_leaf =
        field.is_input && field.type != "object" && field.path.find("[]") == std::string::npos;
    if (!is_leaf || at_path(values, field.path) == nullptr) continue;
    if (!field.oneof.empty()) {
      for (const Field* member : kind.members(field.oneof)) erase_path(input, member->path);
    }
  }
  for (const Field& field : kind.fields) {
    const Json* value = field.is_input ? at_path(values, field.path) : nullptr;
    if (value == nullptr || field.path.find("[]") != std::string::npos) continue;
    if (field.type != "object") {
      set_path(input, field.path, *value);
    } else if (at_path(input, field.path) == nullptr) {
      set_path(input, field.path, Json::object());
    }
  }
}

/// Takes fixed fields out of `values`; one with another value than before is refused with `error`.
void refuse_immutable_changes(const World& world, const KindContract& kind, const Row& row,
                              Json& values, const char* error) {
  for (const Field& field : kind.fields) {
    const Json* value = field.is_immutable ? at_path(values, field.path) : nullptr;
    if (value == nullptr) continue;
    const Json* current = at_path(row.shown, field.shown_as);
    const bool is_same =
        current == nullptr || *current == *value || !field.path.starts_with("spec.");
    if (!is_same && world.contract.assumptions.is("immutable_change", "refused")) {
      throw world.contract.problem(error, {{"path", field.path}});
    }
    erase_path(values, field.path);
  }
}

/// Runs every check of a changed row on a copy, so that nothing is written for a refused change.
Json begin_update(World& world, const KindContract& kind, const Row& row, const Call& call,
                  Change change) {
  Row changed = row;
  put_input(kind, changed, change.values, change.cleared);
  const KindRules& rules = rules_of(kind.kind);
  rules.complete(world, changed);
  check_rules(world.contract, kind, changed.hidden["input"], Occasion::kUpdate);
  rules.check(world, changed, &row, call);
  refuse_conflict(world, row.name);
  Json operation;
  world.store.transaction([&] {
    operation = begin_operation(world, {.verb = "update",
                                        .kind = kind.kind,
                                        .name = row.name,
                                        .values = std::move(change.values),
                                        .cleared = std::move(change.cleared)});
  });
  return operation;
}

/// What `replace_existing` forgets: everything that the body leaves out, as far as assumed.
std::vector<std::string> forgotten_by_replacing(const World& world, const KindContract& kind,
                                                const Json& decoded) {
  std::vector<std::string> cleared;
  const bool is_reset = world.contract.assumptions.is("replace_absent_fields", "reset");
  for (const Field& field : kind.fields) {
    // The service's text says it of a role's memberships in so many words.
    const bool is_forgotten = is_reset || kind.kind == "role";
    if (is_forgotten && field.is_input && !field.mask.empty() && field.type != "object" &&
        field.path.find("[]") == std::string::npos && at_path(decoded, field.path) == nullptr) {
      cleared.push_back(field.path);
    }
  }
  return cleared;
}

Json replace_resource(World& world, const KindContract& kind, const Row& row, const Call& call,
                      const Json& decoded) {
  check_required(world.contract, kind, decoded);
  check_values(world.contract, kind, decoded);
  Change change{.values = decoded, .cleared = forgotten_by_replacing(world, kind, decoded)};
  refuse_immutable_changes(world, kind, row, change.values, "field_fixed");
  return begin_update(world, kind, row, call, std::move(change));
}

void refuse_existing(World& world, const KindContract& kind, const Row& existing) {
  if (existing.is_deleted) {
    if (world.contract.assumptions.is("deleted_id", "free")) return;
    throw world.contract.problem("deleted_exists", {{"name", existing.name}, {"kind", kind.kind}});
  }
  throw world.contract.problem(kind.kind + "_exists");
}

}  // namespace

void check_id(const World& world, const KindContract& kind, const std::string& id) {
  if (std::regex_match(id, kind.id_pattern)) return;
  throw world.contract.problem(
      kind.id_error,
      {{"parameter", kind.id_parameter}, {"pattern", kind.id_pattern_text}, {"value", id}});
}

bool is_visible(World& world, const std::string& name) {
  for (std::string at = name; !at.empty(); at = parent_of(at)) {
    const auto row = world.store.find(at);
    if (!row || row->is_deleted) return false;
  }
  return true;
}

Row require_visible(World& world, const std::string& name, const std::string& trace) {
  const std::string above = parent_of(name);
  if (!above.empty()) require_visible(world, above, trace);
  auto row = world.store.find(name);
  if (!row || row->is_deleted) {
    const auto target = parse_target(world.contract, name);
    if (target) throw not_found(world, *target->kind, name, trace);
    throw world.contract.problem("not_found", {{"kind", "resource"}, {"trace", trace}});
  }
  return *std::move(row);
}

Json create_resource(World& world, const Target& target, const Call& call, const Json& body) {
  const KindContract& kind = *target.kind;
  if (!target.parent.empty()) require_visible(world, target.parent, call.trace);
  const std::string id = id_for_create(world, kind, call, body);
  const std::string prefix = target.parent.empty() ? "" : target.parent + "/";
  const auto existing =
      world.store.find(kind.is_singleton ? target.name : prefix + kind.collection + "/" + id);
  const Json decoded = decode_body(world.contract, kind, body);
  if (kind.kind != "project" && flag_parameter(world, call, "replace_existing") && existing &&
      !existing->is_deleted) {
    return replace_resource(world, kind, *existing, call, decoded);
  }
  // A body such as {"project": {...}} is a common mistake that the service answers like this.
  const bool is_wrapped = body.contains(kind.kind);
  if (decoded.empty() && (is_wrapped || kind.method("create")->needs_body)) {
    throw world.contract.problem("field_required", {{"path", kind.kind}});
  }
  check_required(world.contract, kind, decoded);
  check_values(world.contract, kind, decoded);
  if (existing) refuse_existing(world, kind, *existing);
  check_rules(world.contract, kind, decoded, Occasion::kCreate);

  const KindRules& rules = rules_of(kind.kind);
  Json operation;
  world.store.transaction([&] {
    Row row = new_row(world, kind.kind, target.parent, id, decoded);
    row.hidden["creator"] = call.caller.name;
    row.hidden["creator_kind"] = call.caller.kind;
    rules.complete(world, row);
    check_rules(world.contract, kind, row.hidden["input"], Occasion::kUpdate);
    rules.check(world, row, nullptr, call);
    refuse_conflict(world, row.name);
    rules.show(world, row);
    if (existing) erase_resource(world, row.name);
    world.store.put(row);
    for (const Row& companion : rules.companions(world, row, call)) world.store.put(companion);
    operation = begin_operation(world, {.verb = "create", .kind = kind.kind, .name = row.name});
  });
  return operation;
}

std::string get_resource(World& world, const Target& target, const Call& call) {
  const auto row = world.store.find(target.name);
  if (row && row->is_deleted && is_shown_though_deleted(world) &&
      (target.parent.empty() || is_visible(world, target.parent))) {
    return to_text(row->shown);
  }
  return to_text(require_visible(world, target.name, call.trace).shown);
}

std::string list_resources(World& world, const Target& target, const Call& call) {
  const KindContract& kind = *target.kind;
  if (!target.parent.empty()) require_visible(world, target.parent, call.trace);
  const Method& method = *kind.method("list");
  const bool knows_deleted =
      std::find(method.query.begin(), method.query.end(), "show_deleted") != method.query.end();
  return list_page(
      world, call,
      {.kind = kind.kind,
       .parent = target.parent,
       .prefix = (target.parent.empty() ? "" : target.parent + "/") + kind.collection + "/",
       .plural = method.plural,
       .maximum_size = method.maximum_page_size.value_or(kLargestPage),
       .with_deleted = knows_deleted && flag_parameter(world, call, "show_deleted")});
}

Json update_resource(World& world, const Target& target, const Call& call, const Json& body) {
  const Row row = require_visible(world, target.name, call.trace);
  const Json decoded = decode_body(world.contract, *target.kind, body);
  const auto mask = call.request.query.find("update_mask");
  Change change = masked_change(world.contract, *target.kind, decoded,
                                mask == call.request.query.end() ? "" : mask->second);
  check_values(world.contract, *target.kind, change.values);
  // The service's recorded answer to a mask over a role's fixed fields, here for every kind.
  refuse_immutable_changes(world, *target.kind, row, change.values, "mask_unknown");
  return begin_update(world, *target.kind, row, call, std::move(change));
}

Json delete_resource(World& world, const Target& target, const Call& call) {
  const KindContract& kind = *target.kind;
  const bool is_purge = flag_parameter(world, call, "purge");
  auto row = world.store.find(target.name);
  // A second delete with purge takes away what an earlier one has only marked.
  const bool is_purge_of_deleted = is_purge && row && row->is_deleted;
  if (!is_purge_of_deleted) {
    row = require_visible(world, target.name, call.trace);
    rules_of(kind.kind).check_delete(world, *row, call);
  } else {
    if (!target.parent.empty()) require_visible(world, target.parent, call.trace);
    refuse_children(world, *row);
  }
  Job job{.verb = "delete", .kind = kind.kind, .name = row->name, .is_purge = is_purge};
  if (kind.kind == "cdf_config") job.is_purge = flag_parameter(world, call, "force");
  const auto reassign = call.request.query.find("reassign_owned_to");
  if (kind.kind == "role" && reassign != call.request.query.end() && !reassign->second.empty()) {
    const Row heir = require_visible(world, reassign->second, call.trace);
    job.reassign_to = text_at(heir.shown, "status.postgres_role");
  }
  refuse_conflict(world, row->name);
  Json operation;
  world.store.transaction([&] {
    if (kind.kind == "branch") set_path(row->shown, "status.pending_state", "DELETED");
    world.store.put(*row);
    operation = begin_operation(world, job);
  });
  return operation;
}

Json undelete_resource(World& world, const Target& target, const Call& call) {
  if (!target.parent.empty()) require_visible(world, target.parent, call.trace);
  const auto row = world.store.find(target.name);
  if (!row) throw not_found(world, *target.kind, target.name, call.trace);
  if (!row->is_deleted) throw world.contract.problem("not_deleted", {{"name", row->name}});
  rules_of(row->kind).check(world, *row, nullptr, call);
  refuse_conflict(world, row->name);
  Json operation;
  world.store.transaction([&] {
    operation = begin_operation(world, {.verb = "undelete", .kind = row->kind, .name = row->name});
  });
  return operation;
}

void apply_update(World& world, Row& row, const Json& values,
                  const std::vector<std::string>& cleared) {
  put_input(world.contract.kind(row.kind), row, values, cleared);
  const KindRules& rules = rules_of(row.kind);
  rules.complete(world, row);
  rules.show(world, row);
  if (row.shown.contains("update_time")) row.shown["update_time"] = to_text(world.clock.now());
}

void store_update(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  apply_update(world, *row, job.values, job.cleared);
  world.store.put(*row);
}

void soften(World& world, Row& row) {
  const Instant now = world.clock.now();
  const Instant purge = now + world.contract.assumptions.duration("soft_delete_window");
  const std::string place = row.kind == "branch" ? "status." : "";
  set_path(row.shown, place + "delete_time", to_text(now));
  set_path(row.shown, place + "purge_time", to_text(purge));
  if (row.kind == "branch") {
    set_path(row.shown, "status.current_state", "DELETED");
    set_path(row.shown, "status.state_change_time", to_text(now));
    erase_path(row.shown, "status.pending_state");
  }
  row.is_deleted = true;
  world.store.put(row);
  world.store.set_timer({row.name, "purge", purge});
}

void restore(World& world, Row& row) {
  const std::string place = row.kind == "branch" ? "status." : "";
  erase_path(row.shown, place + "delete_time");
  erase_path(row.shown, place + "purge_time");
  if (row.kind == "branch") {
    set_path(row.shown, "status.current_state", "READY");
    set_path(row.shown, "status.state_change_time", to_text(world.clock.now()));
  }
  row.is_deleted = false;
  world.store.put(row);
  world.store.clear_timer(row.name, "purge");
}

}  // namespace emulator
