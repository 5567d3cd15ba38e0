// What a branch that is made brings along from the branch it comes from.
#pragma once

#include <optional>
#include <vector>

#include "planner/draft.h"

namespace weir {

/// Roles and databases that come with a new branch keep the ids that they have in its source. The
/// fates of branches must be decided.
void name_inherited(Draft& draft);

/// What a member that comes along still needs; nothing when none comes along for certain, as the
/// past of a branch is not known.
std::optional<std::vector<FieldChange>> inherited_changes(Draft& draft, const Wish& wish);

}  // namespace weir
