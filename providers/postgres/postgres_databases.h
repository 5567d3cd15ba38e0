// The inside of databases over PostgreSQL's own protocol: snapshots, and changes that happen as a
// whole or not at all.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/databases.h"
#include "core/entrances.h"
#include "providers/http/timing.h"
#include "providers/http/workspace.h"
#include "providers/postgres/login.h"
#include "providers/postgres/route.h"
#include "providers/postgres/session_pool.h"
#include "providers/postgres/transaction.h"

namespace weir::postgres {

struct Options {
  SessionPool::Limits sessions = {};
  TimeLimits limits = {};
  http::Timing timing = http::Timing::real();
  LookUp look_up = &postgres::look_up;
  /// How long endpoints are waited for; nothing: as long as one takes to wake.
  std::optional<Duration> patience = {};
};

class PostgresDatabases : public Databases, public Entrances {
 public:
  /// Made before threads begin, as it removes from the environment what libpq would listen to.
  explicit PostgresDatabases(std::unique_ptr<Routes> routes, Options options = {});

  std::string snapshot(const DatabasePlace& place) override;
  void change(const DatabasePlace& place, const Script& script) override;
  bool can_log_in(const DatabasePlace& place, const std::string& role,
                  const Secret& password) override;
  std::size_t round_trips() const override;
  Entrance entrance_to(const DatabasePlace& place) override;
  Key key_to(const DatabasePlace& place) override { return routes_->key_to(place); }
  Entrance resolved(const DatabasePlace& place) override;
  /// The one value that a query gives, which changes nothing. Throws SqlError.
  std::string answer(const DatabasePlace& place, std::string_view query);

 private:
  struct Progress;

  template <typename Attempt>
  auto repeat(const DatabasePlace& place, Attempt attempt);
  void change_once(const DatabasePlace& place, const Script& script);
  /// Together they take one round trip, and nobody knows which one failed.
  enum class Manner : std::uint8_t { kTogether, kOneByOne };
  void transact(SessionPool::Loan& loan, const Script& script, Progress& progress, Manner manner);

  const std::unique_ptr<Routes> routes_;
  const Options options_;
  Login login_;
  RoundTrips round_trips_;
  SessionPool pool_;  // last: it uses the login
};

/// The databases of a workspace, which must outlive them. Throws ConfigurationError for settings of
/// the environment that cannot be.
std::unique_ptr<PostgresDatabases> databases_of(http::Workspace& workspace, Options options = {});

/// The databases of servers without a workspace: the address of each branch. Throws
/// ConfigurationError for what is no address.
std::unique_ptr<PostgresDatabases> databases_at(const std::map<std::string, Secret>& addresses,
                                                Options options = {});

}  // namespace weir::postgres
