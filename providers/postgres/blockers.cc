#include "providers/postgres/blockers.h"

#include <fmt/format.h>

#include "providers/http/problem.h"
#include "providers/postgres/transaction.h"

namespace weir::postgres {
namespace {

/// Of other roles' sessions plain users see the role and no more.
constexpr const char* kQuery =
    "SELECT pg_catalog.string_agg(who, '; ') FROM ("
    " SELECT pg_catalog.format('session %s of role %s', l.pid, coalesce(a.usename, '?'))"
    "  || CASE WHEN a.application_name <> '' THEN"
    "     pg_catalog.format(' (%s)', a.application_name) ELSE '' END"
    "  || CASE WHEN a.xact_start IS NULL THEN '' ELSE pg_catalog.format(', in a transaction for %s "
    "s',"
    "     pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start))) END "
    "AS who"
    " FROM (SELECT DISTINCT pid FROM pg_catalog.pg_locks"
    "  WHERE granted AND pid <> pg_catalog.pg_backend_pid() AND {}) l"
    " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid AND a.usename IS NOT NULL"
    " ORDER BY a.xact_start LIMIT 3) found";

constexpr const char* kHere =
    "database = (SELECT oid FROM pg_catalog.pg_database"
    " WHERE datname = pg_catalog.current_database())";

/// A lock on a row is a lock on the transaction that has written it.
constexpr const char* kAnyLock =
    "(locktype = 'transactionid' OR (locktype IN ('relation', 'object') AND {}))";

std::string condition(Obstacle obstacle) {
  if (obstacle == Obstacle::kLock) return fmt::format(kAnyLock, kHere);
  return fmt::format(
      "locktype = 'advisory' AND {0} AND objsubid = 1 AND classid::pg_catalog.int8 ="
      " ({1}::pg_catalog.int8 >> 32) AND objid::pg_catalog.int8 = ({1}::pg_catalog.int8 & "
      "4294967295)",
      kHere, kTurnKey);
}

}  // namespace

std::string blockers(Session& session, Obstacle obstacle) {
  return http::tame(session.run(fmt::format(kQuery, condition(obstacle))));
}

}  // namespace weir::postgres
