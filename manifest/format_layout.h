// The canonical layout of a text of YAML, token by token.
#pragma once

#include <string>
#include <string_view>

#include "manifest/format_scalar.h"

namespace weir {

/// Lays out a text that the reader accepts; `texts` are its scalars. Lines end with LF in it.
std::string lay_out(std::string_view text, const ScalarTexts& texts);

}  // namespace weir
