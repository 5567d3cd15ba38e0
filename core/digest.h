// Fingerprints of texts.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// SHA-256, 32 bytes.
std::string sha256(std::string_view text);
std::string to_hex(std::string_view bytes);
/// SHA-256 in hexadecimal digits.
std::string digest(std::string_view text);

}  // namespace weir
