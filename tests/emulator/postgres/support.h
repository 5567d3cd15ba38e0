// What the tests of the PostgreSQL side share: a folder, a loop on a thread, and questions in SQL.
#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "emulator/computes.h"
#include "emulator/gatekeeper.h"
#include "emulator/loop.h"
#include "emulator/postgres/postgres_computes.h"

namespace emulator::test {

/// Removed with all that is in it; PostgreSQL's user may pass through.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs a loop on a thread until the end of the test.
class LoopThread {
 public:
  LoopThread() : thread_([this] { loop.run(); }) {}
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread() { stop(); }

  /// Does `task` on the loop's thread and waits for it.
  void do_on_loop(const std::function<void()>& task);
  void stop();

  Loop loop;

 private:
  std::thread thread_;
};

/// Makes one asynchronous call on the loop and waits for its outcome, a minute at most.
Outcome outcome_of(LoopThread& loop, const std::function<void(const Computes::Done&)>& call);

/// Clusters in a folder of their own, with the calls made blocking.
class World {
 public:
  World();
  explicit World(const std::filesystem::path& data_folder);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Outcome create_root(const std::string& branch);
  Outcome create_branch(const std::string& branch, const BranchPoint& from);
  Outcome create_role(const std::string& branch, const RoleDefinition& role);
  Outcome drop_role(const std::string& branch, const std::string& name,
                    const std::string& reassign_to = "");
  Outcome create_database(const std::string& branch, const DatabaseDefinition& database);
  std::optional<Inventory> inspect(const std::string& branch);
  Outcome create_compute(const ComputeDefinition& compute);
  Outcome sleep(const std::string& endpoint);
  Outcome wake_outcome(const ComputeDefinition& compute);
  /// The folder of the awake compute's socket; the test fails when it does not wake.
  std::string wake(const ComputeDefinition& compute);
  /// Wakes the read-write compute "ep-<branch>".
  std::string wake(const std::string& branch);
  Outcome put_to_sleep(const std::string& branch) { return sleep("ep-" + branch); }

  Computes& computes() { return *computes_; }
  LoopThread& loop() { return loop_; }
  const std::filesystem::path& data_folder() const { return data_folder_; }
  std::filesystem::path cluster(const std::string& branch) const {
    return data_folder_ / "clusters" / branch;
  }

 private:
  std::unique_ptr<TemporaryFolder> folder_;
  std::filesystem::path data_folder_;
  LoopThread loop_;
  std::unique_ptr<PostgresComputes> computes_;  // last: posts to the loop until it is gone
};

/// The rows of `statement`, fields joined by '|' and rows by ','. Throws SqlFailure.
std::string sql(const std::string& socket_folder, const std::string& statement,
                const std::string& database = "databricks_postgres");

/// Waits until `condition` holds, for `limit` at most; answers whether it does.
bool becomes_true(const std::function<bool()>& condition,
                  std::chrono::seconds limit = std::chrono::seconds(20));

/// How many PostgreSQL processes work below `folder`.
int processes_below(const std::filesystem::path& folder);

/// An address of this machine that only this process uses, and a port to go with it.
std::string an_address();
std::uint16_t a_port();

}  // namespace emulator::test
