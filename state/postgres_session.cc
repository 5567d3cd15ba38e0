#include "state/postgres_session.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "core/store.h"

namespace weir {
namespace {

constexpr int kAttempts = 6;
constexpr std::chrono::milliseconds kFirstPause{100};

/// For this transaction alone, as a pool may give the next one to another session. Whatever the
/// database's owner has set, a commit is on disk and ends in time.
constexpr const char* kSettings =
    "SELECT set_config('search_path', 'pg_catalog', true),"
    " set_config('client_min_messages', 'error', true),"
    " set_config('synchronous_commit', 'on', true),"
    " set_config('lock_timeout', '10s', true), set_config('statement_timeout', '30s', true),"
    // Whoever stands still in the middle of a transaction keeps nobody else from working.
    " set_config('idle_in_transaction_session_timeout', '5s', true)";

bool is_interruption(const pqxx::sql_error& error) {
  const std::string& code = error.sqlstate();
  // 57P0x: the server ends; 08: the pool lost it; 40: another transaction was in the way.
  // 25P03: this process stood still in the middle of a transaction.
  return code.starts_with("57P0") || code.starts_with("08") || code.starts_with("40") ||
         code == "25P03";
}

bool is_busy(const std::string& code) {
  return code == "55P03" || code == "57014";
}

std::string_view advice(const std::string& code) {
  if (code == "42501")
    return "Grant the role what is missing: it must create or use the schema weir";
  if (code == "25006") return "That server only reads: name the one that writes";
  if (is_busy(code)) return "Another apply keeps it busy: try again";
  if (code.starts_with("53")) return "Make room there; what was recorded is whole";
  return "What was recorded is whole";
}

PostgresAddress address_in(const Secret& connection) {
  try {
    return read_postgres_address(connection, "the address of the state in PostgreSQL");
  } catch (const ConfigurationError& error) {
    throw StateError(error.what());
  }
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return text;
}

}  // namespace

PostgresSession::PostgresSession(const Secret& connection)
    : address_(address_in(connection)), where_("the state in PostgreSQL at " + address_.shown()) {
  forget_postgres_environment();
  try {
    connect();
  } catch (const pqxx::failure& failure) {
    throw StateError(fmt::format(
        "cannot reach {}: {}. Look whether that server runs, and whether the address, the role and "
        "its password are right",
        where_, without_password(failure.what())));
  }
}

void PostgresSession::connect() {
  connection_ = std::make_unique<pqxx::connection>(address_.options().reveal());
}

void PostgresSession::transact(const Work& work) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    if (try_transact(work)) return;
    if (attempt == kAttempts) break;
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
  throw PostgresUnreachable(fmt::format(
      "{} does not answer any more: {}. Whether the last change was recorded shows when it answers "
      "again",
      where_, last_failure_));
}

bool PostgresSession::try_transact(const Work& work) {
  try {
    if (!connection_) connect();
    pqxx::work transaction(*connection_);
    transaction.exec(kSettings);
    work(transaction);
    transaction.commit();
    return true;
  } catch (const pqxx::insufficient_privilege& error) {
    fail(error.what(), "42501");  // libpqxx 6 does not keep its code
  } catch (const pqxx::sql_error& error) {
    if (!is_interruption(error)) fail(error.what(), error.sqlstate());
    last_failure_ = without_password(error.what());
  } catch (const pqxx::transaction_rollback& error) {
    last_failure_ = without_password(error.what());
  } catch (const pqxx::in_doubt_error& error) {
    last_failure_ = without_password(error.what());
  } catch (const pqxx::broken_connection& error) {
    last_failure_ = without_password(error.what());
  } catch (const pqxx::failure& failure) {
    throw StateError(fmt::format("{} cannot be used: {}. Please report this", where_,
                                 without_password(failure.what())));
  }
  connection_.reset();
  return false;
}

void PostgresSession::fail(const std::string& said, const std::string& code) const {
  const std::string text = fmt::format("{} cannot be read or written: {} ({}). {}", where_,
                                       without_password(said), code, advice(code));
  if (is_busy(code)) throw StateBusyError(text);
  throw StateError(text);
}

std::string PostgresSession::without_password(std::string text) const {
  const std::string& password = address_.password.reveal();
  if (password.empty()) return trimmed(std::move(text));
  for (std::size_t at = 0; (at = text.find(password, at)) != std::string::npos; at += 3) {
    text.replace(at, password.size(), "***");
  }
  return trimmed(std::move(text));
}

}  // namespace weir
