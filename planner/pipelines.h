// Tables that share a pipeline: the first one that is made brings it along, and the others join.
#pragma once

#include <vector>

#include "planner/draft.h"

namespace weir {

/// Says of each table that shares a pipeline which one that is, or whose it will be. What becomes
/// of databases must be decided.
void share_pipelines(Draft& draft);

/// What a table that is made says of its pipeline: that it gets one of its own, or which it joins.
void choose_pipeline(const Wish& wish, std::vector<FieldChange>& changes);

}  // namespace weir
