// How a manifest is told from other people's YAML.
#pragma once

#include <string_view>

#include "manifest/node.h"

namespace weir {

inline constexpr std::string_view kManifestVersion = "weir/v1";

/// Whether a text says at its top that it is a manifest of weir, in whichever version. It need not
/// be YAML: a manifest with a mistake is one, another tool's template is none.
bool says_it_is_a_manifest(std::string_view text);

/// Whether a file without our version has keys that hardly anything else has at its top.
bool looks_like_a_manifest(const Node& root);

}  // namespace weir
