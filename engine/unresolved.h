// What earlier applies began and nobody can tell the end of yet.
#pragma once

#include <string>
#include <vector>

#include "core/address.h"
#include "planner/planner.h"

namespace weir {

struct Unresolved {
  Address address = {};
  std::string why = {};
};

/// The steps that must not begin before: about the same, about what contains it, and about what it
/// contains.
std::vector<Stale> find_kept_back(const Plan& plan, const std::vector<Unresolved>& unresolved);

}  // namespace weir
