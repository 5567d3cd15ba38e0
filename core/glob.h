// Patterns for names.
#pragma once

#include <string_view>

namespace weir {

/// Whether a glob covers all of a text: * within a segment between slashes, ** across segments, ?
/// for one character.
bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace weir
