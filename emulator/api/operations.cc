#include "emulator/api/operations.h"

#include <cstdio>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/api/endpoint_state.h"
#include "emulator/api/resource_name.h"
#include "emulator/api/timekeeper.h"

namespace emulator {
namespace {

/// Of ended operations; nobody polls for one that is older.
constexpr std::int64_t kKeptOperations = 10'000;
constexpr const char* kTypePrefix = "type.googleapis.com/databricks.postgres.v1.";

Json empty_response() {
  return {{"@type", "type.googleapis.com/google.protobuf.Empty"}};
}

std::string type_name(const KindContract& kind) {
  // "BranchOperationMetadata" belongs to "Branch".
  const std::string& metadata = kind.operation_metadata;
  return metadata.substr(0, metadata.find("OperationMetadata"));
}

Json response_of(World& world, const Job& job) {
  const auto row = world.store.find(job.name);
  if (job.verb == "delete" || !row) return empty_response();
  if (world.contract.assumptions.is("operation_response_type", "absent")) return row->shown;
  Json response = {{"@type", kTypePrefix + type_name(world.contract.kind(job.kind))}};
  response.update(row->shown);
  return response;
}

Job job_of(const World& world, const OperationRow& operation) {
  try {
    return to_job(operation.job);
  } catch (const Json::exception& mistake) {
    throw std::runtime_error(fmt::format(
        "the control state {} has an operation {} that cannot be understood: {}; delete that row, "
        "or use another --data folder",
        world.store.file(), operation.name, mistake.what()));
  }
}

/// A create that fails leaves nothing; anything else stays as it was.
void undo(World& world, const Job& job) {
  rules_of(job.kind).undo(world, job);
  if (job.verb == "create") {
    return erase_resource(world, job.name);
  }
  auto row = world.store.find(job.name);
  if (!row) return;
  erase_path(row->shown, "status.pending_state");
  world.store.put(*row);
}

void write_end(World& world, const std::string& name, const Outcome& outcome) {
  world.store.transaction([&] {
    auto operation = world.store.find_operation(name);
    if (!operation || operation->is_done) return;
    const Job job = job_of(world, *operation);
    operation->is_done = true;
    operation->shown["done"] = true;
    if (outcome.error_code.empty()) {
      rules_of(job.kind).finish(world, job);
      operation->shown["response"] = response_of(world, job);
    } else {
      undo(world, job);
      operation->shown["error"] = {{"error_code", outcome.error_code},
                                   {"message", outcome.message},
                                   {"details", Json::array()}};
    }
    world.store.put_operation(*operation);
    world.store.forget_operations(kKeptOperations);
    wake_what_waited(world, job.name);
  });
  world.timers_changed();
}

void tell_who_waits(World& world, const std::string& name, const Outcome& outcome) {
  const auto waiting = world.awaited_operations.extract(name);
  if (!waiting.empty()) waiting.mapped()(outcome);
}

/// Whether a failed create may have left clusters behind.
bool leaves_clusters(const Job& job, const Outcome& outcome) {
  return rules_of(job.kind).has_clusters && job.verb == "create" && !outcome.error_code.empty();
}

/// Ends an operation; when that cannot be written, on a full disk say, tries again until it can.
void end(World& world, const std::string& name, const Outcome& outcome) {
  try {
    write_end(world, name, outcome);
    tell_who_waits(world, name, outcome);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cannot end {}: {}; trying again\n", name, error.what());
    world.loop.after(std::chrono::seconds(1),
                     [&world, name, outcome] { end(world, name, outcome); });
  }
}

void finish_work(World& world, const std::string& name, const Job& job, const Outcome& outcome) {
  const auto finish = [&world, name, outcome](const Outcome&) {
    --world.work_under_way;
    ++world.works_ended;
    end(world, name, outcome);
  };
  if (!leaves_clusters(job, outcome)) return finish(outcome);
  // The clusters go before the rows, which name them.
  const Job removal{.verb = "delete", .kind = job.kind, .name = job.name, .is_purge = true};
  guarded(finish,
          [&](const Computes::Done& done) { rules_of(job.kind).work(world, removal, done); });
}

}  // namespace

void refuse_conflict(World& world, const std::string& name) {
  const std::string project = project_of(name);
  const std::string branch = branch_of(name);
  const bool is_project_wide =
      branch.empty() || world.contract.assumptions.is("conflict_scope", "project");
  for (const OperationRow& operation : world.store.open_operations(project)) {
    if (is_background(text_at(operation.job, "verb"))) continue;
    const std::string other = branch_of(operation.resource);
    if (is_project_wide || other.empty() || other == branch) {
      throw world.contract.problem("conflict");
    }
  }
}

Json begin_operation(World& world, const Job& job) {
  const KindContract& kind = world.contract.kind(job.kind);
  OperationRow operation{.name = job.name + "/operations/" + world.ids.operation_id(),
                         .resource = job.name};
  operation.shown = {{"name", operation.name},
                     {"metadata", {{"@type", kTypePrefix + kind.operation_metadata}}}};
  operation.job = to_json(job);
  if (world.next_operation_fault) {
    const OperationFault& fault = *world.next_operation_fault;
    operation.job["fault"] = {
        {"fate", fault.fate}, {"error_code", fault.error_code}, {"message", fault.message}};
  }
  world.store.put_operation(operation);
  const bool is_awaited = rules_of(job.kind).is_awaited(job.verb);
  const Duration time = is_awaited ? Duration{} : world.latency.of(job.kind, job.verb);
  world.store.set_timer({operation.name, "finish", world.clock.now() + time});
  world.timers_changed();
  return operation.shown;
}

void carry_out(World& world, const std::string& name) {
  const auto operation = world.store.find_operation(name);
  if (!operation || operation->is_done) return;
  const std::string fate = text_at(operation->job, "fault.fate");
  if (fate == "hang") return;
  if (fate == "fail") {
    return end(world, name,
               {.error_code = text_at(operation->job, "fault.error_code"),
                .message = text_at(operation->job, "fault.message")});
  }
  const Job job = job_of(world, *operation);
  ++world.work_under_way;
  guarded([&world, name, job](const Outcome& outcome) { finish_work(world, name, job, outcome); },
          [&](const Computes::Done& done) { rules_of(job.kind).work(world, job, done); });
}

void release_hanging_operations(World& world) {
  for (OperationRow& operation : world.store.open_operations()) {
    if (text_at(operation.job, "fault.fate") != "hang") continue;
    operation.job.erase("fault");
    world.store.transaction([&] { world.store.put_operation(operation); });
    if (!world.store.find_timer(operation.name, "finish")) carry_out(world, operation.name);
  }
}

void resume_operations(World& world) {
  for (const OperationRow& operation : world.store.open_operations()) {
    if (world.store.find_timer(operation.name, "finish")) continue;
    carry_out(world, operation.name);
  }
}

}  // namespace emulator
