// One transaction that changes a database, and the settings that every transaction of weir has.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/databases.h"
#include "providers/http/rate_limit.h"
#include "providers/postgres/session_pool.h"

namespace weir::postgres {

/// Whole seconds, at least one.
struct TimeLimits {
  std::chrono::seconds lock{10};        ///< for a lock that somebody else holds
  std::chrono::seconds turn{120};       ///< for other applies on the same database
  std::chrono::seconds statement{300};  ///< for one statement
};

/// The one of weir in every database. Its halves are "weir" and "SQL!" as bytes.
inline constexpr const char* kTurnKey = "8603398602906225697";

/// What answers one query, in one round trip: a transaction of its own.
std::string reading(const TimeLimits& limits, std::string_view query);
/// What begins to change one: waits for its turn, and then reads.
std::string beginning(const TimeLimits& limits);

/// Round trips, counted by many threads.
using RoundTrips = http::Guarded<std::size_t>;

/// Says a thing to the session and counts it. A session that is lost is spoilt. Throws
/// StatementFailure.
std::string say(SessionPool::Loan& loan, RoundTrips& trips, const std::string& sql);

/// Rolls back unless it was committed.
class Transaction {
 public:
  Transaction(SessionPool::Loan& loan, RoundTrips& trips) : loan_(loan), trips_(trips) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Each throws StatementFailure; gives what the database holds.
  std::string begin(const TimeLimits& limits);
  void execute(const SqlText& statement);
  /// In one message. Of locks it waits for a moment only: whoever fails comes again one by one.
  void execute_together(const std::vector<SqlText>& statements);
  void commit();

 private:
  SessionPool::Loan& loan_;
  RoundTrips& trips_;
  bool is_open_ = false;
};

}  // namespace weir::postgres
