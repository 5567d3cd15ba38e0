// The service as a process sees it: it does what a plan's steps say, and watches what it is asked.
#pragma once

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>

#include "core/performer.h"
#include "core/provider.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/workspace.h"

namespace weir::test {

/// The end of the process. No error: nothing in it may catch this.
struct Killed {};

class SimulatedService : public Provider, public Performer {
 public:
  SimulatedService(std::mt19937& random, Workspace& workspace, Luck& luck)
      : random_(random), workspace_(workspace), luck_(luck) {}

  std::vector<Observed> list(const Kind&, const std::string&) override { return {}; }
  std::optional<Observed> get(const Kind& kind, const std::string& name) override;
  std::string principal_of_app(const std::string&) override { return ""; }
  std::size_t request_count() const override { return sent_ + reads_; }
  Operation start(const Request& request, const MayLeave& may_leave) override;
  Operation poll(const std::string& name) override;

  /// The steps whose requests may come, and how to learn which intents are durable.
  void expect(const Plan& plan, std::function<std::vector<Intent>()> durable);
  /// The process has ended: answers go nowhere, and nothing more kills it.
  void set_dead() { is_dead_ = true; }
  /// Whether the call that is made now may send a change.
  void set_may_send(bool may_send) { may_send_ = may_send; }
  /// The coordinator has done with the step of this request.
  void forget(const std::string& request) { ended_.insert(request); }

  std::size_t sent() const { return sent_; }
  std::size_t reads() const { return reads_; }
  /// Whether the service refused the step, failed at it, or did not let its resource be seen.
  bool has_refused(const Step& step) const {
    return refused_.contains(text_of(*step.request)) || unseen_.contains(step.remote_name);
  }
  /// How often it was too busy.
  std::size_t busy() const { return busy_; }
  bool is_meddled_with() const { return is_meddled_with_; }
  /// Somebody else changes something: `with` when there is such a thing.
  void meddle(Fault how, const std::string& with = "");

 private:
  const Step& step_of(const Request& request);
  Operation carry_out(const Step& step, Fault fault);
  Operation begin(const Step& step, Fault fault);
  Operation ended(const std::string& name, const Running& running) const;
  void check_intent(const Step& step);
  void check_neighbours(const Step& step, const std::vector<Intent>& open);
  void check_precondition(const Step& step);
  void check_right(const Step& step);
  void check_list(const Step& step);

  std::mt19937& random_;
  Workspace& workspace_;
  Luck& luck_;
  const Plan* plan_ = nullptr;
  std::function<std::vector<Intent>()> durable_;
  std::set<std::string> ended_;
  std::set<std::string> refused_;
  std::set<std::string> unseen_;
  std::set<std::string> checked_;  ///< requests that have been sent already
  std::set<std::string> misread_;  ///< names of which a read was stale
  std::size_t sent_ = 0;
  std::size_t reads_ = 0;
  std::size_t busy_ = 0;
  bool is_meddled_with_ = false;
  bool is_dead_ = false;
  bool may_send_ = true;
};

}  // namespace weir::test
