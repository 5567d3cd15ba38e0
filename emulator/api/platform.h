// What clients ask of the platform besides Lakebase: discovery, OAuth and who they are.
#pragma once

#include <optional>
#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// Answers the calls that need no token; nothing when `request` is not one of them.
std::optional<Response> handle_public(World& world, const Request& request);

/// GET /api/2.0/preview/scim/v2/Me.
Json current_user(const Identity& caller);

/// The id of the one workspace that an emulator is.
std::string workspace_id();

}  // namespace emulator
