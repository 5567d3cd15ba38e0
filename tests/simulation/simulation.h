// A workspace, a disk and one process after another that can be killed, in virtual time: the same
// seed does the same.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "engine/applier.h"
#include "tests/simulation/calls.h"
#include "tests/simulation/disks.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/service.h"
#include "tests/simulation/watched_store.h"
#include "tests/simulation/workspace.h"

namespace weir::test {

/// Tells the service what is over.
class WatchingReporter : public ApplyReporter {
 public:
  explicit WatchingReporter(SimulatedService& service) : service_(service) {}
  void begun(const Step&) override {}
  void done(const Step& step, Duration) override { end(step); }
  void failed(const Step& step, const std::string&) override { end(step); }
  void blocked(const Step&, const Step&) override {}
  void tell(const std::string&) override {}
  void tick(const Standing&) override {}
  void left(const Step& step, const std::string&) override { end(step); }

 private:
  void end(const Step& step) {
    if (step.request) service_.forget(text_of(*step.request));
  }
  SimulatedService& service_;
};

/// How a process ended.
enum class End {
  kComplete,
  kIncomplete,
  kKilled,   ///< or ended by something that nobody catches
  kRefused,  ///< the plan must not be applied
};

/// What one process is to do.
struct Task {
  const Manifest* manifest = nullptr;
  PlanOptions options = {};
  bool is_faulty = false;
  /// A plan that was made before, instead of a new one.
  const Plan* saved = nullptr;
  /// Called between the plan and its first step.
  std::function<void(SimulatedService&)> meanwhile = {};
};

class Simulation {
 public:
  Simulation(std::uint32_t seed, Luck luck) : random_(seed), luck_(std::move(luck)) {
    workspace.world.is_strict = true;
    disk = std::make_unique<MemoryDisk>();
  }

  /// One process: it takes the lease, finds out what is open, plans and applies. Whatever must
  /// hold afterwards is checked, and goes into the workspace's findings.
  End run(const Task& task);
  /// What would be done now.
  Plan plan(const Manifest& manifest, PlanOptions options = {});
  /// Once nothing goes wrong any more: at most two runs, and no request in further ones.
  void expect_convergence(const Manifest& manifest, const PlanOptions& options = {},
                          int further_runs = 1);
  /// Instead of the memory.
  void use_sqlite() { disk = std::make_unique<SqliteDisk>(workspace); }

  Luck& luck() { return luck_; }
  std::string findings() const;

  Workspace workspace;
  std::unique_ptr<StateDisk> disk;
  Plan steps;          ///< of the last run
  ApplyResult result;  ///< of the last run that came to its end
  std::size_t runs = 0;
  std::size_t kills = 0;
  std::size_t sent = 0;  ///< requests that change something, in all runs

 private:
  bool is_held_by_others(const Plan& plan) const;
  End carry_out(const Task& task, const ApplyDoors& doors, SimulatedService& service);
  Plan plan(const Manifest& manifest, PlanOptions options, const Records& records) const;
  void check(const SimulatedService& service, End end, std::size_t strikes);

  std::mt19937 random_;
  Luck luck_;
};

std::string text_of(const Plan& plan);

}  // namespace weir::test
