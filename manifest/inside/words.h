// The words for what is inside databases: one table, from which reading, the JSON Schema and
// `weir explain` follow.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::inside {

/// What stands behind a word.
enum class Form : std::uint8_t {
  kText,
  kChoice,  ///< one of `choices`
  kFlag,
  kNames,         ///< one text, or a list of them
  kTexts,         ///< a map of texts
  kAccess,        ///< a map from grantees to kNames
  kPrivileges,    ///< kNames, or a map of the words below
  kMap,           ///< of the words below
  kMembers,       ///< a map from names to maps of the words below
  kItems,         ///< a list of maps of the words below
  kNamesOrItems,  ///< the same, where a text stands for a map with the first word below alone
  kResource,      ///< a resource of the kind that `like` names
  kResources,     ///< a map from names to such resources
};

struct Word {
  /// "database.grants.to": a kind of the catalogue, or "schema", and what leads on from there;
  /// words at the top of a manifest have no kind in front.
  std::string_view path;
  std::string_view doc;  ///< one sentence
  Form form = Form::kText;
  std::string_view example = {};
  std::span<const std::string_view> choices = {};
  bool is_required = false;
  /// Exactly one of those beside each other that are alternatives is written.
  bool is_alternative = false;
  std::string_view needs = {};  ///< a word that is written beside it
  /// The path whose words below stand below this one; its own when empty.
  std::string_view like = {};

  /// "to"
  std::string_view key() const { return path.substr(path.rfind('.') + 1); }
  /// What the words below it begin with.
  std::string_view below() const { return like.empty() ? path : like; }
};

/// A word stands before those below it.
std::span<const Word> all_words();
/// Null when there is none.
const Word* find_word(std::string_view path);
/// Those directly below a path: of "database" access and grants, of "" those at the top.
std::vector<const Word*> words_below(std::string_view path);
/// "a text, or a list of texts"
std::string form_in_words(const Word& word);

}  // namespace weir::inside
