// From an object of the API to an observation, by the kind's table.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/observations.h"

namespace weir {

/// Tolerant: unknown members and values are kept or passed over, missing ones are absent. `name`
/// stands in for objects that do not carry their own. References stay remote names.
Observed decode(const Kind& kind, const Document& resource, const std::string& name);

/// The members on one page of `collection` ("projects/shop/branches"), or why the page cannot be
/// trusted: a name from elsewhere would be taken for another resource's.
std::variant<std::vector<Observed>, std::string> decode_page(const Kind& kind,
                                                             const std::string& collection,
                                                             const Document& page);

}  // namespace weir
