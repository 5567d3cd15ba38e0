// /api/2.0/permissions/: who may use and manage a project or an instance.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// Answers a permissions request; `path` is what follows "/api/2.0/permissions/".
Json handle_permissions(World& world, const Call& call, const std::string& path, const Json& body);

/// Refuses a caller whose permission on the project or instance of `name` (which its row may name
/// as its `hidden.guard`) does not suffice, when
/// the assumptions say that permissions are checked: CAN_USE to read and connect, CAN_MANAGE to
/// change.
void require_permission(const World& world, const Call& call, const std::string& name);
/// The same for what CAN_USE suffices for, although it makes something.
void require_use(const World& world, const Call& call, const std::string& name);

}  // namespace emulator
