// The words of the language that are no fields of a kind, for `weir explain`, the JSON Schema and
// its readers.
#pragma once

#include <span>
#include <string_view>

namespace weir {

struct Word {
  std::string_view path;  ///< "lifecycle.protect"
  std::string_view doc;   ///< one sentence
  std::string_view example = {};

  /// "protect".
  std::string_view key() const { return path.substr(path.rfind('.') + 1); }
};

/// All of them; a word stands before those below it.
std::span<const Word> all_words();

/// What is said of a word that there is. Throws std::out_of_range for others: tests would fail.
std::string_view word_doc(std::string_view path);

}  // namespace weir
