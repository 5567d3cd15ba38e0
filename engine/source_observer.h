// Looks up what synced tables are to be made from.
#pragma once

#include <cstddef>
#include <functional>

#include "core/lakehouse.h"
#include "planner/sources.h"

namespace weir {

/// One request for each table, catalog and schema. What is not ours to see is unseen; other
/// failures are thrown. `meanwhile` is called now and then; what it throws ends the looking.
SourceAnswers look_up(const SourceQuestions& questions, Lakehouse& lakehouse,
                      std::size_t parallelism, const std::function<void()>& meanwhile = {});

}  // namespace weir
