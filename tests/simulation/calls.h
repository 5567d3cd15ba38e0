// Calls in virtual time: one at a time, in an order that the seed chooses.
#pragma once

#include <functional>
#include <list>
#include <random>

#include "engine/calls.h"
#include "tests/simulation/workspace.h"

namespace weir::test {

/// Time passes only while there is waiting.
class SimulatedCalls : public Calls {
 public:
  SimulatedCalls(std::mt19937& random, Workspace& workspace)
      : random_(random), workspace_(workspace) {}

  void post(Work work, Work then) override {
    pending_.push_back({std::move(work), std::move(then), may_send ? may_send() : true});
  }
  void wait(Duration time) override;
  Duration elapsed() const override { return workspace_.world.now.time_since_epoch(); }
  Instant now() const override { return workspace_.world.now + workspace_.skew; }
  /// Requests may be on their way when the process ends.
  void let_some_arrive();

  /// Asked when a call is handed over; `before_call` is told of it when the call is made.
  std::function<bool()> may_send = {};
  std::function<void(bool may_send)> before_call = {};

 private:
  struct Pending {
    Work work;
    Work then;
    bool may_send = true;
  };
  Pending take_one();
  void make(const Pending& call);
  void pass(Duration duration);

  std::mt19937& random_;
  Workspace& workspace_;
  std::list<Pending> pending_;
  std::size_t waits_ = 0;
};

}  // namespace weir::test
