// From a map as it is written to its words, each with a value of its form.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/declaring.h"
#include "manifest/inside/words.h"

namespace weir::inside {

/// What is read, for what is said of mistakes in it.
struct Subject {
  const Declaring& declaring;
  std::string address = {};

  void complain(const char* rule, const Place& place, std::string message,
                std::string hint = {}) const {
    declaring.complain(rule, address, place, std::move(message), std::move(hint));
  }
};

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

/// Whether a value has the form of its word, as far down as the next map of words.
bool check_form(const Word& word, const Entry& entry, const Subject& subject);

/// The texts of a value that is one, or a list of them; others were reported.
std::vector<const Node*> names_of(const Node& value);

/// Whether a text is a word, which has small letters, in any case of its own.
bool says(const Node& node, std::string_view word);

/// Whether a value is a text that is not empty, also one that YAML takes for a number.
bool is_text(const Node& node);

}  // namespace weir::inside
