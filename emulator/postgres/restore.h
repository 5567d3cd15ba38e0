// Brings a copy of a base to a past point by replaying WAL.
#pragma once

#include <optional>

#include "emulator/postgres/history.h"
#include "emulator/postgres/server.h"

namespace emulator {

/// Exactly one of the two is set.
struct PastPoint {
  std::optional<Moment> time;
  std::optional<Lsn> lsn;
};

/// Writes records after the present moment into the WAL of an awake cluster and completes its
/// file, so that a replay can see that it has reached any earlier point.
void write_end_marker(const Layout& awake);

/// Copies `base` to `place.data`, replays the WAL of `source` until `point` and leaves the copy
/// stopped, on a timeline of its own. Returns where the replay ended.
Lsn restore(const Installation& installation, const Server::Place& place, const Base& base,
            const Layout& source, const PastPoint& point);

}  // namespace emulator
