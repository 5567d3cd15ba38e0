// The way back: a manifest for what exists, which plans to nothing.
#pragma once

#include <string>
#include <vector>

#include "core/kind.h"
#include "core/observations.h"

namespace weir {

struct Exported {
  std::string yaml;
  /// What no manifest of this version can say, each with the reason.
  std::vector<std::string> left_out;
};

/// Writes everything that is not deleted; what the service sets by itself stays unsaid where its
/// absence means the same.
Exported export_manifest(const Observations& observations, const Catalogue& catalogue,
                         const std::string& name);

}  // namespace weir
