// Whether what is written has the form that its word wants.
#pragma once

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

/// "access_profiles.tables.future" is called "tables.future" in messages: in front stands what the
/// address says already.
std::string_view name_in_messages(std::string_view path);

/// Whether a value has the form of its word, as far down as the next map of words.
bool check_form(const Word& word, const Entry& entry, const Subject& subject);

/// The texts of a value that is one, or a list of them; others were reported.
std::vector<const Node*> names_of(const Node& value);

/// Whether a text is a word, which has small letters, in any case of its own.
bool says(const Node& node, std::string_view word);

/// Whether a value is a text that is not empty, also one that YAML takes for a number.
bool is_text(const Node& node);

}  // namespace weir::inside
