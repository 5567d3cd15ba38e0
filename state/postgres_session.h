// A connection to PostgreSQL that may pass through a pool which gives every transaction another
// session: nothing is kept between transactions, and a connection that breaks is made anew.
#pragma once

#include <functional>
#include <memory>
#include <string>

// Its connection is a class in one version and an alias in another, so it cannot be declared here.
#include <pqxx/pqxx>

#include "core/error.h"
#include "postgres/address.h"

namespace weir {

/// The server does not answer, so nobody knows whether the last transaction happened.
class PostgresUnreachable : public StateError {
 public:
  using StateError::StateError;
};

class PostgresSession {
 public:
  using Work = std::function<void(pqxx::work&)>;

  /// Connects. Throws StateError.
  explicit PostgresSession(const Secret& connection);

  /// Runs `work` in a transaction of its own. Where the connection breaks it is run again, though
  /// it may have happened: it must find that out, or be harmless. Throws StateError.
  void transact(const Work& work);

  /// "the state in PostgreSQL at db.example:5432, database weir"
  const std::string& where() const { return where_; }

 private:
  void connect();
  /// Whether it happened for certain.
  bool try_transact(const Work& work);
  [[noreturn]] void fail(const std::string& said, const std::string& code) const;
  std::string without_password(std::string text) const;

  PostgresAddress address_;
  std::string where_;
  std::string last_failure_;
  std::unique_ptr<pqxx::connection> connection_;
};

}  // namespace weir
