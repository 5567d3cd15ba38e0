// Why a step is there, in words.
#pragma once

#include <string>
#include <vector>

#include "planner/change.h"

namespace weir {

/// "manifest changed, drift": each reason of the changes once.
inline std::string reasons_of(const std::vector<FieldChange>& changes) {
  std::string reasons;
  for (const FieldChange& change : changes) {
    const std::string_view text = text_of(change.reason);
    if (reasons.find(text) != std::string::npos) continue;
    reasons.append(reasons.empty() ? "" : ", ").append(text);
  }
  return reasons;
}

}  // namespace weir
