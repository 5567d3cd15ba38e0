// Seeds that have found a bug once: they are played in every run of the tests.
#pragma once

#include <array>
#include <cstdint>

namespace weir::test {

inline constexpr std::array<std::uint32_t, 7> kKnownSeeds = {
    385, 791, 875, 1933579301, 2413341849, 2672209083, 3032235917};

}  // namespace weir::test
