// What -only, -except and -allow-destroy name: every pattern must be about something.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/invocation.h"
#include "core/store.h"
#include "manifest/manifest.h"

namespace weir {

/// How much of the manifest was chosen, for sentences about all of it.
struct ChosenPart {
  std::size_t chosen = 0;
  std::size_t declared = 0;
};

/// Nothing when everything is chosen. Throws UsageError for a pattern that matches no address that
/// is declared or was applied: a mistyped one would look like a workspace without changes.
std::optional<ChosenPart> choice_of(const Invocation& invocation, const Manifest& manifest,
                                    const Records& applied);

/// "the workspace is as declared", or of how many of how many that is known.
std::string as_declared(const std::optional<ChosenPart>& choice, std::string_view target);

}  // namespace weir
