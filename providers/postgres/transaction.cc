#include "providers/postgres/transaction.h"

#include <fmt/format.h>

#include "sql/snapshot_query.h"

namespace weir::postgres {
namespace {

/// For this transaction alone, as a pool may give the next one to another session. Whatever the
/// database's owner has set: no operator is somebody else's, a literal means what it says, and
/// whoever stands still keeps nobody else from working.
constexpr std::string_view kSettings =
    "SELECT pg_catalog.set_config('search_path', 'pg_catalog', true),"
    " pg_catalog.set_config('role', 'none', true),"
    " pg_catalog.set_config('standard_conforming_strings', 'on', true),"
    " pg_catalog.set_config('client_min_messages', 'error', true),"
    " pg_catalog.set_config('synchronous_commit', 'on', true),"
    " pg_catalog.set_config('idle_in_transaction_session_timeout', '30s', true)";

std::string limits_of(std::chrono::seconds lock, std::chrono::seconds statement) {
  return fmt::format(
      "SELECT pg_catalog.set_config('lock_timeout', '{}s', true),"
      " pg_catalog.set_config('statement_timeout', '{}s', true)",
      lock.count(), statement.count());
}

}  // namespace

std::string reading(const TimeLimits& limits, std::string_view query) {
  // Several statements in one message are a transaction of their own.
  return fmt::format("{}; {}; {}", kSettings, limits_of(limits.lock, limits.statement), query);
}

std::string beginning(const TimeLimits& limits) {
  // Read committed, so that what is read was committed by whoever had the turn before; and so
  // said, as the database's owner may have set another default.
  return fmt::format(
      "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {}; {};"
      " SELECT pg_catalog.pg_advisory_xact_lock({}); {}; {}",
      kSettings, limits_of(limits.turn, limits.turn + limits.statement), kTurnKey,
      limits_of(limits.lock, limits.statement), sql::kSnapshotQuery);
}

std::string say(SessionPool::Loan& loan, RoundTrips& trips, const std::string& sql) {
  trips.with([](std::size_t& count) { ++count; });
  try {
    return loan->run(sql);
  } catch (const StatementFailure& failure) {
    if (failure.is_lost()) loan.spoil();
    throw;
  }
}

Transaction::~Transaction() {
  if (!is_open_ || !loan_->is_open()) return;
  try {
    say(loan_, trips_, "ROLLBACK");
  } catch (const StatementFailure&) {
    // Its server rolls back what a session leaves behind.
    loan_.spoil();
  }
}

std::string Transaction::begin(const TimeLimits& limits) {
  is_open_ = true;
  return say(loan_, trips_, beginning(limits));
}

void Transaction::execute(const SqlText& statement) {
  try {
    say(loan_, trips_, statement.sent ? statement.sent->reveal() : statement.shown);
  } catch (const StatementFailure& failure) {
    if (!statement.sent) throw;
    // A server quotes what it does not like, in whatever form.
    throw StatementFailure({.sqlstate = failure.words().sqlstate,
                            .message = "the server's words are left out, as the statement has a "
                                       "secret"},
                           failure.is_lost());
  }
}

void Transaction::execute_together(const std::vector<SqlText>& statements) {
  std::string message = "SELECT pg_catalog.set_config('lock_timeout', '500ms', true)";
  for (const SqlText& statement : statements) message += ";\n" + statement.shown;
  say(loan_, trips_, message);
}

void Transaction::commit() {
  is_open_ = false;
  say(loan_, trips_, "COMMIT");
}

}  // namespace weir::postgres
