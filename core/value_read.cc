// From what manifests have to canonical values.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest.h"
#include "core/units.h"
#include "core/value.h"

namespace weir {
namespace {

using Read = std::variant<Document, std::string>;

/// The value in a message, shortened.
std::string shown(const Document& written) {
  std::string text = to_text(written);
  constexpr std::size_t kMost = 60;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

Read wrong(const Field& field, const Document& written) {
  return fmt::format("expected {}; not {}", form_in_words(field), shown(written));
}

std::vector<std::string_view> names_of(std::span<const Choice> choices) {
  std::vector<std::string_view> names;
  for (const Choice& choice : choices) names.push_back(choice.name);
  return names;
}

bool is_choice(const Field& field, const std::string& name) {
  return std::any_of(field.choices.begin(), field.choices.end(),
                     [&](const Choice& choice) { return choice.name == name; });
}

Read wrong_choice(const Field& field, const Document& written) {
  std::string message = std::get<std::string>(wrong(field, written));
  if (written.is_string()) {
    const std::string hint = did_you_mean(written.get<std::string>(), names_of(field.choices));
    if (!hint.empty()) message += ": " + hint;
  }
  return message;
}

Read read_duration(const Field& field, const Document& written) {
  const auto duration =
      written.is_string() ? parse_duration(written.get<std::string>()) : std::nullopt;
  if (!duration) return wrong(field, written);
  return Document(wire_duration(*duration));
}

Read read_days(const Field& field, const Document& written) {
  const auto duration =
      written.is_string() ? parse_duration(written.get<std::string>()) : std::nullopt;
  if (!duration || *duration % std::chrono::days(1) != Duration::zero()) {
    return wrong(field, written);
  }
  return Document(wire_duration(*duration));
}

Read read_timestamp(const Field& field, const Document& written) {
  const auto instant =
      written.is_string() ? parse_timestamp(written.get<std::string>()) : std::nullopt;
  if (!instant) return wrong(field, written);
  return Document(timestamp_text(*instant));
}

Read read_expiry(const Field& field, const Document& written) {
  if (!written.is_string()) return wrong(field, written);
  const std::string text = written.get<std::string>();
  if (text == "never") return Document{{"never", true}};
  if (const auto duration = parse_duration(text)) {
    return Document{{"ttl", wire_duration(*duration)}};
  }
  if (const auto instant = parse_timestamp(text)) {
    return Document{{"expire_time", timestamp_text(*instant)}};
  }
  return wrong(field, written);
}

Read read_suspension(const Field& field, const Document& written) {
  if (written == "never") return Document("never");
  return read_duration(field, written);
}

Read read_texts(const Field& field, const Document& written) {
  if (!written.is_object()) return wrong(field, written);
  std::map<std::string, std::string> sorted;
  for (const auto& [key, value] : written.items()) {
    if (value.is_structured() || value.is_null()) {
      return fmt::format("{}: expected a text; not {}", key, shown(value));
    }
    sorted[key] = value.is_string() ? value.get<std::string>() : to_text(value);
  }
  Document texts = Document::object();
  for (const auto& [key, value] : sorted) texts[key] = value;
  return texts;
}

Read read_flags(const Field& field, const Document& written) {
  if (!written.is_array()) return wrong(field, written);
  std::vector<std::string> names;
  for (const Document& item : written) {
    if (!item.is_string() || !is_choice(field, item.get<std::string>())) {
      return wrong_choice(field, item);
    }
    names.push_back(item.get<std::string>());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return Document(names);
}

Read read_group(const Field& field, const Document& written) {
  if (written.is_null()) return Document{{"size", 1}, {"readable_secondaries", false}};
  if (!written.is_object() || !written.contains("size")) return wrong(field, written);
  Document group = {{"size", 1}, {"readable_secondaries", false}};
  for (const auto& [key, value] : written.items()) {
    const bool is_size = key == "size" && value.is_number_integer() && value >= 1 && value <= 100;
    const bool is_flag = key == "readable_secondaries" && value.is_boolean();
    if (!is_size && !is_flag) return wrong(field, written);
    group[key] = value;
  }
  return group;
}

constexpr std::array<std::string_view, 3> kPrincipals = {"group", "service_principal", "user"};

/// One entry of a list of permissions, or null when it is none.
Document read_permission(const Field& field, const Document& written) {
  if (!written.is_object() || written.size() != 2 || !written.contains("level")) return nullptr;
  const Document& level = written.at("level");
  if (!level.is_string() || !is_choice(field, level.get<std::string>())) return nullptr;
  for (const std::string_view principal : kPrincipals) {
    const auto name = written.find(principal);
    if (name == written.end()) continue;
    if (!name->is_string() || name->get<std::string>().empty()) return nullptr;
    return Document{{std::string(principal), *name}, {"level", level}};
  }
  return nullptr;
}

Read read_permissions(const Field& field, const Document& written) {
  if (!written.is_array()) return wrong(field, written);
  std::map<std::string, Document> sorted;  // by the principal
  for (const Document& item : written) {
    Document entry = read_permission(field, item);
    if (entry.is_null()) {
      return fmt::format("expected a group, service_principal or user and its level, {}; not {}",
                         fmt::join(names_of(field.choices), " or "), shown(item));
    }
    const auto principal = entry.begin();
    const std::string key = principal.key() + ":" + principal->get<std::string>();
    if (!sorted.emplace(key, std::move(entry)).second) {
      return fmt::format("{} {} stands in the list twice", principal.key(), shown(*principal));
    }
  }
  Document entries = Document::array();
  for (auto& [key, entry] : sorted) entries.push_back(std::move(entry));
  return entries;
}

Read read_names(const Field& field, const Document& written) {
  const bool is_list = written.is_array() && !written.empty();
  if (!is_list) return wrong(field, written);
  std::set<std::string> seen;
  for (const Document& item : written) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty()) return wrong(field, item);
    if (!seen.insert(item.get<std::string>()).second) {
      return fmt::format("{} stands in the list twice", shown(item));
    }
  }
  return written;
}

bool is_type_of_column(const Field& field, const Document& written) {
  const auto type =
      written.is_string() ? read_sized_type(written.get_ref<const std::string&>()) : std::nullopt;
  return type && is_choice(field, type->name);
}

Read read_column_types(const Field& field, const Document& written) {
  if (!written.is_object()) return wrong(field, written);
  std::map<std::string, Document> sorted;
  for (const auto& [column, type] : written.items()) {
    if (!is_type_of_column(field, type)) {
      return fmt::format(
          "{}: expected one of the types {}, with its size as in vector(768); not {}", column,
          fmt::join(names_of(field.choices), ", "), shown(type));
    }
    sorted[column] = type;
  }
  Document types = Document::object();
  for (auto& [column, type] : sorted) types[column] = std::move(type);
  return types;
}

bool is_filled_text(const Document& map, const char* key) {
  const auto found = map.find(key);
  return found != map.end() && found->is_string() && !found->get_ref<const std::string&>().empty();
}

Read read_columns(const Field& field, const Document& written) {
  if (!written.is_object()) return wrong(field, written);
  std::map<std::string, Document> sorted;
  for (const auto& [column, what] : written.items()) {
    const bool is_whole = what.is_object() && what.size() == 2 && is_filled_text(what, "type") &&
                          is_filled_text(what, "compute");
    if (!is_whole) {
      return fmt::format(
          "{}: expected a map with type and compute, what it is computed from; not {}", column,
          shown(what));
    }
    sorted[column] = {{"type", what.at("type")}, {"compute", what.at("compute")}};
  }
  Document columns = Document::object();
  for (auto& [column, what] : sorted) columns[column] = std::move(what);
  return columns;
}

bool is_binding_key(const std::string& key) {
  return key == "resource_key" || key == "database" || key == "branch" || key == "permission" ||
         key == "description";
}

/// What is wrong with one entry of a list of bindings; "" when nothing is.
std::string mistake_in_binding(const Field& field, const Document& written) {
  if (!written.is_object()) return std::get<std::string>(wrong(field, written));
  for (const auto& [key, value] : written.items()) {
    if (!is_binding_key(key)) return fmt::format("unknown key {}", key);
    if (!value.is_string()) return fmt::format("{}: expected a text; not {}", key, shown(value));
  }
  if (!is_filled_text(written, "resource_key")) return "resource_key is missing";
  const bool has_database = is_filled_text(written, "database");
  if (has_database == is_filled_text(written, "branch")) {
    return fmt::format("{}: expected exactly one of database and branch",
                       text_at(written, "resource_key"));
  }
  const auto permission = written.find("permission");
  if (permission == written.end() || is_choice(field, permission->get<std::string>())) return "";
  return fmt::format("permission: expected {}; not {}", fmt::join(names_of(field.choices), " or "),
                     shown(*permission));
}

Document binding_of(const Field& field, const Document& written) {
  const char* what = written.contains("database") ? "database" : "branch";
  Document entry = {{"resource_key", written.at("resource_key")}, {what, written.at(what)}};
  entry["permission"] =
      written.value("permission", Document(std::string(field.choices.front().name)));
  if (written.contains("description")) entry["description"] = written.at("description");
  return entry;
}

Read read_bindings(const Field& field, const Document& written) {
  if (!written.is_array()) return wrong(field, written);
  std::map<std::string, Document> sorted;
  for (const Document& item : written) {
    std::string mistake = mistake_in_binding(field, item);
    if (!mistake.empty()) return mistake;
    const std::string key = text_at(item, "resource_key");
    if (!sorted.emplace(key, binding_of(field, item)).second) {
      return fmt::format("resource_key {} stands in the list twice", key);
    }
  }
  Document entries = Document::array();
  for (auto& [key, entry] : sorted) entries.push_back(std::move(entry));
  return entries;
}

Read read_text(const Field& field, const Document& written) {
  // An id such as 4711 or a version such as 1.0 is meant as text wherever text is wanted.
  if (written.is_string()) return written;
  if (written.is_number()) return Document(to_text(written));
  return wrong(field, written);
}

}  // namespace

std::optional<SizedType> read_sized_type(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  std::int64_t size = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [last, error] = std::from_chars(text.data() + open + 1, end, size);
  const bool is_whole = text.back() == ')' && error == std::errc() && last == end && size > 0;
  if (!is_whole) return std::nullopt;
  return SizedType{.name = std::string(text.substr(0, open)), .size = size};
}

std::variant<Document, std::string> read_value(const Field& field, const Document& written) {
  const auto keep_if = [&](bool is_right) -> Read {
    return is_right ? Read(written) : wrong(field, written);
  };
  switch (field.type) {
    case Type::kString:
    case Type::kReference:
      return read_text(field, written);
    case Type::kBoolean:
    case Type::kSuperuser:
      return keep_if(written.is_boolean());
    case Type::kInteger:
      return keep_if(written.is_number_integer());
    case Type::kNumber:
      return keep_if(written.is_number() && std::isfinite(written.get<double>()));
    case Type::kDuration:
      return read_duration(field, written);
    case Type::kDays:
      return read_days(field, written);
    case Type::kTimestamp:
      return read_timestamp(field, written);
    case Type::kChoice:
      if (written.is_string() && is_choice(field, written.get<std::string>())) return written;
      return wrong_choice(field, written);
    case Type::kTags:
    case Type::kSettings:
      return read_texts(field, written);
    case Type::kExpiry:
      return read_expiry(field, written);
    case Type::kSuspension:
      return read_suspension(field, written);
    case Type::kGroup:
      return read_group(field, written);
    case Type::kFlags:
      return read_flags(field, written);
    case Type::kPermissions:
      return read_permissions(field, written);
    case Type::kNames:
      return read_names(field, written);
    case Type::kColumnTypes:
      return read_column_types(field, written);
    case Type::kColumns:
      return read_columns(field, written);
    case Type::kBindings:
      return read_bindings(field, written);
  }
  return wrong(field, written);
}

}  // namespace weir
