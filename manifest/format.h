// The one canonical layout of manifests: what `weir fmt` writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/diagnostic.h"

namespace weir {

/// The text of a file in the canonical layout: two spaces a level, comments, paragraphs and the
/// order of keys kept, LF at each end. It means the same, which is checked; when the layout of a
/// file cannot be kept, or the file has mistakes, they are reported and nothing is answered.
/// A file that is called "….json" stays as it is.
std::optional<std::string> format_manifest(const Sources& sources, std::uint32_t file,
                                           Diagnostics& diagnostics);

}  // namespace weir
