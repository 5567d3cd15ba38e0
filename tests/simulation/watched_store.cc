#include "tests/simulation/watched_store.h"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "tests/simulation/service.h"

namespace weir::test {
namespace {

constexpr int kRenewalsThatFail = 20;
/// A lease that nobody looks after for so long would have to be renewed in the meantime.
constexpr std::chrono::seconds kLongestNeglect{10};

}  // namespace

void WatchedStore::lose_lease() {
  is_lost_ = true;
  inner_->unlock("somebody else");
}

void WatchedStore::keep_alive() {
  const Fault fault = luck_.at(Site::kLease);
  if (fault != Fault::kNone) workspace_.note(fmt::format("lease ({})", text_of(fault)));
  kept_ = workspace_.world.now;
  if (short_for_ > 0) --short_for_;
  if (fault == Fault::kLeaseRunsOut) short_for_ = kRenewalsThatFail;
  if (fault == Fault::kLeaseLostMeanwhile) lose_lease();
  inner_->keep_alive();
}

Duration WatchedStore::lease_left() {
  return short_for_ > 0 ? std::chrono::seconds(10) : inner_->lease_left();
}

void WatchedStore::fail_before(Fault fault) {
  switch (fault) {
    case Fault::kKillBeforeCommit:
      throw Killed();
    case Fault::kDiskFull:
      throw StateError("the disk is full");
    case Fault::kStoreWithoutMemory:
      throw std::bad_alloc();
    case Fault::kLeaseLostAtCommit:
      return lose_lease();
    default:
      return;
  }
}

/// An intent is closed when nothing is under way for it any more.
std::set<std::string> WatchedStore::check_closed(const Commit& commit) {
  std::set<std::string> requests;
  for (const Intent& intent : inner_->intents()) {
    if (std::ranges::find(commit.closed, intent.id) == commit.closed.end()) continue;
    requests.insert(intent.request);
    const auto running = workspace_.operations.find(intent.operation);
    const bool is_running =
        running != workspace_.operations.end() && running->second.done > workspace_.world.now;
    const std::string uid = workspace_.uid_of(intent.remote_name);
    if (is_running && !workspace_.foreign.contains(uid)) {
      workspace_.find("I8", intent.request + " was closed while the service was at it");
    }
  }
  return requests;
}

void WatchedStore::commit(const Commit& commit) {
  const Fault fault = luck_.at(Site::kCommit);
  workspace_.note(fmt::format("commit {} prepared, {} accepted, {} closed, {} remembered ({})",
                              commit.prepared.size(), commit.accepted.size(), commit.closed.size(),
                              commit.remembered.size(), text_of(fault)));
  if (workspace_.world.now - kept_ > kLongestNeglect) {
    workspace_.find("F14", "nobody has kept the lease alive");
  }
  fail_before(fault);
  std::set<std::string> requests = check_closed(commit);
  inner_->commit(commit);
  closed_.merge(requests);
  if (fault == Fault::kKillAfterCommit) throw Killed();
  if (fault == Fault::kCommitUnclear) throw StateError("the connection ended while committing");
}

}  // namespace weir::test
