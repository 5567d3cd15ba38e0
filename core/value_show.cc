// Canonical values for people and editors.
#include <fmt/format.h>

#include "core/units.h"
#include "core/value.h"

namespace weir {
namespace {

/// Characters that would make a plain text something else, or break a line of output.
bool needs_quotes(const std::string& text) {
  if (text.empty()) return true;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '@' ||
                          c == '/' || c == ':' || c == '+' || static_cast<unsigned char>(c) > 127;
    if (!is_plain) return true;
  }
  return false;
}

std::string scalar_text(const Document& value) {
  if (!value.is_string()) return to_text(value);
  const std::string text = value.get<std::string>();
  return needs_quotes(text) ? to_text(value) : text;
}

std::string joined(const Document& value) {
  std::string text;
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) {
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, joined(item));
    }
    return "{" + text + "}";
  }
  if (!value.is_array()) return scalar_text(value);
  for (const Document& item : value) text += (text.empty() ? "" : ", ") + joined(item);
  return "[" + text + "]";
}

Document human_duration(const Document& value) {
  const auto duration = value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
  return duration ? Document(duration_text(*duration)) : value;
}

Document human_expiry(const Document& value) {
  if (value.contains("never")) return "never";
  if (value.contains("ttl")) return human_duration(value.at("ttl"));
  return value.value("expire_time", Document("never"));
}

std::string list_of(std::span<const Choice> choices) {
  std::string list;
  for (const Choice& choice : choices) {
    if (!list.empty()) list += &choice == &choices.back() ? " or " : ", ";
    list.append(choice.name);
  }
  return list;
}

/// Every value may come from a variable or an output.
Document or_interpolation(Document schema) {
  return {{"anyOf", {std::move(schema), {{"$ref", "#/$defs/interpolation"}}}}};
}

Document choice_names(std::span<const Choice> choices) {
  Document names = Document::array();
  for (const Choice& choice : choices) names.push_back(std::string(choice.name));
  return names;
}

Document text_map_schema() {
  return {{"type", "object"},
          {"additionalProperties", {{"type", {"string", "number", "boolean"}}}}};
}

Document group_schema() {
  return {{"type", {"object", "null"}},
          {"required", {"size"}},
          {"additionalProperties", false},
          {"properties",
           {{"size", {{"type", "integer"}, {"minimum", 1}}},
            {"readable_secondaries", {{"type", "boolean"}}}}}};
}

Document permissions_schema(const Field& field) {
  const auto entry = [&](const char* principal) -> Document {
    return {{"type", "object"},
            {"required", {principal, "level"}},
            {"additionalProperties", false},
            {"properties",
             {{principal, {{"type", "string"}}},
              {"level", or_interpolation({{"enum", choice_names(field.choices)}})}}}};
  };
  return {{"type", "array"},
          {"items", {{"anyOf", {entry("user"), entry("group"), entry("service_principal")}}}}};
}

Document names_schema() {
  return {{"type", "array"},
          {"minItems", 1},
          {"uniqueItems", true},
          {"items", {{"type", "string"}, {"minLength", 1}}}};
}

Document column_types_schema(const Field& field) {
  std::string names;
  for (const Choice& choice : field.choices) {
    names.append(names.empty() ? "" : "|").append(choice.name);
  }
  return {
      {"type", "object"},
      {"additionalProperties",
       or_interpolation({{"type", "string"}, {"pattern", "^(" + names + ")\\([1-9][0-9]*\\)$"}})}};
}

Document columns_schema() {
  return {{"type", "object"},
          {"additionalProperties",
           {{"type", "object"},
            {"required", {"type", "compute"}},
            {"additionalProperties", false},
            {"properties", {{"type", {{"type", "string"}}}, {"compute", {{"type", "string"}}}}}}}};
}

Document bindings_schema(const Field& field) {
  const Document text = {{"type", "string"}};
  const auto entry = [&](const char* target) -> Document {
    return {{"type", "object"},
            {"required", {"resource_key", target}},
            {"additionalProperties", false},
            {"properties",
             {{"resource_key", text},
              {target, text},
              {"permission", or_interpolation({{"enum", choice_names(field.choices)}})},
              {"description", text}}}};
  };
  return {{"type", "array"},
          {"items", {{"anyOf", Document::array({entry("database"), entry("branch")})}}}};
}

