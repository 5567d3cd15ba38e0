// What was remembered at an earlier time, as something to want again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/store.h"
#include "manifest/manifest.h"

namespace weir {

/// The serial right before the last apply that changed something; `runs` ends with the one that
/// asks. What others found out of an interrupted apply belongs to that one. Nothing when nothing
/// was applied.
std::optional<std::int64_t> serial_before_last_apply(const std::vector<HistoryEntry>& all,
                                                     const std::vector<Run>& runs);
/// The records as they were right after the commit with this serial; `history` has what came later.
Records records_at(std::int64_t serial, Records now, const std::vector<HistoryEntry>& history);

/// Adds what the service makes together with something that was there then. It is remembered by a
/// later apply, and no less a part of what there was.
void add_what_came_along(Records& then, const Records& now, const Catalogue& catalogue);
/// What was there before weir took it over after the serial is not ended by going back: it is kept
/// and forgotten, an entry of a list like a resource. What is inside of something that weir made
/// since came with that.
void keep_what_was_taken_over(Records& now, std::int64_t serial,
                              const std::vector<HistoryEntry>& history, const Catalogue& catalogue);
/// A manifest that declares what the records say.
Manifest manifest_of(const Records& records, const Catalogue& catalogue, const std::string& name,
                     const std::string& environment);

}  // namespace weir
