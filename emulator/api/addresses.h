// The loopback addresses that lead to endpoints and instances.
#pragma once

#include <string>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

/// The fact that says what is behind an address.
std::string address_fact(const std::string& address);
/// The addresses that a row holds.
std::vector<std::string> addresses_of(const Row& row);
/// A host that nobody has: an address where PostgreSQL runs, and a name with `label` that resolves
/// nowhere where it does not.
std::string next_host(World& world, const Row& row, const std::string& label);

}  // namespace emulator
