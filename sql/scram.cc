#include "sql/scram.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "core/error.h"

namespace weir::sql {
namespace {

constexpr int kIterations = 4096;
constexpr std::size_t kSaltSize = 16;
using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

[[noreturn]] void fail() {
  throw Error("the cryptography of OpenSSL failed; see whether the machine has its random source");
}

const unsigned char* bytes(const std::string& text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

std::string base64(const unsigned char* data, std::size_t size) {
  std::string text(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(static_cast<unsigned char*>(static_cast<void*>(text.data())), data,
                  static_cast<int>(size));
  return text;
}

Digest keyed(const Digest& key, const std::string& text) {
  Digest result = {};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
           result.data(), &size) == nullptr) {
    fail();
  }
  return result;
}

/// Letters that every form of Unicode writes alike, so that nothing is prepared of them.
bool stays_as_it_is(std::uint32_t letter) {
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };
  // Latin without its ligatures, Cyrillic, Kana, Han, Hangul.
  constexpr std::array<Range, 9> kStable = {{{0x00C0, 0x0131},
                                             {0x0134, 0x013E},
                                             {0x0141, 0x0148},
                                             {0x014A, 0x017E},
                                             {0x0400, 0x045F},
                                             {0x3041, 0x3096},
                                             {0x30A1, 0x30FA},
                                             {0x4E00, 0x9FFF},
                                             {0xAC00, 0xD7A3}}};
  return std::ranges::any_of(
      kStable, [&](const Range& range) { return letter >= range.first && letter <= range.last; });
}

/// The letter that begins at `at`, which moves behind it; nothing for what is not UTF-8.
std::optional<std::uint32_t> next_letter(const std::string& text, std::size_t& at) {
  const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
  const std::uint8_t first = byte(at);
  if (first < 0x80) return byte(at++);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || text.size() - at < size) return std::nullopt;
  std::uint32_t letter = first & (0xFFU >> (size + 1));
  for (std::size_t index = at + 1; index < at + size; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return std::nullopt;
    letter = letter << 6U | (byte(index) & 0x3FU);
  }
  at += size;
  return letter;
}

}  // namespace

std::string problem_with_password(const Secret& password) {
  const std::string& text = password.reveal();
  bool is_prepared = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto letter = next_letter(text, at);
    // Clients leave what is not UTF-8 as it is.
    if (!letter) return "";
    is_prepared |= *letter >= 0x80 && !stays_as_it_is(*letter);
  }
  if (!is_prepared) return "";
  return "has characters that clients write in another way before they log in, such as accents of "
         "their own, ligatures or special spaces; use other ones";
}

std::string random_salt() {
  std::array<unsigned char, kSaltSize> salt = {};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) fail();
  return {salt.begin(), salt.end()};
}

Secret scram_verifier(const Secret& password, const std::string& salt) {
  const std::string& text = password.reveal();
  Digest salted = {};
  const int is_done = PKCS5_PBKDF2_HMAC(text.data(), static_cast<int>(text.size()), bytes(salt),
                                        static_cast<int>(salt.size()), kIterations, EVP_sha256(),
                                        static_cast<int>(salted.size()), salted.data());
  if (is_done != 1) fail();
  const Digest client = keyed(salted, "Client Key");
  const Digest server = keyed(salted, "Server Key");
  Digest stored = {};
  SHA256(client.data(), client.size(), stored.data());
  OPENSSL_cleanse(salted.data(), salted.size());
  return Secret("SCRAM-SHA-256$" + std::to_string(kIterations) + ":" +
                base64(bytes(salt), salt.size()) + "$" + base64(stored.data(), stored.size()) +
                ":" + base64(server.data(), server.size()));
}

}  // namespace weir::sql
