// Seeds that have found a bug once: they are played in every run of the tests.
#pragma once

#include <array>
#include <cstdint>

namespace weir::test {

inline constexpr std::array<std::uint32_t, 10> kKnownSeeds = {17,  74,  132, 228, 322,
                                                              385, 664, 791, 875, 1028};

}  // namespace weir::test
