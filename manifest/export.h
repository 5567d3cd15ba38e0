// The way back: a manifest for what exists, which plans to nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/databases.h"
#include "core/kind.h"
#include "core/observations.h"
#include "sql/catalogue.h"

namespace weir {

struct Exported {
  std::string yaml;
  /// What no manifest of this version can say, each with the reason.
  std::vector<std::string> left_out;
};

/// What databases hold that somebody looked into; of others only what the service shows is written.
using SeenInside = std::map<DatabasePlace, sql::Catalogue>;

/// Writes everything that is not deleted; what the service sets by itself stays unsaid where its
/// absence means the same.
Exported export_manifest(const Observations& observations, const Catalogue& catalogue,
                         const std::string& name, const SeenInside& inside = {});

}  // namespace weir
