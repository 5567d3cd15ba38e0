// What must hold after every process, however it ended.
#pragma once

#include "engine/applier.h"
#include "tests/simulation/service.h"
#include "tests/simulation/watched_store.h"
#include "tests/simulation/workspace.h"

namespace weir::test {

/// I1: nothing is made twice.
void check_duplicates(Workspace& workspace);
/// I2: what was made is remembered, or an open intent leads to it.
void check_orphans(Workspace& workspace, Store& store);
/// I5: what others made is not ended by a step of ours.
void check_foreign(Workspace& workspace);
/// I8: serials are dense, epochs never fall, and each request has an outcome or an open intent.
struct Marks {
  std::int64_t serial = 0;
  std::int64_t epoch = 0;
  std::size_t open = 0;  ///< intents
};
void check_history(Workspace& workspace, WatchedStore& store, const Marks& before);
/// I9: each step says what became of it.
void check_result(Workspace& workspace, const Plan& plan, const ApplyResult& result,
                  const SimulatedService& service, Store& store);
/// I10: no more requests than the steps and the faults explain.
void check_bounds(Workspace& workspace, const Plan& plan, const SimulatedService& service,
                  std::size_t inherited, std::size_t strikes);

}  // namespace weir::test
