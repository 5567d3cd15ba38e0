#include "emulator/api/kinds.h"

#include <array>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/api/resource_name.h"

namespace emulator {

Json to_json(const Job& job) {
  return {{"verb", job.verb},
          {"kind", job.kind},
          {"name", job.name},
          {"values", job.values},
          {"cleared", job.cleared},
          {"purge", job.is_purge},
          {"reassign_to", job.reassign_to}};
}

Job to_job(const Json& document) {
  return {.verb = document.at("verb").get<std::string>(),
          .kind = document.at("kind").get<std::string>(),
          .name = document.at("name").get<std::string>(),
          .values = document.at("values"),
          .cleared = document.at("cleared").get<std::vector<std::string>>(),
          .is_purge = document.at("purge").get<bool>(),
          .reassign_to = document.at("reassign_to").get<std::string>()};
}

const KindRules& rules_of(std::string_view kind) {
  static const std::array all = {&kProjectRules,
                                 &kBranchRules,
                                 &kEndpointRules,
                                 &kRoleRules,
                                 &kDatabaseRules,
                                 &kCatalogRules,
                                 &kSyncedTableRules,
                                 &kDataApiRules,
                                 &kCdfConfigRules,
                                 &kInstanceRules,
                                 &kInstanceRoleRules,
                                 &kDatabaseCatalogRules,
                                 &kDatabaseTableRules,
                                 &kSyncedDatabaseTableRules,
                                 &kAppRules};
  for (const KindRules* rules : all) {
    if (rules->kind == kind) return *rules;
  }
  throw std::logic_error(fmt::format("no rules of kind {}", kind));
}

void undo_nothing(World& /*world*/, const Job& /*job*/) {}

bool is_never_awaited(std::string_view /*verb*/) {
  return false;
}

bool is_background(std::string_view verb) {
  return verb == "prepare" || verb == "sync";
}

bool is_always_awaited(std::string_view verb) {
  return !is_background(verb);
}

std::vector<Row> no_companions(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {
  return {};
}

namespace {

std::string new_uid(World& world, const std::string& kind) {
  if (kind == "project") return world.ids.project_uid();
  if (kind == "branch") return world.ids.branch_uid();
  if (kind == "endpoint") return world.ids.endpoint_uid();
  return world.ids.uuid();
}

}  // namespace

Row new_row(World& world, const std::string& kind, const std::string& parent, const std::string& id,
            Json input) {
  const KindContract& contract = world.contract.kind(kind);
  const std::string prefix = parent.empty() ? "" : parent + "/";
  const std::string collection = prefix + contract.collection;
  Row row{.name = contract.is_singleton ? collection : collection + "/" + id,
          .kind = kind,
          .parent = parent};
  row.shown["name"] = row.name;
  if (!contract.is_singleton) row.shown[contract.id_parameter] = id;
  if (contract.field("parent") != nullptr) row.shown["parent"] = parent;
  if (contract.field("uid") != nullptr) row.shown["uid"] = new_uid(world, kind);
  for (const char* time : {"create_time", "update_time"}) {
    if (contract.field(time) != nullptr) row.shown[time] = to_text(world.clock.now());
  }
  if (contract.field("status") != nullptr) row.shown["status"] = Json::object();
  const bool has_id_in_status = contract.field("status." + contract.id_parameter) != nullptr;
  if (has_id_in_status) {
    row.shown["status"][contract.id_parameter] = id;
  }
  if (!input.contains("spec")) input["spec"] = Json::object();
  row.hidden["input"] = std::move(input);
  return row;
}

void complete_by_contract(World& world, Row& row) {
  for (const Field& field : world.contract.kind(row.kind).fields) {
    if (field.is_input && !field.default_value.is_null()) {
      default_input(row, field.path, field.default_value);
    }
  }
}

Row made_by_service(World& world, Row row) {
  const KindRules& rules = rules_of(row.kind);
  rules.complete(world, row);
  rules.show(world, row);
  return row;
}

const Json* input_at(const Row& row, std::string_view path) {
  return at_path(row.hidden.at("input"), path);
}

std::string text_input(const Row& row, std::string_view path) {
  const Json* value = input_at(row, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

bool has_input(const Row& row, std::string_view path) {
  return input_at(row, path) != nullptr;
}

void default_input(Row& row, std::string_view path, const Json& value) {
  if (!has_input(row, path)) set_path(row.hidden["input"], path, value);
}

void guarded(const Computes::Done& done, const std::function<void(const Computes::Done&)>& step) {
  try {
    step(done);
  } catch (const std::exception& error) {
    done({.error_code = "INTERNAL_ERROR", .message = error.what()});
  }
}

void run_in_order(std::vector<Step> steps, Computes::Done done) {
  if (steps.empty()) return done({});
  Step first = std::move(steps.front());
  steps.erase(steps.begin());
  const Computes::Done next = [rest = std::move(steps),
                               done = std::move(done)](const Outcome& outcome) {
    if (!outcome.error_code.empty()) return done(outcome);
    run_in_order(rest, done);
  };
  guarded(next, first);
}

bool flag_parameter(const World& world, const Call& call, const std::string& name) {
  const auto found = call.request.query.find(name);
  if (found == call.request.query.end() || found->second.empty()) return false;
  if (found->second != "true" && found->second != "false") {
    throw world.contract.problem("parameter_malformed",
                                 {{"parameter", name}, {"value", found->second}});
  }
  return found->second == "true";
}

}  // namespace emulator
