// What programs and pull requests see when there is no result: the reason, in the format they asked
// for, so that nobody takes an empty answer for a good one.
#pragma once

#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/units.h"

namespace weir {

/// Mistakes in manifests; "" for text, which goes to standard error.
std::string mistakes_in(const std::string& format, const std::vector<Diagnostic>& diagnostics,
                        const Sources& sources, Instant now);
/// Any other failure; "" for text.
std::string failure_in(const std::string& format, const std::string& message, Instant now);

}  // namespace weir
