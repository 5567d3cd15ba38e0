// An order for lists that follows from a seed: nobody promises another.
#pragma once

#include <cstdint>
#include <string_view>

namespace emulator {

/// Where `name` stands in the order of `seed`. It stands there whatever comes and goes beside it,
/// so that a walk over pages loses and repeats nothing.
std::int64_t place_in_order(std::string_view name, std::int64_t seed);

}  // namespace emulator
