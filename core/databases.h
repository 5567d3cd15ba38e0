// The door to the inside of databases: SQL, by blocking calls that any thread may make.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/secret.h"

namespace weir {

/// One database, by where it is.
struct DatabasePlace {
  std::string branch;    ///< remote name, "projects/shop/branches/dev"
  std::string database;  ///< the name inside Postgres

  auto operator<=>(const DatabasePlace&) const = default;
};

/// A database could not be reached, or refused what was asked of it.
class SqlError : public Error {
 public:
  struct Facts {
    std::string sqlstate = {};  ///< "" when the server said nothing
    bool is_unreachable = false;
    bool is_unknown = false;  ///< the connection broke at the commit: nobody knows whether it holds
  };

  SqlError(const std::string& message, Facts facts) : Error(message), facts_(std::move(facts)) {}
  const Facts& facts() const { return facts_; }

 private:
  Facts facts_;
};

/// A statement to execute; what is shown of it lacks the secret that is sent.
struct SqlText {
  std::string shown = {};
  std::optional<Secret> sent = {};  ///< nothing: what is shown
};

class Databases {
 public:
  Databases() = default;
  Databases(const Databases&) = delete;
  Databases& operator=(const Databases&) = delete;
  virtual ~Databases() = default;

  /// Decides what to execute by what is there right now; asked again when the transaction has to
  /// be tried again. What it throws ends the transaction and passes through.
  using Script = std::function<std::vector<SqlText>(std::string_view snapshot)>;

  /// What the database holds, as the one statement of sql/snapshot_query.h answers it. Throws
  /// SqlError.
  virtual std::string snapshot(const DatabasePlace& place) = 0;
  /// One transaction: snapshot, script, its statements in order, commit. No statement: nothing is
  /// committed. Serialization failures and deadlocks are tried again. Throws SqlError.
  virtual void change(const DatabasePlace& place, const Script& script) = 0;
  /// Whether the role can log in with the password. Throws SqlError when that cannot be found out.
  virtual bool can_log_in(const DatabasePlace& place, const std::string& role,
                          const Secret& password) = 0;
  /// Round trips so far, for people: snapshots, statements, commits.
  virtual std::size_t round_trips() const = 0;
};

}  // namespace weir
