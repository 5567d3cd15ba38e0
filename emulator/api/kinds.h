// What is special about each kind of resource. Everything that they share is in lifecycle.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

/// What an operation does once its time has come. Kept as JSON, so it survives a crash.
struct Job {
  std::string verb;  ///< "create", "update", "delete", "undelete"; a kind may have others
  std::string kind;
  std::string name;
  Json values = Json::object();           ///< of an update: the new input
  std::vector<std::string> cleared = {};  ///< of an update: input to forget
  bool is_purge = false;
  std::string reassign_to = {};  ///< of a role's delete: a role inside Postgres
};

Json to_json(const Job& job);
Job to_job(const Json& document);

void undo_nothing(World& world, const Job& job);
/// For kinds whose requests begin operations, and for those that hide them from clients.
bool is_never_awaited(std::string_view verb);
bool is_always_awaited(std::string_view verb);
/// What goes on by itself behind a resource: it excludes nothing, and nobody waits for it.
bool is_background(std::string_view verb);

/// The hooks of a kind; a plain table, so that the lifecycle has no `if` by kind.
/// A row's wanted values stand in `hidden.input`, in the shape of a request body.
struct KindRules {
  std::string_view kind;
  /// Fills in the defaults that the service chooses.
  void (*complete)(World& world, Row& row);
  /// Refuses what the contract's table cannot say. `before` is null on a create.
  void (*check)(World& world, const Row& row, const Row* before, const Call& call);
  /// Writes the status that follows from `hidden`.
  void (*show)(World& world, Row& row);
  void (*check_delete)(World& world, const Row& row, const Call& call);
  /// The rows that come into being with a new one.
  std::vector<Row> (*companions)(World& world, const Row& row, const Call& call);
  /// The part that PostgreSQL does.
  void (*work)(World& world, const Job& job, Computes::Done done);
  /// The part that is left for the store when PostgreSQL is done; runs in a transaction.
  void (*finish)(World& world, const Job& job);
  /// Takes back what it has shown of a change that failed; runs in a transaction.
  void (*undo)(World& world, const Job& job) = &undo_nothing;
  bool has_clusters = false;  ///< a failed create may have left some behind
  /// Whether requests are answered when the work of a verb is done, as long as it takes.
  bool (*is_awaited)(std::string_view verb) = &is_never_awaited;
};

extern const KindRules kProjectRules;
extern const KindRules kBranchRules;
extern const KindRules kEndpointRules;
extern const KindRules kRoleRules;
extern const KindRules kDatabaseRules;
extern const KindRules kCatalogRules;
extern const KindRules kSyncedTableRules;
extern const KindRules kDataApiRules;
extern const KindRules kCdfConfigRules;
extern const KindRules kInstanceRules;
extern const KindRules kInstanceRoleRules;
extern const KindRules kDatabaseCatalogRules;
extern const KindRules kDatabaseTableRules;
extern const KindRules kSyncedDatabaseTableRules;
extern const KindRules kAppRules;

const KindRules& rules_of(std::string_view kind);

/// For kinds that come alone.
std::vector<Row> no_companions(World& world, const Row& row, const Call& call);

/// A new row with its names and times, and `input` as its wanted values; no id for a singleton.
Row new_row(World& world, const std::string& kind, const std::string& parent, const std::string& id,
            Json input);
/// Fills in the defaults that the contract gives.
void complete_by_contract(World& world, Row& row);
/// Completes and shows a row that the service makes by itself.
Row made_by_service(World& world, Row row);

/// The wanted value at a path such as "spec.ttl", or null.
const Json* input_at(const Row& row, std::string_view path);
/// The wanted text there, or "".
std::string text_input(const Row& row, std::string_view path);
bool has_input(const Row& row, std::string_view path);
/// Sets a wanted value unless there is one.
void default_input(Row& row, std::string_view path, const Json& value);

/// Whether a role's name belongs to the service or to PostgreSQL itself.
bool is_reserved_role(const std::string& name);

/// How long ago by the machine's clock began what a retention covers now.
std::chrono::seconds machine_time_of(const World& world, Duration retention);
/// Drops the archived past of a project's branches that its retention does not cover.
void keep_history(World& world, const Row& project);

/// Runs `step`; what it throws becomes the outcome that `done` gets.
void guarded(const Computes::Done& done, const std::function<void(const Computes::Done&)>& step);

/// Runs steps one after another until one fails.
using Step = std::function<void(Computes::Done)>;
void run_in_order(std::vector<Step> steps, Computes::Done done);

}  // namespace emulator
