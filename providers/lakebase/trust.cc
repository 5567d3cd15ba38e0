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

/// What the value should have been; "" when it is that.
std::string_view expected_instead(const Field& field, const Document& value) {
  switch (field.type) {
    case Type::kBoolean:
    case Type::kSuperuser:
      return value.is_boolean() ? "" : "true or false";
    case Type::kInteger:
      return value.is_number_integer() ? "" : "a whole number";
    case Type::kNumber:
      return value.is_number() ? "" : "a number";
    case Type::kDuration:
      return is_duration(value) ? "" : "a duration";
    case Type::kSuspension:
      return value == "never" || is_duration(value) ? "" : "a duration";
    case Type::kTags:
    case Type::kSettings:
      return is_text_map(value) ? "" : "a map of texts";
    case Type::kExpiry:
      return is_expiry(value) ? "" : "an expiration";
    case Type::kGroup:
      return value.is_object() ? "" : "an object";
    case Type::kFlags:
    case Type::kPermissions:
      return value.is_array() ? "" : "a list";
    default:
      return value.is_string() ? "" : "a text";
  }
}

}  // namespace

std::string mistake_in(const Observed& observed) {
  for (const Field& field : observed.kind->fields) {
    const auto value = observed.fields.find(field.name);
    if (value == observed.fields.end() || value->is_null()) continue;
    const std::string_view expected = expected_instead(field, *value);
    if (expected.empty()) continue;
    return fmt::format("{} of {} is {}, not {}", field.name, http::tame(observed.name),
                       http::tame(to_text(*value)), expected);
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
