// From a tree with "${…}" and for_each to one without.
#pragma once

#include "core/diagnostic.h"
#include "manifest/interpolate.h"
#include "manifest/node.h"

namespace weir {

/// What for_each and variables may make of a tree.
struct ExpansionLimits {
  std::size_t copies = 10'000;               ///< that for_each makes
  std::size_t nodes = 100'000;               ///< values in them, and in those of variables
  std::size_t bytes = std::size_t{8} << 20;  ///< of their keys and texts
};

/// Replaces every "${…}" in keys and values, and every member with for_each by its copies. Paths to
/// resources stay open where they are; they carry the scope's origin for them. False when that
/// took more than is allowed: the tree is unfinished then, and good for nothing.
[[nodiscard]] bool expand(Node& root, const Scope& scope, const ExpansionLimits& limits,
                          Diagnostics& diagnostics);

/// The declaration that a path of keys lies in, "projects/shop/branches/dev"; `is_map` says of each
/// key whether a map is behind it, which tells a collection's member from a value.
struct PathStep {
  std::string_view key;
  bool is_map = false;
};
std::string declaration_at(const std::vector<PathStep>& path);

}  // namespace weir
