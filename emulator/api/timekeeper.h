// Makes happen what the clock brings: operations end, endpoints settle and suspend, branches
// expire.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

/// Runs the timers of the store when they are due, on the loop.
class Timekeeper {
 public:
  /// `longest_rest` is how soon it notices that the machine's clock was set.
  explicit Timekeeper(World& world, Duration longest_rest = {30, 0});
  ~Timekeeper();
  Timekeeper(const Timekeeper&) = delete;
  Timekeeper& operator=(const Timekeeper&) = delete;

  /// Runs everything that is due now and sets the alarm for what comes next.
  void look();

 private:
  void notice_set_clock();
  void run_due();
  void run(const Timer& timer);

  World& world_;
  Duration longest_rest_;
  std::optional<Instant> last_look_;
  Loop::TimerId alarm_ = 0;
  bool is_posted_ = false;
  bool is_looking_ = false;
};

/// Makes happen what an operation at `name` held up: an expiration or purge of what it kept busy.
void wake_what_waited(World& world, const std::string& name);

/// Endpoints with somebody connected are not suspended; kept by the gate.
bool has_sessions(const World& world, const std::string& endpoint);

}  // namespace emulator
