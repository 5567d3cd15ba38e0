#include "manifest/inside/written_words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

/// Sorts the keys of one map.
class Sorter {
 public:
  Sorter(std::string_view path, const Node& map, const Subject& subject)
      : path_(path), known_(words_below(path)), map_(map), subject_(subject) {}

  WrittenWords sort() {
    for (const Entry& entry : map_.entries) take(entry);
    check_alternatives();
    for (const Word* word : known_) check_neighbours(*word);
    return std::move(words_);
  }

 private:
  void take(const Entry& entry) {
    const auto word = std::find_if(known_.begin(), known_.end(),
                                   [&](const Word* each) { return each->key() == entry.key; });
    if (word == known_.end()) return report_unknown(entry);
    if (check_form(**word, entry, subject_)) words_.add(entry);
  }

  void report_unknown(const Entry& entry) {
    if (entry.key == "for_each") {
      return subject_.complain(rule::kForEach, entry.place,
                               "for_each repeats only a member whose key has ${each.key} in it",
                               "write the key as \"name_${each.key}\"");
    }
    std::vector<std::string_view> names;
    names.reserve(known_.size());
    for (const Word* word : known_) names.push_back(word->key());
    std::string hint = did_you_mean(entry.key, names);
    if (hint.empty()) hint = fmt::format("known are {}", fmt::join(names, ", "));
    const bool is_top = path_.find('.') == std::string_view::npos;
    subject_.complain(rule::kUnknownKey, entry.place,
                      fmt::format("unknown key {}{}{}", is_top ? "" : name_in_messages(path_),
                                  is_top ? "" : ".", entry.key),
                      std::move(hint));
  }

  /// What a mistake, already reported, kept from being there counts as written.
  bool is_written(std::string_view key) const {
    const Node* value = map_.find(key);
    return value != nullptr && (!value->is_null() || is_leftover(*value));
  }

  void check_neighbours(const Word& word) {
    if (word.is_required && !is_written(word.key())) {
      subject_.complain(rule::kRequired, map_.place,
                        fmt::format("{} is missing", name_in_messages(word.path)),
                        fmt::format("add {}", word.example));
    }
    if (!word.needs.empty() && is_written(word.key()) && !is_written(word.needs)) {
      report_need(word, map_.find(word.key())->place, subject_);
    }
  }

  void check_alternatives() {
    std::vector<std::string_view> written;
    std::vector<std::string_view> all;
    for (const Word* word : known_) {
      if (!word->is_alternative) continue;
      all.push_back(word->key());
      if (is_written(word->key())) written.push_back(word->key());
    }
    if (all.empty() || written.size() == 1) return;
    if (written.empty()) {
      return subject_.complain(rule::kExactlyOne, map_.place,
                               fmt::format("none of {} is written", fmt::join(all, ", ")),
                               "write exactly one of them");
    }
    subject_.complain(rule::kExactlyOne, map_.find(written[1])->place,
                      fmt::format("{} exclude each other", fmt::join(written, " and ")),
                      "keep one of them");
  }

  std::string_view path_;
  std::vector<const Word*> known_;
  const Node& map_;
  const Subject& subject_;
  WrittenWords words_;
};

}  // namespace

void report_need(const Word& word, const Place& place, const Subject& subject) {
  std::string needed(word.path.substr(0, word.path.rfind('.') + 1));
  needed += word.needs;
  subject.complain(rule::kNeeds, place,
                   fmt::format("{} needs {} beside it", name_in_messages(word.path), word.needs),
                   fmt::format("add {}", find_word(needed)->example));
}

const Entry* WrittenWords::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second;
}

const Node* WrittenWords::value(std::string_view key) const {
  const Entry* entry = find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

std::string WrittenWords::text(std::string_view key) const {
  const Node* node = value(key);
  return node == nullptr ? "" : node->text;
}

bool WrittenWords::flag(std::string_view key, bool otherwise) const {
  const Node* node = value(key);
  return node == nullptr ? otherwise : to_document(*node).get<bool>();
}

WrittenWords read_words(std::string_view path, const Node& map, const Subject& subject) {
  return Sorter(path, map, subject).sort();
}

}  // namespace weir::inside
