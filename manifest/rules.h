// What the service would refuse, found before anybody asks it.
#pragma once

#include "core/diagnostic.h"
#include "manifest/limits.h"
#include "manifest/manifest.h"

namespace weir {

/// One rule, for messages, `weir explain` and SARIF.
struct RuleText {
  std::string_view id;       ///< "L012", never reused
  std::string_view summary;  ///< one sentence
  std::string_view source;   ///< where the service says so
};

std::span<const RuleText> all_rules();

/// Checks every rule that needs no network.
void check_rules(const Manifest& manifest, const Limits& limits, Diagnostics& diagnostics);

}  // namespace weir
