// What all kinds of resources share: create, get, list, update, delete and undelete.
#pragma once

#include <string>

#include "emulator/api/resource_name.h"
#include "emulator/api/world.h"

namespace emulator {

struct Job;

/// The row of a resource that clients may see: it and all above it exist and are not deleted.
/// Throws the service's 404, naming the first that is missing.
Row require_visible(World& world, const std::string& name, const std::string& trace);
bool is_visible(World& world, const std::string& name);

/// Refuses an id of another form than the kind's.
void check_id(const World& world, const KindContract& kind, const std::string& id);

Json create_resource(World& world, const Target& target, const Call& call, const Json& body);
std::string get_resource(World& world, const Target& target, const Call& call);
/// The page as JSON text: its documents are never parsed.
std::string list_resources(World& world, const Target& target, const Call& call);
Json update_resource(World& world, const Target& target, const Call& call, const Json& body);
Json delete_resource(World& world, const Target& target, const Call& call);
Json undelete_resource(World& world, const Target& target, const Call& call);

/// Writes the wanted values of an update into a row and shows their effect.
void apply_update(World& world, Row& row, const Json& values,
                  const std::vector<std::string>& cleared);

/// Writes the update of `job` to the store, unless its resource is gone.
void store_update(World& world, const Job& job);

/// Marks a project or branch as softly deleted, from now on until the window ends.
void soften(World& world, Row& row);
/// Gives back a softly deleted project or branch.
void restore(World& world, Row& row);

}  // namespace emulator
