// Rules for branches that nobody declares one by one.
#pragma once

#include <optional>

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// A class, and a branch as it would be written of that class, which is declared for its sake: the
/// rules say then what is wrong with all of them.
struct WrittenClass {
  BranchClass branch_class = {};
  Entry branch = {};
};

/// Reads one class of the project at `project`. Nothing when a mistake leaves nothing to declare.
std::optional<WrittenClass> read_branch_class(const Entry& entry, const Address& project,
                                              const Declaring& declaring);

/// Moves the branches that stand for classes out of the declarations, once the rules have seen
/// them.
void take_classes_out(Manifest& manifest);

}  // namespace weir
