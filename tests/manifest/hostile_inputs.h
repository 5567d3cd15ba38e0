// Files that would cost much if the reader let them: for the test, and for the benchmark.
#pragma once

#include <string>
#include <vector>

namespace weir {

struct HostileInput {
  std::string name;
  std::string text;
  std::string rule;  ///< of the first mistake that the reader must find
};

/// `scale` 1 makes the full sizes; a larger one divides the longest runs, for slow builds.
std::vector<HostileInput> hostile_inputs(std::size_t scale);

/// Manifests that the reader takes and that ask for too much of what comes after it.
std::vector<HostileInput> hostile_manifests();

}  // namespace weir
