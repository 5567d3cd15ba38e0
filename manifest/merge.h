// Several trees become one, by the paths of their values.
#pragma once

#include <vector>

#include "core/diagnostic.h"
#include "manifest/node.h"

namespace weir {

/// Merges the trees of files: maps merge, and what two of them set is an error that names both
/// places. Only the header, `version` and `name`, may be repeated.
Node merge_files(std::vector<Node> files, const Sources& sources, Diagnostics& diagnostics);

/// Puts a patch over a tree: maps merge, everything else replaces, null removes.
void apply_patch(Node& base, Node patch, Diagnostics& diagnostics);

}  // namespace weir
