// Apps: their service principals, resources and states. Nothing runs.
#include "emulator/api/app_resources.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kState = "compute_status.state";

void check(World& world, const Row& row, const Row* /*before*/, const Call& /*call*/) {
  if (const Json* resources = input_at(row, "resources")) check_resources(world, *resources);
}

void show(World& world, Row& row) {
  for (const char* field : {"description", "resources"}) {
    if (!has_input(row, field)) row.shown.erase(field);
  }
  show_values(world.contract.kind("app"), row.hidden["input"], row.shown);
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

/// The requests that change at once what the app is.
bool is_awaited(std::string_view verb) {
  return verb == "create" || verb == "attach";
}

std::string role_of(const Row& app) {
  return text_at(app.shown, "service_principal_client_id");
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  const bool attaches = job.values.contains("attachments");
  if (!row || !attaches) return done({});
  run_in_order(attaching_steps(world, role_of(*row), job.values.at("attachments")),
               std::move(done));
}

/// What a change wanted holds from now on.
void put_change(World& world, const Job& job, Row& row) {
  apply_update(world, row, job.values.at("change"), job.cleared);
  row.shown["updater"] = job.values.at("updater");
  // The reply has said when.
  if (job.verb == "attach") row.shown["update_time"] = job.values.at("time");
  if (job.verb == "update") row.hidden["update"]["state"] = "SUCCEEDED";
}

void finish(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "delete") return erase_resource(world, job.name);
  if (job.verb == "start") set_path(row->shown, kState, "ACTIVE");
  if (job.verb == "stop") set_path(row->shown, kState, "STOPPED");
  if (job.verb == "attach" || job.verb == "update") put_change(world, job, *row);
  world.store.put(*row);
  if (job.values.contains("attachments")) {
    put_roles(world, role_of(*row), job.values.at("attachments"));
  }
  const bool starts = job.verb == "create" && text_at(row->shown, kState) == "STARTING";
  if (starts) begin_operation(world, {.verb = "start", .kind = "app", .name = job.name});
}

/// A failed start, stop or deletion leaves an app that can be started, stopped or deleted again.
void undo(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row) return;
  if (job.verb == "update") {
    row->hidden["update"]["state"] = "FAILED";
  } else if (job.verb != "attach") {
    set_path(row->shown, kState, "ERROR");
  }
  world.store.put(*row);
}

}  // namespace

const KindRules kAppRules = {.kind = "app",
                             .complete = &complete_by_contract,
                             .check = &check,
                             .show = &show,
                             .check_delete = &check_delete,
                             .companions = &no_companions,
                             .work = &work,
                             .finish = &finish,
                             .undo = &undo,
                             .is_awaited = &is_awaited};

}  // namespace emulator
