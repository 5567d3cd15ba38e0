// Fingerprints of texts.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// SHA-256 in hexadecimal digits.
std::string digest(std::string_view text);

}  // namespace weir
