#include "providers/lakebase/trust.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/units.h"
#include "providers/http/problem.h"

namespace weir {
namespace {

bool is_duration(const Document& value) {
  return value.is_string() && parse_duration(value.get<std::string>()).has_value();
}

bool is_suspension(const Document& value) {
  return value == "never" || is_duration(value);
}

bool is_text_map(const Document& value) {
  return value.is_object() && std::ranges::all_of(value, [](const Document& item) {
           return item.is_string() || item.is_number() || item.is_boolean();
         });
}

bool is_expiry(const Document& value) {
  if (!value.is_object()) return false;
  const auto is_text = [&](const char* key) {
    const auto found = value.find(key);
    return found == value.end() || found->is_string();
  };
  return is_text("ttl") && is_text("expire_time");
}

struct Form {
  std::string_view words;
  bool is_met = false;
};

/// What a value of the field is like, and whether this one is.
Form form_of(const Field& field, const Document& value) {
  switch (field.type) {
    case Type::kBoolean:
    case Type::kSuperuser:
      return {"true or false", value.is_boolean()};
    case Type::kInteger:
      return {"a whole number", value.is_number_integer()};
    case Type::kNumber:
      return {"a number", value.is_number()};
    case Type::kDays:
      return {"a number of days", is_duration(value)};
    case Type::kDuration:
      return {"a duration", is_duration(value)};
    case Type::kSuspension:
      return {"a duration", is_suspension(value)};
    case Type::kTags:
    case Type::kSettings:
      return {"a map of texts", is_text_map(value)};
    case Type::kExpiry:
      return {"an expiration", is_expiry(value)};
    case Type::kGroup:
    case Type::kColumnTypes:
    case Type::kColumns:
      return {"an object", value.is_object()};
    case Type::kFlags:
    case Type::kPermissions:
    case Type::kNames:
    case Type::kBindings:
      return {"a list", value.is_array()};
    default:
      return {"a text", value.is_string()};
  }
}

}  // namespace

std::string mistake_in(const Observed& observed) {
  for (const Field& field : observed.kind->fields) {
    const auto value = observed.fields.find(field.name);
    if (value == observed.fields.end() || value->is_null()) continue;
    const Form form = form_of(field, *value);
    if (form.is_met) continue;
    return fmt::format("{} of {} is {}, not {}", field.name, http::tame(observed.name),
                       http::tame(to_text(*value)), form.words);
  }
  return "";
}

std::string mistake_in(const Kind& kind, const Document& resource) {
  const bool has_status = at_path(resource, "status") != nullptr;
  for (const Field& field : kind.fields) {
    if (field.observed_at.starts_with("status.") && !has_status) {
      return fmt::format("a {} has no status", kind.name);
    }
    if (field.type != Type::kBoolean || field.observed_at.empty()) continue;
    const Document* value = at_path(resource, field.observed_at);
    if (value == nullptr || value->is_null() || value->is_boolean()) continue;
    return fmt::format("{} of {} is {}, not true or false", field.name,
                       http::tame(text_at(resource, "name")), http::tame(to_text(*value)));
  }
  return "";
}

}  // namespace weir
