// The rows of one deployment in a SQLite file: all SQL of that store stands here.
#pragma once

#include <string>
#include <vector>

#include "core/store.h"
#include "state/ledger.h"
#include "state/sqlite.h"

namespace weir {

/// Decides nothing: who may change what is known by the store.
class SqliteTables {
 public:
  struct Lease {
    std::int64_t epoch = 0;
    std::int64_t apply = 0;  ///< 0: free
    Holder holder = {};
  };

  SqliteTables(SqliteDatabase& database, std::string deployment)
      : database_(database), deployment_name_(std::move(deployment)) {
    find_deployment();
  }

  /// 0: the file does not know it.
  std::int64_t deployment() const { return deployment_; }
  void add_deployment(const std::string& created_at);
  /// Throws StateError when head and history differ, which are written together.
  void check_tip();

  Head head();
  Records records();
  std::vector<Intent> intents();
  std::vector<HistoryEntry> history(std::int64_t after_serial);
  std::vector<Run> runs();
  void set_workspace(const std::string& host, const std::string& workspace_id);

  Lease lease();
  void set_lease(const Lease& lease);
  /// Gives its number.
  std::int64_t insert_run(const Run& run);
  void end_run(std::int64_t apply, const std::string& ended_at, const std::string& outcome);

  Tip tip();
  /// What is remembered now of the addresses that change.
  Standing standing_of(const std::vector<Remembered>& remembered);
  void insert_intents(const std::vector<Intent>& intents, std::int64_t epoch);
  void accept_intents(const std::vector<Commit::Accepted>& accepted);
  void delete_intents(const std::vector<std::string>& closed);
  /// Not empty.
  void append(const std::vector<Addition>& added, std::int64_t apply);
  void update_resources(const std::vector<Addition>& added);

 private:
  void find_deployment();
  void check_owners();
  std::string chain_at(std::int64_t after_serial);
  void append_one(const Addition& addition, std::int64_t apply);
  const std::string& where() const { return database_.where(); }

  SqliteDatabase& database_;
  std::string deployment_name_;
  std::int64_t deployment_ = 0;
};

}  // namespace weir
