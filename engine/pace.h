// When to ask again: pure functions of how long something takes already.
#pragma once

#include <cstddef>

#include "core/units.h"

namespace weir {

/// Until the next look at an operation that has run for `age`: 4 % of it, from 0.15 to 10 s,
/// sooner at the beginning; and so seldom that `open` operations together ask no more than
/// `per_second` times a second.
Duration poll_delay(Duration age, std::size_t open, double per_second);

/// Before another try after `misses` that did not help: doubling from a quarter of a second up to
/// 20 s, times a random factor from a half to one.
Duration retry_delay(int misses, double random);

}  // namespace weir
