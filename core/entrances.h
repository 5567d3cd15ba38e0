// How other programs than weir get into a database: for `weir env`, `weir psql` and `weir doctor`.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/databases.h"
#include "core/secret.h"
#include "core/units.h"

namespace weir {

struct Entrance {
  /// As libpq calls them: "host", "port", "user", "dbname", "sslmode", …; never a password.
  std::map<std::string, std::string> keywords = {};
  std::string endpoint = {};  ///< its remote name; "" where there is no control plane
};

/// What lets somebody in, for a while.
struct Key {
  Secret password = {};
  std::optional<Instant> expiry = {};  ///< nothing: it stays as it is
};

class Entrances {
 public:
  Entrances() = default;
  Entrances(const Entrances&) = delete;
  Entrances& operator=(const Entrances&) = delete;
  virtual ~Entrances() = default;

  /// As whoever is signed in. Asks the workspace and wakes nothing. Throws Error.
  virtual Entrance entrance_to(const DatabasePlace& place) = 0;
  virtual Key key_to(const DatabasePlace& place) = 0;
  /// The same with the addresses of the host, for libpq gives up on names that are long. Throws
  /// SqlError for a name that nobody knows.
  virtual Entrance resolved(const DatabasePlace& place) = 0;
};

}  // namespace weir
