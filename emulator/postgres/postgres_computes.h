// PostgreSQL behind the REST side: a cluster for each branch, a standby for each read-only
// endpoint.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "emulator/computes.h"
#include "emulator/loop.h"
#include "emulator/postgres/installation.h"
#include "emulator/postgres/settings.h"
#include "emulator/postgres/strands.h"

namespace emulator {

class Branch;

class PostgresComputes : public Computes {
 public:
  struct Options {
    std::filesystem::path data_folder;
    std::string system_user = "postgres";     ///< that servers run as when we are root
    std::filesystem::path postgres_bin = {};  ///< found by itself when empty
  };

  /// Throws a Failure when PostgreSQL is missing or its user cannot reach the data folder.
  PostgresComputes(Loop& loop, const Options& options);
  /// Stops all servers. `Done` that are still due are posted to the loop, which must outlive us.
  ~PostgresComputes() override;

  void create_root(const std::string& branch, Done done) override;
  void create_branch(const std::string& branch, const BranchPoint& from, Done done) override;
  void destroy_branch(const std::string& branch, Done done) override;
  void keep_history(const std::string& branch, std::chrono::seconds retention) override;

  void create_role(const std::string& branch, const RoleDefinition& role, Done done) override;
  void alter_role(const std::string& branch, const RoleDefinition& role, Done done) override;
  void drop_role(const std::string& branch, const std::string& name, const std::string& reassign_to,
                 Done done) override;
  void create_database(const std::string& branch, const DatabaseDefinition& database,
                       Done done) override;
  void alter_database(const std::string& branch, const std::string& name,
                      const DatabaseDefinition& wanted, Done done) override;
  void drop_database(const std::string& branch, const std::string& name, Done done) override;
  void grant_database(const std::string& branch, const std::string& database,
                      const std::string& role, Done done) override;

  void prepare_schema(const std::string& branch, const SchemaPlace& place, Done done) override;
  void write_table(const std::string& branch, const TableDefinition& table, Done done) override;
  void drop_table(const std::string& branch, const TablePlace& place, Done done) override;
  void list_schemas(const std::string& branch, const std::string& database, Listed listed) override;
  void list_tables(const std::string& branch, const std::string& database,
                   const std::string& schema, Listed listed) override;

  void inspect(const std::string& branch, Inspected inspected) override;

  void create_compute(const ComputeDefinition& compute, Done done) override;
  void destroy_compute(const std::string& endpoint, Done done) override;
  void wake(const ComputeDefinition& compute, Woken woken) override;
  void sleep(const std::string& endpoint, Done done) override;

 private:
  using Work = std::function<Outcome()>;
  using Sql = std::function<void(const std::filesystem::path& socket_folder)>;
  /// A server that was woken, as the last answer said.
  struct Awake {
    Settings settings;
    std::string socket_folder;
    std::shared_ptr<Lifeline> lifeline;  // shared with the closure that brings it to the loop
  };
  /// What work on a strand needs to know of a compute.
  struct Seat {
    std::string branch;
    bool is_read_only = false;
  };
  struct Served {
    Seat seat;
    unsigned sleeps = 0;  ///< counts the requests that end what `awake` says
    std::optional<Awake> awake = {};
    std::unique_ptr<Watch> watch = {};  // after what it watches; never leaves the loop's thread
  };

  void prepare_folders(const std::filesystem::path& data_folder);
  void remove_leftovers();
  void remember_standbys();
  /// Does `work` in turn with all else on the clusters `names`, then calls `done` on the loop.
  void run(Strands::Names names, Work work, Done done);
  /// Runs SQL of our own in a cluster, which sleeps again a little later unless somebody holds it.
  void run_sql(const std::string& name, Sql sql, Done done);
  using Lister =
      std::function<std::vector<std::string>(const std::filesystem::path& socket_folder)>;
  void run_list(const std::string& name, const Lister& lister, Listed listed);
  void stop_later(const std::string& name);
  Branch& branch(const std::string& name);
  void forget(const std::string& name);
  Awake hold(const ComputeDefinition& compute);
  Served& serve(const ComputeDefinition& compute);
  void watch(const std::string& endpoint, Served& served);
  /// The socket folder of a branch whose cluster a compute keeps awake, or nothing.
  std::optional<std::filesystem::path> awake_cluster(const std::string& branch) const;
  static void forget_awake(Served& served);
  Outcome release(const std::string& endpoint, const Seat& seat);

  Loop& loop_;
  Installation installation_;
  std::filesystem::path clusters_;
  std::filesystem::path sockets_;
  // By endpoint, used on the loop's thread only; shared with tasks there that may outlive us.
  std::shared_ptr<std::map<std::string, Served>> served_;
  std::mutex branches_mutex_;  // of the map; a branch itself belongs to its strand
  std::map<std::string, std::unique_ptr<Branch>> branches_;
  std::map<std::string, unsigned> lingers_;  // guarded like the branches
  Strands strands_;                          // last: its threads use the members above
};

}  // namespace emulator
