// The merged tree for people: what weir reads out of all files, and where each value comes from.
#pragma once

#include <string>

#include "core/diagnostic.h"
#include "manifest/manifest.h"

namespace weir {

/// YAML with the origin of each value behind it: "# weir.yaml:12:5, variable app_max_cu". Secrets
/// show as "(secret)".
std::string print_tree(const MergedTree& tree, const Sources& sources);

}  // namespace weir
