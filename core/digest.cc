#include "core/digest.h"

#include <openssl/evp.h>

#include "core/error.h"

namespace weir {

std::string sha256(std::string_view text) {
  std::string hash(32, '\0');
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(hash.data()), &size,
                 EVP_sha256(), nullptr) != 1) {
    throw Error("OpenSSL has no SHA-256, so plans and states cannot be sealed; mend its settings");
  }
  return hash;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits += kDigits[byte >> 4U];
    digits += kDigits[byte & 15U];
  }
  return digits;
}

std::string digest(std::string_view text) {
  return to_hex(sha256(text));
}

}  // namespace weir
