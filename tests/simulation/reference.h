// The manifest on which every single fault is tried, and the ways to change it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tests/simulation/simulation.h"

namespace weir::test {

enum class Way : std::uint8_t { kCreate, kUpdate, kReplace, kDelete, kMixed };
std::string_view text_of(Way way);

/// A project, two branches, two endpoints, three roles and two databases, before the change.
Manifest reference_before(Way way);
/// And after it.
Manifest reference_after(Way way);

/// A workspace in which that manifest was applied already, as often as wanted.
class ReferenceWorld {
 public:
  explicit ReferenceWorld(Way way);
  /// A new process there, with this luck.
  std::unique_ptr<Simulation> begin(Luck luck) const;
  const Manifest& wanted() const { return wanted_; }

 private:
  Manifest wanted_;
  Workspace workspace_;
  Disk disk_;
};

}  // namespace weir::test
