#include "emulator/postgres/password.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "emulator/postgres/admin_session.h"

namespace emulator {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr std::string_view kMechanism = "SCRAM-SHA-256$";
constexpr int kMostIterations = 1'000'000;
/// Checked in place of a missing verifier, so that time does not tell who has a password.
constexpr const char* kNobodysVerifier =
    "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

struct Verifier {
  int iterations = 0;
  std::vector<unsigned char> salt;
  std::vector<unsigned char> stored_key;
};

std::optional<std::vector<unsigned char>> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 1024) return std::nullopt;
  std::vector<unsigned char> bytes(text.size() / 4 * 3);
  const int count =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (count < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(count) - padding);
  return bytes;
}

std::optional<Verifier> parse_verifier(std::string_view text) {
  if (!text.starts_with(kMechanism)) return std::nullopt;
  text.remove_prefix(kMechanism.size());
  const auto colon = text.find(':');
  const auto dollar = text.find('$');
  const auto second_colon = text.find(':', dollar == std::string_view::npos ? 0 : dollar);
  if (colon >= dollar || dollar == std::string_view::npos ||
      second_colon == std::string_view::npos) {
    return std::nullopt;
  }
  Verifier verifier;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + colon, verifier.iterations);
  const auto salt = from_base64(text.substr(colon + 1, dollar - colon - 1));
  const auto stored_key = from_base64(text.substr(dollar + 1, second_colon - dollar - 1));
  const bool is_sane = error == std::errc() && rest == text.data() + colon &&
                       verifier.iterations > 0 && verifier.iterations <= kMostIterations;
  if (!is_sane || !salt || !stored_key || stored_key->size() != SHA256_DIGEST_LENGTH) {
    return std::nullopt;
  }
  verifier.salt = *salt;
  verifier.stored_key = *stored_key;
  return verifier;
}

}  // namespace

// RFC 5802: StoredKey = H(HMAC(PBKDF2(password, salt, iterations), "Client Key")).
bool matches_verifier(const std::string& password, const std::string& text) {
  const std::optional<Verifier> verifier = parse_verifier(text);
  if (!verifier) return false;
  Digest salted{};
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), verifier->salt.data(),
                        static_cast<int>(verifier->salt.size()), verifier->iterations, EVP_sha256(),
                        static_cast<int>(salted.size()), salted.data()) != 1) {
    return false;
  }
  static constexpr std::string_view kClientKey = "Client Key";
  Digest client_key{};
  unsigned size = client_key.size();
  HMAC(EVP_sha256(), salted.data(), static_cast<int>(salted.size()),
       reinterpret_cast<const unsigned char*>(kClientKey.data()), kClientKey.size(),
       client_key.data(), &size);
  Digest stored_key{};
  SHA256(client_key.data(), client_key.size(), stored_key.data());
  return CRYPTO_memcmp(stored_key.data(), verifier->stored_key.data(), stored_key.size()) == 0;
}

bool may_log_in(const std::filesystem::path& socket_folder, const std::string& role,
                const std::string& password) {
  AdminSession session(socket_folder, "postgres");
  const auto rows = session.query(
      "SELECT rolpassword, rolcanlogin AND coalesce(rolvaliduntil > now(), true) "
      "FROM pg_authid WHERE rolname = $1",
      {role});
  std::optional<std::string> verifier;
  if (rows.size() == 1 && rows[0].at(1) == "t") verifier = rows[0].at(0);
  const bool matches = matches_verifier(password, verifier.value_or(kNobodysVerifier));
  return verifier.has_value() && matches;
}

}  // namespace emulator
