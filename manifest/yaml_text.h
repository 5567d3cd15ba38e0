// Data as YAML in the layout that `weir fmt` keeps.
#pragma once

#include <string>
#include <string_view>

#include "core/document.h"

namespace weir {

/// Block style for maps, one line for lists and maps of scalars that are short.
std::string yaml_text(const Document& document);
/// A text as one scalar, in quotes where YAML would read it as something else.
std::string yaml_scalar(std::string_view text);

}  // namespace weir
