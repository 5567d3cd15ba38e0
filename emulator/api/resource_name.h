// Reads paths such as "projects/shop/branches/dev" against the collections of the contract.
#pragma once

#include <optional>
#include <string>

#include "emulator/contract.h"

namespace emulator {

/// What a path below /api/2.0/postgres/ names.
struct Target {
  const KindContract* kind = nullptr;
  std::string parent;  ///< "" for projects
  std::string name;    ///< empty when the path names the collection
  bool is_undelete = false;
};

/// Nothing when the path has no such shape.
std::optional<Target> parse_target(const Contract& contract, const std::string& path);

/// "projects/a/branches/b/roles/c" → "projects/a/branches/b"; "" for a project.
std::string parent_of(const std::string& name);
std::string last_segment(const std::string& name);
/// The project or branch that a name lies in, itself included; "" where there is none.
std::string project_of(const std::string& name);
std::string branch_of(const std::string& name);

}  // namespace emulator
