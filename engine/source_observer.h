// Looks up what synced tables are to be made from.
#pragma once

#include <cstddef>

#include "core/lakehouse.h"
#include "planner/sources.h"

namespace weir {

/// One request for each table and catalog. What is not ours to see is unseen; throws ApiError for
/// other failures.
SourceAnswers look_up(const SourceQuestions& questions, Lakehouse& lakehouse,
                      std::size_t parallelism);

}  // namespace weir
