#include "providers/postgres/session.h"

#include <array>
#include <charconv>
#include <chrono>
#include <poll.h>

#include <libpq-fe.h>
#include <pqxx/pqxx>

#include "providers/http/redact.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace weir::postgres {
namespace {

using Clock = std::chrono::steady_clock;

/// libpqxx 6.4 loses the memory of a result with which the connection ends: that is no leak of
/// ours.
#ifdef __SANITIZE_ADDRESS__
using Forgetful = __lsan::ScopedDisabler;
#else
struct Forgetful {
  Forgetful() {}
};
#endif

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Attempt = std::unique_ptr<PGconn, Finish>;

Clock::time_point deadline_of(const PostgresAddress& address) {
  int seconds = 10;
  const std::string& text = address.keywords.at("connect_timeout");
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return Clock::now() + std::chrono::seconds(seconds);
}

/// Waits for what libpq asked for; false when the time is over.
bool await(PGconn* connection, PostgresPollingStatusType wish, Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) return false;
  const short events = wish == PGRES_POLLING_READING ? POLLIN : POLLOUT;
  pollfd waited{.fd = PQsocket(connection), .events = events, .revents = 0};
  return poll(&waited, 1, static_cast<int>(left)) > 0;
}

Stage stage_of(ConnStatusType status, Stage before) {
  switch (status) {
    case CONNECTION_BAD:
      return before;
    case CONNECTION_SSL_STARTUP:
      return Stage::kEncryption;
    case CONNECTION_STARTED:
    case CONNECTION_MADE:
    case CONNECTION_NEEDED:
      return Stage::kNetwork;
    default:
      return Stage::kLogin;
  }
}

ConnectFailure failure_of(const PGconn* connection, Stage stage, const PostgresAddress& address) {
  std::string said = PQerrorMessage(connection);
  http::hide(said, address.password, "password");
  ServerWords words = read_server_words(said);
  // Asked for a password that we do not have, libpq ends the attempt itself.
  if (PQconnectionNeedsPassword(connection) != 0) words.sqlstate = "28P01";
  return {stage, std::move(words)};
}

void ignore(void* /*nothing*/, const PGresult* /*notice*/) {}

void ask_for_codes(pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR >= 7
  connection.set_verbosity(pqxx::error_verbosity::verbose);
#else
  connection.set_verbosity(pqxx::connection_base::verbose);
#endif
}

}  // namespace

std::optional<ConnectFailure> refusal_by(const PostgresAddress& address) {
  const auto deadline = deadline_of(address);
  const Attempt attempt(PQconnectStart(address.options().reveal().c_str()));
  if (!attempt) throw std::bad_alloc();
  PQsetErrorVerbosity(attempt.get(), PQERRORS_VERBOSE);
  PQsetNoticeReceiver(attempt.get(), &ignore, nullptr);
  Stage stage = Stage::kNetwork;
  PostgresPollingStatusType wish = PGRES_POLLING_WRITING;
  while (PQstatus(attempt.get()) != CONNECTION_BAD) {
    if (!await(attempt.get(), wish, deadline)) {
      return ConnectFailure(stage, {.message = "it does not answer in time"});
    }
    wish = PQconnectPoll(attempt.get());
    if (wish == PGRES_POLLING_OK) return std::nullopt;
    if (wish == PGRES_POLLING_FAILED) break;
    stage = stage_of(PQstatus(attempt.get()), stage);
  }
  return failure_of(attempt.get(), stage, address);
}

/// The notices of a server are for nobody.
struct Session::Connection {
  explicit Connection(const PostgresAddress& address)
      : password(address.password), connection(address.options().reveal()), quiet(connection) {}

  ServerWords words_in(std::string said) const {
    http::hide(said, password, "password");
    return read_server_words(said);
  }

  Secret password;
  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;
};

Session::Session(const PostgresAddress& address) {
  try {
    connection_ = std::make_unique<Connection>(address);
  } catch (const pqxx::failure&) {
    // libpqxx tells no code of what the server refused, so that is asked for once more.
    auto refused = refusal_by(address);
    if (!refused) refused.emplace(Stage::kNetwork, ServerWords{.message = "it answered late"});
    throw ConnectFailure(*refused);
  }
  ask_for_codes(connection_->connection);
}

Session::~Session() = default;

bool Session::is_open() const {
  return connection_->connection.is_open();
}

std::string Session::run(const std::string& sql) {
  // Some versions of libpqxx would connect anew, in the middle of a transaction.
  if (!is_open()) throw StatementFailure({.message = "the connection was closed"}, true);
  try {
    const Forgetful while_it_executes;
    pqxx::nontransaction work(connection_->connection);
    const pqxx::result result = work.exec(sql);
    if (result.empty() || result[0][0].is_null()) return "";
    const auto value = result[0][0];
    return {value.c_str(), value.size()};
  } catch (const pqxx::broken_connection& failure) {
    ServerWords words = connection_->words_in(failure.what());
    // What libpqxx says itself is about the consequences.
    if (words.sqlstate.empty()) words.message = "the server or the network ended the session";
    throw StatementFailure(std::move(words), true);
  } catch (const pqxx::failure& failure) {
    ServerWords words = connection_->words_in(failure.what());
    const bool is_lost = !is_open() || ends_session(words.sqlstate);
    throw StatementFailure(std::move(words), is_lost);
  }
}

}  // namespace weir::postgres
