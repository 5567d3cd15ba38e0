// What a branch that is made brings along from the branch it comes from.
#pragma once

#include <optional>
#include <vector>

#include "planner/draft.h"

namespace weir {

/// Roles and databases that come with a new branch keep the ids that they have in its source.
void name_inherited(Draft& draft);

/// The changes that an inherited member still needs; nothing when its source has none like it.
std::optional<std::vector<FieldChange>> inherit(Draft& draft, const Wish& wish);

}  // namespace weir
