// Seeds that have found a bug once: they are played in every run of the tests.
#pragma once

#include <array>
#include <cstdint>

namespace weir::test {

inline constexpr std::array<std::uint32_t, 5> kKnownSeeds = {385, 791, 875, 2413341849, 3032235917};

}  // namespace weir::test
