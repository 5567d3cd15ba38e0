#include "core/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace weir {

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kWords = {"password", "passwd",     "secret",
                                                      "token",    "credential", "api_key"};
  std::string low(name);
  std::ranges::transform(low, low.begin(), [](unsigned char c) {
    return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

}  // namespace weir
