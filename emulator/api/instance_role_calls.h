// Requests about the roles of a Provisioned instance. They are answered when PostgreSQL is done.
#pragma once

#include <string>

#include "emulator/api/instance_calls.h"
#include "emulator/problem.h"

namespace emulator {

/// `instance` is a row's name, `path` what follows it: "roles" or "roles/NAME".
ApiAnswer handle_instance_roles(World& world, const Call& call, const std::string& instance,
                                const std::string& path, const Json& body);

/// The refusal of what needs an instance that runs.
Problem instance_unavailable(const World& world, const Row& instance);

}  // namespace emulator