Document plain_schema(const Field& field) {
  switch (field.type) {
    case Type::kBoolean:
    case Type::kSuperuser:
      return {{"type", "boolean"}};
    case Type::kInteger:
      return {{"type", "integer"}};
    case Type::kNumber:
      return {{"type", "number"}};
    case Type::kDuration:
    case Type::kDays:
      return {{"$ref", "#/$defs/duration"}};
    case Type::kTimestamp:
      return {{"$ref", "#/$defs/timestamp"}};
    case Type::kChoice:
      return {{"enum", choice_names(field.choices)}};
    case Type::kExpiry:
      return {{"anyOf",
               {{{"const", "never"}},
                {{"$ref", "#/$defs/duration"}},
                {{"$ref", "#/$defs/timestamp"}}}}};
    case Type::kSuspension:
      return {{"anyOf", {{{"const", "never"}}, {{"$ref", "#/$defs/duration"}}}}};
    default:
      return {{"type", {"string", "number"}}};
  }
}

}  // namespace

std::string show_value(const Field& field, const Document& value) {
  return value.is_null() ? "(not set)" : joined(written_value(field, value));
}

Document written_value(const Field& field, const Document& value) {
  switch (field.type) {
    case Type::kDuration:
    case Type::kDays:
    case Type::kSuspension:
      return human_duration(value);
    case Type::kExpiry:
      return human_expiry(value);
    default:
      return value;
  }
}

std::string form_in_words(const Field& field) {
  switch (field.type) {
    case Type::kString:
      return "a text";
    case Type::kBoolean:
    case Type::kSuperuser:
      return "true or false";
    case Type::kInteger:
      return "a whole number";
    case Type::kNumber:
      return "a number";
    case Type::kDuration:
      return "a duration such as 7d or 1h30m";
    case Type::kDays:
      return "a whole number of days such as 7d";
    case Type::kTimestamp:
      return "a time such as \"2026-04-27T09:15:00Z\"";
    case Type::kChoice:
      return list_of(field.choices);
    case Type::kReference:
      return fmt::format("the key of a {}", field.refers_to);
    case Type::kTags:
    case Type::kSettings:
      return "a map of texts";
    case Type::kExpiry:
      return "never, a duration such as 7d, or a time such as \"2026-04-27T09:15:00Z\"";
    case Type::kSuspension:
      return "never or a duration such as 5m";
    case Type::kGroup:
      return "a map with size (a number from 1) and readable_secondaries (true or false)";
    case Type::kFlags:
      return "a list of " + list_of(field.choices);
    case Type::kPermissions:
      return "a list of maps such as {group: analysts, level: CAN_USE}";
    case Type::kNames:
      return "a list of texts";
    case Type::kColumnTypes:
      return fmt::format("a map from columns to {}, with a size such as vector(768)",
                         list_of(field.choices));
    case Type::kColumns:
      return "a map from columns to maps such as {type: text, compute: lower(name)}";
    case Type::kBindings:
      return "a list of maps such as {resource_key: db, database: "
             "projects.KEY.branches.KEY.databases.KEY}, or with branch: instead of database:";
  }
  return "a value";
}

Document value_schema(const Field& field) {
  switch (field.type) {
    case Type::kTags:
    case Type::kSettings:
      return text_map_schema();
    case Type::kGroup:
      return group_schema();
    case Type::kFlags:
      return {{"type", "array"}, {"items", {{"enum", choice_names(field.choices)}}}};
    case Type::kPermissions:
      return permissions_schema(field);
    case Type::kNames:
      return names_schema();
    case Type::kColumnTypes:
      return column_types_schema(field);
    case Type::kColumns:
      return columns_schema();
    case Type::kBindings:
      return bindings_schema(field);
    default:
      return or_interpolation(plain_schema(field));
  }
}

}  // namespace weir
