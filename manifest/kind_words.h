// Kinds in sentences.
#pragma once

#include <string>
#include <string_view>

#include "core/kind.h"

namespace weir {

/// "a branch", "an endpoint".
inline std::string with_article(std::string_view noun) {
  constexpr std::string_view kVowels = "aeiou";
  const bool is_vowel = !noun.empty() && kVowels.find(noun.front()) != std::string_view::npos;
  return (is_vowel ? "an " : "a ") + std::string(noun);
}

inline std::string with_article(const Kind& kind) {
  return with_article(kind.name);
}

}  // namespace weir
