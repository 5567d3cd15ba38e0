#include "manifest/text_gate.h"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace weir {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< 0: not UTF-8
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

/// Decodes what begins with a byte above 0x7F; refuses overlong forms and surrogates.
Character decode(std::string_view text) {
  const std::uint8_t first = byte_at(text, 0);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {};
  std::uint32_t code = first & (0xFFU >> (size + 1));
  for (std::size_t at = 1; at < size; ++at) {
    const std::uint8_t next = byte_at(text, at);
    if ((next & 0xC0U) != 0x80U) return {};
    code = code << 6U | (next & 0x3FU);
  }
  const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (is_overlong || is_surrogate || code > 0x10FFFF) return {};
  return {code, size};
}

std::string_view name_forbidden(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7F && code <= 0x9F)) return "control character";
  if (code == 0x2028 || code == 0x2029) return "invisible line end";
  const bool is_direction = code == 0x061C || code == 0x200E || code == 0x200F ||
                            (code >= 0x202A && code <= 0x202E) ||
                            (code >= 0x2066 && code <= 0x2069);
  if (is_direction) return "invisible direction mark";
  // A byte order mark is welcome at the beginning, and only there.
  return code == 0xFEFF ? "byte order mark" : "";
}

/// 1 for what is neither printable ASCII nor a line feed or a tab; without branches, so that the
/// compiler looks at many bytes at once.
std::uint8_t is_special(std::uint8_t byte) {
  const auto is_control = static_cast<std::uint8_t>(byte < 0x20);
  const auto is_welcome = static_cast<std::uint8_t>((byte == '\n') | (byte == '\t'));
  const auto is_beyond = static_cast<std::uint8_t>(byte >= 0x7F);
  return static_cast<std::uint8_t>((is_control & ~is_welcome) | is_beyond);
}

/// How far nothing but printable ASCII, tabs and line feeds follows.
std::size_t skip_plain(std::string_view text, std::size_t at) {
  constexpr std::size_t kBlock = 64;
  while (text.size() - at >= kBlock) {
    std::uint8_t specials = 0;
    for (std::size_t i = 0; i < kBlock; ++i) specials |= is_special(byte_at(text, at + i));
    if (specials != 0) break;
    at += kBlock;
  }
  while (at < text.size() && is_special(byte_at(text, at)) == 0) ++at;
  return at;
}

}  // namespace

std::optional<ForbiddenText> find_forbidden_text(std::string_view text) {
  std::size_t at = 0;
  while ((at = skip_plain(text, at)) < text.size()) {
    const std::uint8_t byte = byte_at(text, at);
    if (byte == '\r' && text.substr(at + 1).starts_with('\n')) {
      ++at;
      continue;
    }
    const Character character = byte < 0x80 ? Character{byte, 1} : decode(text.substr(at));
    if (character.size == 0) {
      return ForbiddenText{at, 1, byte, false, fmt::format("the byte 0x{:02X}", byte)};
    }
    if (const std::string_view name = name_forbidden(character.code); !name.empty()) {
      return ForbiddenText{at, character.size, character.code, true,
                           fmt::format("the {} U+{:04X}", name, character.code)};
    }
    at += character.size;
  }
  return std::nullopt;
}

}  // namespace weir
