// Where the PostgreSQL of a state is, and how it may be talked to.
#pragma once

#include <string>

#include "core/secret.h"

namespace weir {

struct PostgresAddress {
  Secret options;     ///< for libpq, with every keyword that the environment could fill in
  Secret password;    ///< never to be shown
  std::string shown;  ///< "db.example:5432, database weir"
};

/// Reads a URL or keywords. Throws StateError unless the server is named in full and is either on
/// this machine or proves who it is.
PostgresAddress read_postgres_address(const Secret& connection);

/// Removes what libpq and libpqxx would take from the environment without being asked.
void forget_postgres_environment();

}  // namespace weir
