// The gate for bytes: text that could hide or break something never reaches a parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct ForbiddenText {
  std::size_t offset;  ///< of its first byte
  std::size_t size;
  std::uint32_t code;  ///< of the character, when it is one
  bool is_utf8;        ///< false: the bytes are no characters at all
  std::string what;    ///< "the control character U+0007"
};

/// The first thing that no manifest may have: bytes that are not UTF-8, control characters but tab
/// and line ends, separators and direction marks that make a text look different from what it is.
/// The byte order mark that may begin a file is taken off before.
std::optional<ForbiddenText> find_forbidden_text(std::string_view text);

}  // namespace weir
