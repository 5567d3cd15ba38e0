// Lists of which only some entries are ours: what apps are bound to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observations.h"
#include "core/operation.h"
#include "core/store.h"
#include "planner/change.h"
#include "planner/plan.h"

namespace weir {

/// The field with bindings, or null.
const Field* bindings_in(const Kind& kind);

/// How what is there differs from what is wanted or was applied: one change for each entry, whose
/// values are lists of one entry or none. Entries that are neither are left alone, and so are
/// those that lead elsewhere than what was applied and is wanted no more.
std::vector<FieldChange> binding_changes(const Field& field, const Document& wanted,
                                         const Document* applied, const Document& shown);
/// What differs from what was applied, whoever changed it.
std::vector<FieldChange> binding_drift(const Field& field, const Document& applied,
                                       const Document& shown);

/// The entries that changes begin with.
Document entries_before(const std::vector<FieldChange>& changes);
/// Those of `shown` that changes are about.
Document entries_about(const std::vector<FieldChange>& changes, const Document& shown);
/// Whether each entry is as before its change, or as after it.
bool may_be_ours(const std::vector<FieldChange>& changes, const Document& shown);

/// Those that lead elsewhere afterwards, or nowhere; none where the change is about no list.
std::vector<Document> entries_led_away(const FieldChange& change);
/// Those of `wanted` that are so in `shown`.
Document entries_in_force(const Field& field, const Document& wanted, const Document& shown);

/// The remote names that the entries of a list lead to.
std::vector<std::string> targets_of(const Document& list);

/// Puts the changes into `resources`, the whole list as the service shows it: all other entries
/// stay as they are.
Request binding_request(const Kind& kind, const std::string& remote_name,
                        const std::vector<FieldChange>& changes, const Document& resources);
/// Whether the request of a step is such a one.
bool changes_bindings(const Step& step);
/// The request of such a step where `found` is what there is now.
Request binding_request_for(const Step& step, const Observed& found);

/// What to remember of an update that nobody saw the end of: of what was applied before and was to
/// be applied, the entries that are there.
std::optional<Record> record_of_bound(const Record* before, const std::optional<Record>& intended,
                                      const Observed& found);

}  // namespace weir
