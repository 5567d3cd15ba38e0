// Diagnostics as a compiler prints them, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "core/diagnostic.h"
#include "core/document.h"

namespace weir {

/// Each with place, rule, address, message, excerpt and hint; of many the first hundred.
std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const Sources& sources,
                             const Terminal& terminal);
/// All of them, without excerpts: for places in files that may have secrets anywhere.
std::string notes_text(const std::vector<Diagnostic>& diagnostics, const Sources& sources,
                       const Terminal& terminal);
/// "2 errors, 1 warning", or "No mistakes".
std::string diagnostics_summary(const std::vector<Diagnostic>& diagnostics);
Document diagnostic_document(const Diagnostic& diagnostic, const Sources& sources);
/// With a version and the counts of all; of many the first hundred, and `left_out` says how many
/// are not there.
Document diagnostics_document(const std::vector<Diagnostic>& diagnostics, const Sources& sources);

/// Leaves the errors alone.
void drop_warnings(std::vector<Diagnostic>& diagnostics);

}  // namespace weir
