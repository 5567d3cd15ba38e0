// A plan with one of everything that views must show.
#pragma once

#include "planner/plan.h"

namespace weir::test {

Plan sample_plan();
/// A plan that finds nothing to do.
Plan empty_plan();
/// `number` steps, of which every `destroy_every`-th destroys.
Plan large_plan(std::size_t number, std::size_t destroy_every);

}  // namespace weir::test
