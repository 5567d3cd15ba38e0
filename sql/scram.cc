#include "sql/scram.h"

#include <array>

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

}  // namespace

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
