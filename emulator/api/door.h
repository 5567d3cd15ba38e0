// What a login needs to know of what is behind an address.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/api/world.h"

namespace emulator {

struct Door {
  std::string name;             ///< of the endpoint or instance
  std::string uid;              ///< tokens are bound to it
  std::string home;             ///< what the roles that may log in belong to
  std::string why_closed = {};  ///< for the client; empty while the door is open
  bool has_native_login = false;
  bool is_awake = false;
  std::vector<ComputeDefinition> computes;  ///< to be woken; the last one serves the address
};

/// The door at `address`, unless nothing that clients may see is there.
std::optional<Door> door_at(World& world, const std::string& address);
/// Remembers that the compute behind the door runs and that somebody came or went.
void mark_used(World& world, const std::string& name);

/// How a role may prove who it is.
struct LoginRole {
  std::string name;
  bool takes_tokens = false;
  bool takes_passwords = false;
  bool is_group = false;  ///< its members log in with their own tokens
};
std::optional<LoginRole> find_login_role(World& world, const Door& door, const std::string& name);

}  // namespace emulator
