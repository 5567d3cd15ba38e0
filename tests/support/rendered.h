// Diagnostics as plain text for golden files.
#pragma once

#include <string>

#include <fmt/format.h>

#include "core/diagnostic.h"

namespace weir::test {

/// "weir.yaml:5:7: error[L012] projects/shop: what is wrong", and the hint on a line of its own.
inline std::string rendered(const Diagnostics& diagnostics, const Sources& sources) {
  const auto word = [](Severity severity) {
    if (severity == Severity::kError) return "error";
    return severity == Severity::kWarning ? "warning" : "note";
  };
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted()) {
    const std::string place = sources.describe(each.place);
    text += fmt::format("{}{}{}[{}] ", place, place.empty() ? "" : ": ", word(each.severity),
                        each.rule);
    if (!each.address.empty()) text += each.address + ": ";
    text += each.message + "\n";
    if (!each.hint.empty()) text += "  " + each.hint + "\n";
  }
  return text;
}

}  // namespace weir::test
