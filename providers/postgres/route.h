// The way to a database, and as whom: found by the workspace, or written down by people.
#pragma once

#include <string>

#include "core/databases.h"
#include "core/entrances.h"
#include "core/units.h"
#include "postgres/address.h"

namespace weir::postgres {

struct Route {
  PostgresAddress address = {};   ///< its password is the key, once somebody has asked for that
  std::string endpoint = {};      ///< its remote name, where there is one
  std::string login_advice = {};  ///< what to do when the login is refused
  std::string trust_advice = {};  ///< what to do when the server cannot prove who it is
};

/// Thread-safe. What it throws is an Error.
class Routes {
 public:
  Routes() = default;
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;
  virtual ~Routes() = default;

  virtual Route route_to(const DatabasePlace& place) = 0;
  virtual Key key_to(const DatabasePlace& place) = 0;
  /// Nobody answered there: what is remembered of the place may be wrong.
  virtual void doubt(const DatabasePlace& place) = 0;
  /// The password was refused. Answers whether another one is worth a try.
  virtual bool renew(const DatabasePlace& place, const Secret& refused) = 0;
  /// So long a server may take until it answers, as it may have to wake first.
  virtual Duration patience() const = 0;
};

/// "database app of projects/shop/branches/dev"
inline std::string words_for(const DatabasePlace& place) {
  return "database " + place.database + " of " + place.branch;
}

}  // namespace weir::postgres
