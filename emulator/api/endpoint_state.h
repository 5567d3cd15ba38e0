// The life of a compute: created, awake, settling after a change, suspended.
#pragma once

#include <string>
#include <vector>

#include "emulator/api/kinds.h"
#include "emulator/api/world.h"

namespace emulator {

/// The computes behind an endpoint: its own and, for readable secondaries, a standby.
std::vector<ComputeDefinition> computes_of(World& world, const Row& endpoint);

/// Makes the computes of an endpoint as the row wants them, or checks that those that are there
/// can be so: bad settings end here, before anything stops.
void make_computes(World& world, const Row& endpoint, const Computes::Done& done);
/// Wakes the computes as the row wants them, unless it is disabled.
void start_computes(World& world, const Row& endpoint, Computes::Done done);
/// Makes the computes of `endpoint` and starts them unless the endpoint is disabled.
void start_endpoint(World& world, const std::string& endpoint, Computes::Done done);
/// Removes the computes of `endpoint` and closes their addresses. Touches nothing in the store: it
/// must succeed on a full disk too.
void remove_endpoint(World& world, const std::string& endpoint, Computes::Done done);
/// Stops the computes of `endpoint`; whoever is connected loses the connection.
void stop_endpoint(World& world, const std::string& endpoint, Computes::Done done);
/// What to do when the server of a compute has ended by itself: the next connection wakes it.
void compute_ended(World& world, const std::string& compute);
/// Stops or removes the computes of every endpoint of a branch.
void stop_branch(World& world, const std::string& branch, Computes::Done done);
void remove_branch(World& world, const std::string& branch, Computes::Done done);

/// Erases a resource with all below it, its timers and the addresses of its endpoints.
void erase_resource(World& world, const std::string& name);

/// The endpoint has reached `state`; it stays pending for the configured time first.
void settle_endpoint(World& world, const std::string& endpoint, const std::string& state);
/// The timer of `settle_endpoint`.
void endpoint_settled(World& world, const std::string& endpoint);
void mark_endpoint(World& world, const std::string& endpoint, const std::string& state);
/// Starts the countdown to suspension anew; none with `no_suspension`.
void arm_suspension(World& world, const Row& endpoint);

/// Refuses a change while an earlier one settles: 409 "reconciliation".
void refuse_reconciling(World& world, const Row& endpoint);

}  // namespace emulator
