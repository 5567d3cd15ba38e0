// As much of JSON Schema 2020-12 as our schema uses: small enough to be read, and strict about the
// rest.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"

namespace weir::test {

/// What is wrong with a value, as "path: keyword"; empty when it is valid. Throws
/// std::invalid_argument for a keyword that it does not know.
std::vector<std::string> schema_mistakes(const Document& schema, const Document& value);

}  // namespace weir::test
