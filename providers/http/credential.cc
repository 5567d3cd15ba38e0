#include "providers/http/credential.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

constexpr std::size_t kLongest = std::size_t{32} << 10U;

bool is_printable(char letter) {
  return letter >= ' ' && letter < '\x7f';
}

std::string_view name_of(char letter) {
  if (letter == '\r' || letter == '\n') return "a line break";
  if (letter == '\0') return "a zero byte";
  const bool is_ascii = static_cast<unsigned char>(letter) < 0x80;
  return is_ascii ? "a control character" : "a character outside of ASCII";
}

}  // namespace

Secret clean_credential(const Secret& text, std::string_view what) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  const std::string& whole = text.reveal();
  const std::size_t start = whole.find_first_not_of(kSpaces);
  if (start == std::string::npos) return {};
  const std::size_t size = whole.find_last_not_of(kSpaces) - start + 1;
  const std::string_view middle = std::string_view(whole).substr(start, size);
  if (size > kLongest) {
    throw ConfigurationError(
        fmt::format("{} has {} bytes, which is longer than any credential; "
                    "check what was put there",
                    what, size));
  }
  const auto* strange = std::find_if_not(middle.begin(), middle.end(), is_printable);
  if (strange != middle.end()) {
    throw ConfigurationError(fmt::format(
        "{} has {} at byte {}, which no credential has; set it anew without", what,
        name_of(*strange), start + static_cast<std::size_t>(strange - middle.begin()) + 1));
  }
  return Secret(whole.substr(start, size));
}

}  // namespace weir::http
