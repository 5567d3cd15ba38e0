#include "core/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace weir {
namespace {

/// Anywhere in a name.
constexpr std::array<std::string_view, 13> kParts = {
    "password", "passwd",      "passphrase", "secret",     "token",  "credential",     "api_key",
    "apikey",   "private_key", "access_key", "master_key", "bearer", "encryption_key",
};
/// At the end of a name, as they are parts of other words as well, such as "path".
constexpr std::array<std::string_view, 5> kLastWords = {"pwd", "pass", "pat", "jwt", "dsn"};

constexpr std::array<std::string_view, 7> kBeginningsOfTokens = {
    "dapi", "dose", "dkea", "eyJ", "ghp_", "github_pat_", "AKIA"};
constexpr std::size_t kShortestToken = 20;

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](unsigned char c) {
    return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  return low;
}

/// What stands between separators.
template <typename Predicate>
bool has_word(std::string_view text, std::string_view separators, const Predicate& is_meant) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (is_meant(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

/// "://user:password@"
bool is_url_with_password(std::string_view word) {
  const std::size_t scheme = word.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view authority =
      word.substr(scheme + 3, word.find('/', scheme + 3) - scheme - 3);
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  return at != std::string_view::npos && colon < at;
}

bool is_token(std::string_view word) {
  return word.size() >= kShortestToken &&
         std::ranges::any_of(kBeginningsOfTokens,
                             [&](std::string_view begin) { return word.starts_with(begin); });
}

}  // namespace

bool is_secret_name(std::string_view name) {
  const std::string low = lower(name);
  const std::string_view last = std::string_view(low).substr(low.find_last_of("._-") + 1);
  return std::ranges::any_of(kParts,
                             [&](std::string_view part) { return low.find(part) != low.npos; }) ||
         std::ranges::find(kLastWords, last) != kLastWords.end();
}

bool is_secret_value(std::string_view value) {
  const bool is_named = value.find("-----BEGIN ") != std::string_view::npos ||
                        lower(value).find("password=") != std::string::npos;
  return is_named || has_word(value, " \t\r\n\"'", is_url_with_password) ||
         has_word(value, " \t\r\n\"',;=:/&", is_token);
}

}  // namespace weir
