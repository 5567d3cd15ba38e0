#include "providers/http/base64.h"

#include <algorithm>
#include <cstdint>

namespace weir::http {

std::string base64_of(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  // At once: what a string outgrows is not wiped by whoever wipes the result.
  encoded.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8U | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      encoded += j <= count ? kLetters[bits >> (18 - 6 * j) & 63U] : '=';
    }
  }
  return encoded;
}

}  // namespace weir::http
