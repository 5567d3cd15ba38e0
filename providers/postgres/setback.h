// A transaction that did not come to its end: what happened, and what to tell people.
#pragma once

#include <string>

#include "core/databases.h"
#include "providers/postgres/server_words.h"
#include "providers/postgres/session.h"

namespace weir::postgres {

enum class Phase : std::uint8_t { kRead, kBegin, kStatement, kCommit };

/// Not an Error: it never leaves the provider.
struct Setback {
  Phase phase = Phase::kRead;
  std::string statement = {};  ///< as it is shown
  ServerWords words = {};
  bool is_lost = false;
  std::string blockers = {};

  /// Nobody knows whether the change holds.
  bool is_unknown() const { return is_lost && phase == Phase::kCommit; }
  Hope hope() const;
};

/// What, where, why, and what to do.
SqlError error_of(const DatabasePlace& place, const Setback& setback, int attempts);

/// A statement of which people see the beginning, on one line.
std::string shortened(std::string_view statement);

}  // namespace weir::postgres
