// A workspace, a disk and a process that can be killed, in virtual time: the same seed does the
// same.
#pragma once

#include <list>
#include <map>
#include <random>
#include <string>

#include "core/performer.h"
#include "core/provider.h"
#include "engine/applier.h"
#include "tests/support/memory_store.h"
#include "tests/support/worlds.h"

namespace weir::test {

/// The end of the process. No error: nothing in it may catch this.
struct Killed {};

/// What goes wrong, in percent of the calls.
struct Faults {
  unsigned kill_around_request = 0;
  unsigned kill_around_commit = 0;
  unsigned lost = 0;     ///< the answer; half of the requests have had their effect
  unsigned refused = 0;  ///< 429, or in the way of other work
  unsigned broken = 0;   ///< 500 and 503
  unsigned failing = 0;  ///< operations that end with an error
  unsigned stale = 0;    ///< reads that show nothing of what has just been made
};

/// Calls are made one at a time in a random order; time passes only while there is waiting.
class SimulatedCalls : public Calls {
 public:
  explicit SimulatedCalls(std::mt19937& random, Instant& now) : random_(random), now_(now) {}

  void post(Work work, Work then) override {
    pending_.push_back({std::move(work), std::move(then)});
  }
  void wait(Duration time) override;
  Duration elapsed() const override { return now_.time_since_epoch(); }
  Instant now() const override { return now_; }
  /// Requests may be on their way when the process ends.
  void let_some_arrive();

 private:
  struct Pending {
    Work work;
    Work then;
  };
  Pending take_one();
  void pass(Duration duration) { now_ += duration; }

  std::mt19937& random_;
  Instant& now_;
  std::list<Pending> pending_;
};

/// The service: it does what the plan's steps say, by their requests.
class SimulatedService : public Provider, public Performer {
 public:
  SimulatedService(std::mt19937& random, World& world, Disk& disk)
      : random_(random), world_(world), disk_(disk) {}

  std::vector<Observed> list(const Kind&, const std::string&) override { return {}; }
  std::optional<Observed> get(const Kind& kind, const std::string& name) override;
  std::string principal_of_app(const std::string&) override { return ""; }
  std::size_t request_count() const override { return changes_ + reads_; }
  Operation start(const Request& request) override;
  Operation poll(const std::string& name) override;

  /// The steps whose requests may come.
  void expect(const Plan& plan) { plan_ = &plan; }
  /// The process has ended: answers go nowhere, and nothing more kills it.
  void set_dead(bool is_dead) { is_dead_ = is_dead; }
  std::size_t changes() const { return changes_; }

  Faults faults = {};

 private:
  struct Running {
    Instant done = {};
    std::string error = {};
  };

  bool happens(unsigned percent) { return is_likely(random_, percent); }
  void check_intent(const Request& request) const;
  const Step& step_of(const Request& request) const;
  Operation carry_out(const Request& request);

  std::mt19937& random_;
  World& world_;
  Disk& disk_;
  const Plan* plan_ = nullptr;
  std::map<std::string, Running> operations_;
  std::size_t changes_ = 0;
  std::size_t reads_ = 0;
  bool is_dead_ = false;
};

/// Nobody listens.
class NoReporter : public ApplyReporter {
 public:
  void begun(const Step&) override {}
  void done(const Step&, Duration) override {}
  void failed(const Step&, const std::string&) override {}
  void blocked(const Step&, const Step&) override {}
  void tell(const std::string&) override {}
  void tick(Duration, std::size_t, std::size_t) override {}
};

/// One workspace and one disk over the life of several processes.
class Simulation {
 public:
  explicit Simulation(std::mt19937& random) : random_(random) { world.is_strict = true; }

  enum class End { kComplete, kIncomplete, kKilled };
  /// One process: it takes the lease, finds out what is open, plans and applies.
  End run(const Manifest& manifest, const PlanOptions& options, const Faults& faults);
  Plan plan(const Manifest& manifest, PlanOptions options);

  World world;
  Disk disk;
  ApplyResult result;       ///< of the last run that was not killed
  std::size_t changes = 0;  ///< requests that change something, in all runs

 private:
  std::mt19937& random_;
};

}  // namespace weir::test
