// One connection to one database, and what becomes of an attempt to make one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/error.h"
#include "postgres/address.h"
#include "providers/postgres/server_words.h"

namespace weir::postgres {

/// How far an attempt to connect came.
enum class Stage : std::uint8_t { kName, kNetwork, kEncryption, kLogin };

class ConnectFailure : public Error {
 public:
  ConnectFailure(Stage stage, ServerWords words)
      : Error(words_of(words)), stage_(stage), words_(std::move(words)) {}
  Stage stage() const { return stage_; }
  const ServerWords& words() const { return words_; }

 private:
  Stage stage_;
  ServerWords words_;
};

/// The server refused a statement, or is not there any more.
class StatementFailure : public Error {
 public:
  StatementFailure(ServerWords words, bool is_lost)
      : Error(words_of(words)), words_(std::move(words)), is_lost_(is_lost) {}
  const ServerWords& words() const { return words_; }
  /// Nothing can be said to the session any more, and nobody knows about the last statement.
  bool is_lost() const { return is_lost_; }

 private:
  ServerWords words_;
  bool is_lost_;
};

/// Keeps nothing between transactions, so that it may pass through a pool.
class Session {
 public:
  /// Throws ConnectFailure.
  explicit Session(const PostgresAddress& address);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Executes one statement or several, and gives the first value of the last one, or "". Throws
  /// StatementFailure.
  std::string run(const std::string& sql);
  bool is_open() const;

 private:
  struct Connection;

  std::unique_ptr<Connection> connection_;
};

/// Connects and lets go again; what was refused, or nothing when the server let us in.
std::optional<ConnectFailure> refusal_by(const PostgresAddress& address);

}  // namespace weir::postgres
