// Checks that projects, for defaults, and endpoints have in common.
#pragma once

#include <optional>

#include "manifest/rules/rule.h"

namespace weir::rules {

/// The fields that hold the two ends of a range.
struct CapacityFields {
  const char* minimum;
  const char* maximum;
};

/// The limits that hold the two ends of what is allowed.
struct Bounds {
  std::string_view minimum;
  std::string_view maximum;
};

/// The value of a capacity; nothing when the manifest does not have it.
std::optional<double> capacity_of(const Declaration& declaration, std::string_view field);
/// "cu 4" or "max_cu 4": as the manifest has it.
std::string shown_capacity(const Declaration& declaration, const std::string& field);

void check_least_capacity(const Declaration&, const CapacityFields&, const Scene&, Findings&);
void check_order_of_capacities(const Declaration&, const CapacityFields&, Findings&);
void check_spread(const Declaration&, const CapacityFields&, const Scene&, Findings&);
void check_greatest_capacity(const Declaration&, const CapacityFields&, const Scene&, Findings&);
/// Checks that a duration, unless it is "never", lies between two limits.
void check_bounds(const Declaration&, const std::string& field, const Scene&, const Bounds&,
                  Findings&);

}  // namespace weir::rules
