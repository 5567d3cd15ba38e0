// JSON values that keep the order of their keys, as the emulator's sources use them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace emulator {

using Json = nlohmann::ordered_json;

/// The value at a dotted path such as "spec.group.min", or null when any step is absent.
const Json* at_path(const Json& document, std::string_view path);
/// Sets the value at a dotted path and makes the objects on the way.
void set_path(Json& document, std::string_view path, Json value);
void erase_path(Json& document, std::string_view path);
/// The text at a dotted path, or "".
std::string text_at(const Json& document, std::string_view path);
bool flag_at(const Json& document, std::string_view path);

/// Parses text from outside: refuses more than `kDeepestJson` levels, which would exhaust the
/// stack of whoever copies or prints the value. Nothing when malformed.
inline constexpr int kDeepestJson = 64;
std::optional<Json> parse_json(std::string_view text);
/// Prints, replacing invalid UTF-8 instead of throwing.
std::string to_text(const Json& document);

}  // namespace emulator
