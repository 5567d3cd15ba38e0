// What an app's resources bring about in Postgres: a role of its service principal, and privileges.
#pragma once

#include <string>
#include <vector>

#include "emulator/api/kinds.h"
#include "emulator/api/world.h"

namespace emulator {

/// Refuses names that are there twice, and entries without one kind or with several.
void check_resources(const World& world, const Json& resources);

/// What `resources` ask of Postgres for `role` that `before` did not, as a list of JSON objects.
/// Refuses what is not there or cannot be attached now.
Json attachments_of(World& world, const Call& call, const std::string& role, const Json& resources,
                    const Json& before);
/// The work of attaching. Safe to call again after a crash.
std::vector<Step> attaching_steps(World& world, const std::string& role, const Json& attachments);
/// Writes the rows of the roles that the work has made.
void put_roles(World& world, const std::string& role, const Json& attachments);

/// The instance that a request attaches a database of, as a row's name: SQL may have made it.
std::string instance_to_attach(const Request& request);

}  // namespace emulator
