// JSON values with a stable order of keys: what resources, plans and requests are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

// Documents are members of most values here, so the full type is needed; it is precompiled.
#include <nlohmann/json.hpp>

namespace weir {

using Document = nlohmann::ordered_json;

/// The value at a dotted path such as "spec.group.min", or null when any step is absent.
const Document* at_path(const Document& document, std::string_view path);
/// Sets the value at a dotted path and makes the objects on the way.
void set_path(Document& document, std::string_view path, Document value);
/// The text at a dotted path, or "".
std::string text_at(const Document& document, std::string_view path);
bool flag_at(const Document& document, std::string_view path);

/// What came of a text from outside that should be JSON.
struct ReadDocument {
  std::optional<Document> value = {};
  bool is_too_deep = false;    ///< more than `kDeepestDocument` levels
  std::size_t mistake_at = 0;  ///< the byte, from 1, at which it stops being JSON; 0: not known
};

/// More levels would exhaust the stack of whoever copies or prints the value.
inline constexpr std::size_t kDeepestDocument = 64;
/// Of keys that stand twice in an object the last one counts.
ReadDocument read_document(std::string_view text);
/// Only the value; nothing when the text is malformed.
std::optional<Document> parse_document(std::string_view text);
/// Prints on one line; bytes that are not UTF-8 are replaced.
std::string to_text(const Document& document);

}  // namespace weir
