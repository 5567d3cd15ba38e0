// The values of fields in their one canonical form, and the ways into and out of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/document.h"
#include "core/kind.h"

namespace weir {

/// Canonical forms, by type:
///   kDuration "604800s" · kTimestamp "2026-01-01T00:00:00Z" · kChoice its name in manifests ·
///   kReference the remote name of a branch, the Postgres name of a role ·
///   kTags, kSettings an object with sorted keys ·
///   kExpiry {"never": true}, {"ttl": "604800s"} or {"expire_time": "…Z"}; observed ones have both
///   `ttl` and `expire_time` · kSuspension "never" or "300s" ·
///   kGroup {"size": 2, "readable_secondaries": true} · kFlags a sorted list of names ·
///   kPermissions a sorted list of {"user"|"group"|"service_principal": NAME, "level": LEVEL} ·
///   kBindings a list, sorted by key, of {"resource_key": KEY, "database"|"branch": REMOTE NAME,
///   "permission": LEVEL}, also with "description"; in declarations addresses instead of names; of
///   what others bind {"resource_key": KEY, "other": SORT} ·
///   kColumnTypes {"embedding": "vector(768)"} · kColumns {"full": {"type": T, "compute": SQL}}
/// and what JSON has for the rest. Null means "not there".

/// Reads what a manifest has. The alternative is what is wrong with it, to follow "expires: ",
/// for example "expected \"never\", a duration such as 7d, or a timestamp; not \"7 days\"".
std::variant<Document, std::string> read_value(const Field& field, const Document& written);

/// As a manifest would have it, on one line.
std::string show_value(const Field& field, const Document& value);
/// As a manifest would have it, as data: what `read_value` reads back.
Document written_value(const Field& field, const Document& value);

/// The entry of a list of bindings under a key, or null.
const Document* binding_under(const Document& list, const std::string& key);
/// What an entry leads to: the remote name of a database or a branch; "" when it is another sort.
std::string target_of_binding(const Document& entry);

/// Gives the full remote name for the canonical form of a reference.
using NameOf = std::function<std::string(const Field& field, const std::string& value)>;

struct SizedType {
  std::string name;
  std::int64_t size = 0;
};
/// "vector" and 768 of "vector(768)"; nothing when the text is no such type.
std::optional<SizedType> read_sized_type(std::string_view text);

/// Puts a value into a request body under `sent_as`.
void put_value(Document& body, const Field& field, const Document& value, const NameOf& name_of);

/// Gives the canonical form for a full remote name of a reference.
using CanonicalOf = std::function<std::string(const Field& field, const std::string& name)>;

/// What an answer of the API shows of a field, in canonical form; null when it shows nothing.
/// Looks at `spec` first, should the service ever send it.
Document observe_value(const Field& field, const Document& resource,
                       const CanonicalOf& canonical_of);

/// Whether the wanted value is in force, by meaning.
bool is_in_force(const Field& field, const Document& wanted, const Document& observed);

/// The JSON Schema of a field, for what manifests write.
Document value_schema(const Field& field);
/// The form in words, "a duration such as 7d", for messages and reference pages.
std::string form_in_words(const Field& field);

}  // namespace weir
