// The life of a Provisioned instance: its computes, its states, and the instances made from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/api/kinds.h"
#include "emulator/api/world.h"

namespace emulator {

/// "shop" → "instances/shop", the name of its row.
std::string instance_row_name(const std::string& instance);
/// The instance of that name; nothing for the name of something else, such as "shop/roles/jane".
std::optional<Row> find_instance(const World& world, const std::string& instance);
bool is_stopped(const Row& instance);

/// The primary and, with readable secondaries, the standby that answers reads.
std::vector<ComputeDefinition> computes_of_instance(const Row& instance);
/// Makes PostgreSQL run as the row wants it. Safe to call again after a crash.
void fit_computes(World& world, const Row& instance, const Computes::Done& done);
/// Starts the primary anew; whoever is connected loses the connection.
void restart_computes(World& world, const Row& instance, const Computes::Done& done);
/// Removes the computes, their addresses and the cluster. Touches nothing in the store.
void remove_instance(World& world, const Row& instance, const Computes::Done& done);

/// Shows the state that follows from what is wanted, once nothing is under way.
void settle_instance(World& world, Row& instance);
/// Remembers whether the primary's server runs; it is not shown, as the next login wakes it.
void mark_instance(World& world, Row instance, bool is_awake);
/// After a start no server runs; `compute` has ended by itself when it is named.
void mark_instances_asleep(World& world, const std::string& compute = "");

/// The instances that were made from this one at a point in time.
std::vector<Row> children_of_instance(World& world, const Row& instance);
/// The instance with all that descend from it, parents first.
std::vector<Row> with_descendants(World& world, const Row& instance);
/// Writes into the parent, if it is there, which instances were made from it.
void show_children(World& world, const std::string& parent);

/// Drops what lies beyond the retention window of an instance.
void keep_instance_history(World& world, const Row& instance);

}  // namespace emulator
