// The last step from a tree to what is wanted: the insides of databases and branches.
#pragma once

#include <vector>

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir::inside {

/// The words for its inside that a declaration has, as they stand in the tree.
struct WrittenInside {
  Address address = {};
  std::vector<const Entry*> words = {};
};

/// Reads all that was written; `declarations` are those that names stand for.
std::vector<Inside> declare_insides(const std::vector<WrittenInside>& written,
                                    const std::vector<Declaration>& declarations,
                                    const Declaring& declaring);

}  // namespace weir::inside
