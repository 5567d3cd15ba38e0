// Whether an answer can be believed: its types are those of the kind's table.
#pragma once

#include <string>

#include "core/observations.h"

namespace weir {

/// What an answer has that no value of its field could be, "from is 5, not a text"; "" when
/// nothing. Unknown members and unknown choices are none of it: the service may learn new ones.
std::string mistake_in(const Observed& observed);

/// The same for what is lost in decoding: an answer without `status`, where nothing would look like
/// nothing being set, and switches that are neither on nor off.
std::string mistake_in(const Kind& kind, const Document& resource);

}  // namespace weir
