// Where a simulated process keeps its state: in memory, or in a file as weir does.
#pragma once

#include <filesystem>
#include <memory>

#include "core/clock.h"
#include "tests/simulation/workspace.h"
#include "tests/support/memory_store.h"

namespace weir::test {

class StateDisk {
 public:
  StateDisk() = default;
  StateDisk(const StateDisk&) = delete;
  StateDisk& operator=(const StateDisk&) = delete;
  virtual ~StateDisk() = default;

  /// What a new process opens.
  virtual std::unique_ptr<Store> open() = 0;
};

/// The lock of a dead process is free.
class MemoryDisk : public StateDisk {
 public:
  explicit MemoryDisk(Disk disk = {}) : disk_(std::move(disk)) {}
  std::unique_ptr<Store> open() override {
    disk_.holder.reset();
    return std::make_unique<MemoryStore>(disk_);
  }
  const Disk& content() const { return disk_; }

 private:
  Disk disk_;
};

/// Time as this machine has it, right or wrong.
class WorkspaceClock : public Clock {
 public:
  explicit WorkspaceClock(const Workspace& workspace) : workspace_(workspace) {}
  Instant now() const override { return workspace_.world.now + workspace_.skew; }

 private:
  const Workspace& workspace_;
};

/// A real file, in memory where there is such a place.
class SqliteDisk : public StateDisk {
 public:
  explicit SqliteDisk(const Workspace& workspace);
  ~SqliteDisk() override;
  std::unique_ptr<Store> open() override;

 private:
  std::filesystem::path folder_;
  WorkspaceClock clock_;
};

}  // namespace weir::test
