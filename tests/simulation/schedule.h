// A whole story from one seed: what is declared, what is done, and what goes wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/simulation.h"

namespace weir::test {

struct Story {
  std::string findings = {};  ///< "" when all that must hold held
  std::string options = {};   ///< what the seed chose, in words
  std::vector<Strike> strikes = {};
  std::string trace = {};
  std::size_t runs = 0;
  std::size_t kills = 0;
};

/// Plays the story of a seed; with `exactly`, with these faults instead of those by chance.
Story play(std::uint32_t seed, const std::optional<std::vector<Strike>>& exactly = {});

/// As few faults as are needed to break what this story breaks.
std::vector<Strike> minimal_strikes(std::uint32_t seed, std::vector<Strike> strikes);

/// For people: the seed, what it chose, what broke, and the least that breaks it.
std::string report_of(std::uint32_t seed, const Story& story);

}  // namespace weir::test
