// A store in memory: what is on its disk outlives the store, as a file outlives a process.
#pragma once

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "core/store.h"

namespace weir::test {

struct Disk {
  Head head = {.lineage = "lineage"};
  Records records = {};
  std::vector<Intent> intents = {};
  std::vector<HistoryEntry> history = {};
  std::vector<Run> runs = {};
  std::optional<Holder> holder = {};
};

class MemoryStore : public Store {
 public:
  explicit MemoryStore(Disk& disk) : disk_(disk) {}

  Head head() override { return disk_.head; }
  Records records() override { return disk_.records; }
  std::vector<Intent> intents() override { return disk_.intents; }
  std::vector<HistoryEntry> history(std::int64_t after_serial) override {
    std::vector<HistoryEntry> later;
    std::ranges::copy_if(disk_.history, std::back_inserter(later),
                         [&](const HistoryEntry& entry) { return entry.serial > after_serial; });
    return later;
  }
  std::vector<Run> runs() override { return disk_.runs; }

  std::optional<Holder> try_acquire(const Run& run) override {
    if (disk_.holder) return disk_.holder;
    disk_.holder = Holder{.actor = run.actor, .run = run.id, .since = run.started_at};
    disk_.runs.push_back(run);
    epoch_ = ++disk_.head.epoch;
    return std::nullopt;
  }
  std::optional<Holder> holder() override { return disk_.holder; }
  void keep_alive() override { check_lease(); }
  Duration lease_left() override { return Duration::max(); }
  Duration drain() override { return {}; }
  void bind(const std::string& host, const std::string& workspace_id) override {
    disk_.head.host = host;
    disk_.head.workspace_id = workspace_id;
  }

  void commit(const Commit& commit) override {
    check_lease();
    if (before_commit) before_commit();
    Disk next = disk_;
    for (const Intent& intent : commit.prepared) next.intents.push_back(intent);
    for (const Commit::Accepted& accepted : commit.accepted) {
      named(next, accepted.intent).operation = accepted.operation;
    }
    for (const std::string& id : commit.closed) {
      next.intents.erase(next.intents.begin() + (&named(next, id) - next.intents.data()));
    }
    if (!commit.remembered.empty()) ++next.head.serial;
    for (const Remembered& each : commit.remembered) remember(next, each);
    disk_ = std::move(next);
    if (after_commit) after_commit();
  }

  void release(const std::string& outcome) override {
    check_lease();
    disk_.runs.back().outcome = outcome;
    disk_.holder.reset();
  }
  void unlock(const std::string& /*actor*/) override {
    disk_.holder.reset();
    ++disk_.head.epoch;
  }

  /// Called around each commit, to fail there or to end the process.
  std::function<void()> before_commit = {};
  std::function<void()> after_commit = {};

 private:
  static Intent& named(Disk& disk, const std::string& id) {
    const auto found = std::ranges::find(disk.intents, id, &Intent::id);
    if (found == disk.intents.end()) throw std::logic_error("no intent " + id);
    return *found;
  }

  static void remember(Disk& disk, const Remembered& each) {
    HistoryEntry entry = {.serial = disk.head.serial,
                          .action = each.action,
                          .address = each.address,
                          .after = each.record};
    if (const auto before = disk.records.find(each.address); before != disk.records.end()) {
      entry.before = before->second;
      disk.records.erase(before);
    }
    if (each.record) disk.records.emplace(each.address, *each.record);
    disk.history.push_back(std::move(entry));
  }

  void check_lease() const {
    if (epoch_ != disk_.head.epoch) throw LeaseLostError("the lease went to somebody else");
  }

  Disk& disk_;
  std::int64_t epoch_ = -1;
};

}  // namespace weir::test
