// Where a PostgreSQL server is, and how it may be talked to: the same for the state and for the
// inside of databases.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace weir {

/// What libpq is told, by keyword, except the password.
using PostgresKeywords = std::map<std::string, std::string>;

struct PostgresAddress {
  PostgresKeywords keywords = {};
  Secret password = {};

  /// "db.example:5432, database weir"
  std::string shown() const;
  /// "postgres://db.example:5432": the server alone, as plans and states name it.
  std::string server() const;
  /// For libpq, with every keyword that the environment could fill in.
  Secret options() const;
};

/// Reads a URL or keywords. Throws ConfigurationError, which calls it `subject`, "the address of
/// the state in PostgreSQL", unless the server is named in full and is either on this machine or
/// proves who it is.
PostgresAddress read_postgres_address(const Secret& connection, std::string_view subject);

/// Says all that libpq would ask the environment for, and what weir decides itself.
void complete_keywords(PostgresKeywords& keywords);

/// Whether all the hosts are on this machine. A name is not: somebody else decides where it leads.
bool is_on_this_machine(const PostgresKeywords& keywords);

/// The file of the certificate authorities that this machine trusts; "" when there is none.
std::string trusted_authorities();

/// Removes what libpq and libpqxx would take from the environment without being asked.
void forget_postgres_environment();

}  // namespace weir
