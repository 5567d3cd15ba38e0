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

/// Parses text from outside: refuses more than `kDeepestDocument` levels, which would exhaust the
/// stack of whoever copies or prints the value. Nothing when malformed.
inline constexpr int kDeepestDocument = 64;
std::optional<Document> parse_document(std::string_view text);
/// Prints on one line; bytes that are not UTF-8 are replaced.
std::string to_text(const Document& document);

}  // namespace weir
