// Diagnostics as a compiler prints them, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "core/diagnostic.h"
#include "core/document.h"

namespace weir {

/// Each with place, rule, address, message, excerpt and hint.
std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const Sources& sources,
                             const Terminal& terminal);
/// "2 errors, 1 warning", or "No mistakes".
std::string diagnostics_summary(const std::vector<Diagnostic>& diagnostics);
Document diagnostic_document(const Diagnostic& diagnostic, const Sources& sources);
/// All of them, with a version and counts.
Document diagnostics_document(const std::vector<Diagnostic>& diagnostics, const Sources& sources);

}  // namespace weir
