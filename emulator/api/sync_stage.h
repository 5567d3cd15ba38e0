// The life of a synced table, of either generation of the API: it is made, its pipeline is made,
// it is filled, it follows its source. Its row says in `hidden.sync` how far it has come.
#pragma once

#include <string>

#include "emulator/api/kinds.h"
#include "emulator/api/world.h"

namespace emulator {

/// Where the rows of a synced table go.
struct SyncPlace {
  std::string cluster;  ///< uid of the branch or instance
  std::string database;
};

/// Writes down, once, where a new synced table belongs and what pipeline fills it.
void plan_sync(World& world, Row& row, const std::string& full_name, const SyncPlace& place);
/// Shows a new synced table in Unity Catalog.
void show_table_in_unity(World& world, const Row& row);

/// SYNCED_TABLE_…, by how far it has come and by its policy.
std::string detailed_state(const World& world, const Row& row);
/// The state of its Unity Catalog entry.
std::string unity_state(const Row& row);
/// Whether it is being filled now; `is_first` whether that is its first time.
bool is_syncing(const Row& row);
bool is_first_sync(const Row& row);

/// The hooks of its kinds. Its first operation makes room in PostgreSQL, "prepare" makes the
/// pipeline, "sync" brings the rows; the later two begin by themselves.
void sync_work(World& world, const Job& job, Computes::Done done);
void sync_finish(World& world, const Job& job);
void sync_undo(World& world, const Job& job);

/// Brings the rows of the source again; false while it is not at rest.
bool begin_sync(World& world, const std::string& full_name);
/// Lets the synced tables that follow a source without pause do so.
void follow_source(World& world, const std::string& source);

}  // namespace emulator
