// From a map as it is written to its words, each with a value of its form.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "manifest/inside/forms.h"

namespace weir::inside {

/// The words that a map has, but for those with values of another form.
class WrittenWords {
 public:
  void add(const Entry& entry) { entries_.emplace(entry.key, &entry); }
  /// Null when it is not written.
  const Entry* find(std::string_view key) const;
  const Node* value(std::string_view key) const;
  /// "" when it is not written.
  std::string text(std::string_view key) const;
  bool flag(std::string_view key, bool otherwise = false) const;

 private:
  std::map<std::string_view, const Entry*> entries_;
};

/// Sorts out the keys of a map that stands at `path`; reports those that mean nothing, values of
/// another form, and what is missing.
WrittenWords read_words(std::string_view path, const Node& map, const Subject& subject);

/// Says what a word lacks beside it.
void report_need(const Word& word, const Place& place, const Subject& subject);

}  // namespace weir::inside
