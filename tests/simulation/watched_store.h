// A store that fails as told, and watches what it is asked to make durable.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/store.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/workspace.h"

namespace weir::test {

/// Hands all on to `inner`. When it is destroyed without release, so is `inner`.
class WatchedStore : public Store {
 public:
  WatchedStore(std::unique_ptr<Store> inner, Workspace& workspace, Luck& luck)
      : inner_(std::move(inner)), workspace_(workspace), luck_(luck) {}

  Head head() override { return inner_->head(); }
  Records records() override { return inner_->records(); }
  std::vector<Intent> intents() override { return inner_->intents(); }
  std::vector<HistoryEntry> history(std::int64_t after) override { return inner_->history(after); }
  std::vector<Run> runs() override { return inner_->runs(); }
  std::optional<Holder> try_acquire(const Run& run) override {
    kept_ = workspace_.world.now;
    return inner_->try_acquire(run);
  }
  std::optional<Holder> holder() override { return inner_->holder(); }
  void keep_alive() override;
  Duration lease_left() override;
  Duration drain() override { return inner_->drain(); }
  void bind(const std::string& host, const std::string& id) override { inner_->bind(host, id); }
  void commit(const Commit& commit) override;
  void release(const std::string& outcome) override { inner_->release(outcome); }
  void unlock(const std::string& actor) override { inner_->unlock(actor); }

  /// Whether a change may leave now.
  bool may_send() const { return !is_lost_ && short_for_ == 0; }
  /// Whether an intent with this request was closed for good.
  bool has_closed(const std::string& request) const { return closed_.contains(request); }

 private:
  void fail_before(Fault fault);
  std::set<std::string> check_closed(const Commit& commit);
  void lose_lease();

  std::unique_ptr<Store> inner_;
  Workspace& workspace_;
  Luck& luck_;
  Instant kept_ = {};  ///< when somebody last kept the lease alive
  bool is_lost_ = false;
  int short_for_ = 0;  ///< calls of keep_alive until the lease is renewed
  std::set<std::string> closed_;
};

}  // namespace weir::test
