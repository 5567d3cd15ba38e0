// The rows of one deployment in PostgreSQL, in one transaction: all SQL of that store stands here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/store.h"
#include "state/ledger.h"
#include "state/postgres_session.h"

namespace weir {

/// How long a lease is good for, in whole microseconds of the server.
struct LeaseSpan {
  std::int64_t length = 0;
  std::int64_t longest_request = 0;
};

/// Decides nothing: who may change what is known by the store.
class PostgresTables {
 public:
  struct Lease {
    std::int64_t epoch = 0;
    std::int64_t apply = 0;  ///< 0: free
    bool is_over = true;     ///< by the server's clock
    Holder holder = {};
  };
  struct Taken {
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    std::int64_t drain = 0;  ///< microseconds
  };
  struct Head {
    Tip tip;
    std::int64_t step = 0;  ///< counts all commits
    std::int64_t at = 0;    ///< the server's time, microseconds since 1970
  };

  PostgresTables(pqxx::work& transaction, std::int64_t deployment, const std::string& where)
      : transaction_(transaction), deployment_(deployment), where_(where) {}

  /// 0: there are no tables.
  int format();
  void make();
  /// Its number; 0 when it is not known.
  std::int64_t find_deployment(const std::string& name);
  std::int64_t add_deployment(const std::string& name);

  weir::Head head();
  Records records();
  std::vector<Intent> intents();
  std::vector<HistoryEntry> history(std::int64_t after_serial);
  std::vector<Run> runs();
  /// Unless it is set.
  void set_workspace(const std::string& host, const std::string& workspace_id);

  Lease lease();
  /// The same, and nobody else changes it until the end of the transaction.
  Lease lock_lease();
  Taken take_lease(std::int64_t apply, const Run& run, const LeaseSpan& span, bool is_ours);
  /// Whether the lease is ours and not over.
  bool renew_lease(std::int64_t epoch, std::int64_t length);
  void free_lease();
  /// As `free_lease`, under the next epoch; the next holder waits for our last request.
  void break_lease(std::int64_t longest_request);
  /// Gives its number.
  std::int64_t insert_run(const Run& run);
  void end_run(std::int64_t apply, const std::string& outcome);

  /// Keeps both the lease and the head as they are until the end of the transaction; nothing when
  /// the lease has another epoch, or is free.
  std::optional<Head> lock_head(std::int64_t epoch);
  /// The same for whoever holds the lease's lock already.
  Head lock_head();
  /// For a commit that appends nothing.
  void count_commit();
  Standing standing_of(const std::vector<Remembered>& remembered);
  void insert_intents(const std::vector<Intent>& intents, std::int64_t epoch);
  void accept_intents(const std::vector<Commit::Accepted>& accepted);
  void delete_intents(const std::vector<std::string>& closed);
  /// Changes the resources and the head as well. Not empty.
  void append(const std::vector<Addition>& added, std::int64_t apply);

 private:
  pqxx::work& transaction_;
  std::int64_t deployment_;
  const std::string& where_;
};

}  // namespace weir
