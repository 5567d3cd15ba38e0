#include "planner/digest.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/error.h"

namespace weir {

std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes = {};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error("OpenSSL has no SHA-256, so plans cannot be sealed");
  }
  std::string digits;
  for (unsigned index = 0; index < size; ++index) digits += fmt::format("{:02x}", bytes.at(index));
  return digits;
}

}  // namespace weir
