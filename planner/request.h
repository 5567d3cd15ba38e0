// The exact request of a step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observations.h"
#include "core/value.h"
#include "planner/plan.h"

namespace weir {

/// POST to the collection of `parent`, with exactly the wanted fields. With `takes_over` it also
/// changes what stands there under that name already, instead of failing.
Request create_request(const Kind& kind, const std::string& remote_name,
                       const std::vector<FieldChange>& changes, const NameOf& name_of,
                       bool takes_over = false);
/// Whether what the step makes may stand there by then, and is taken over: it comes into being
/// inside of something that this plan makes.
bool takes_over(const Step& step);
/// The request of such a step where `found` stands already: what it says nothing of stays, which
/// the service would reset. Nothing where everything is as wanted and a request would be refused.
std::optional<Request> beside_what_stands(const Step& step, const Observed& found);
/// PATCH with the smallest mask and a body with exactly what the mask names. Fields that share a
/// path of the mask are sent together: those that do not change come from `observed`, else from
/// `wanted`.
Request update_request(const Kind& kind, const std::string& remote_name,
                       const std::vector<FieldChange>& changes, const Document& wanted,
                       const Document& observed, const NameOf& name_of);
/// The whole list when an entry goes, otherwise the entries that change.
Request permissions_request(const Kind& kind, const std::string& remote_name,
                            const FieldChange& change);
/// Replaces one list of something that others make, which takes a while.
Request list_request(const Kind& kind, const std::string& remote_name, const Field& field,
                     Document list);
Request delete_request(const Kind& kind, const std::string& remote_name, bool is_for_good);
Request undelete_request(const Kind& kind, const std::string& remote_name);

/// The mask of an update, sorted, without repetitions.
std::vector<std::string> mask_of(const std::vector<FieldChange>& changes);

}  // namespace weir
