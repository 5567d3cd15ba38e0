#include "emulator/contract_check.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator {
namespace {

constexpr std::string_view kElement = "[].";

bool is_element_field(const Field& field) {
  return field.path.find(kElement) != std::string::npos;
}

bool has_type(const Field& field, const Json& value) {
  const std::string& type = field.type;
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "object") return value.is_object();
  if (type == "list") return value.is_array();
  if (type == "map") {
    return value.is_object() && std::all_of(value.begin(), value.end(),
                                            [](const Json& entry) { return entry.is_string(); });
  }
  if (type == "duration") return value.is_string() && parse_duration(value.get<std::string>());
  if (type == "timestamp") return value.is_string() && parse_timestamp(value.get<std::string>());
  return value.is_string();
}

bool is_empty(const Json& value) {
  return value.is_null() || value == "" || (value.is_number() && value == 0);
}

std::string full_path(const KindContract& kind, const Field& field) {
  return kind.kind + "." + field.path;
}

/// Refuses an element of a list whose parts have wrong types or are unknown to the contract.
void check_element(const Contract& contract, const KindContract& kind, const Field& list,
                   const Json& element) {
  if (list.items != "object" ? !element.is_string() : !element.is_object()) {
    throw contract.problem("field_type",
                           {{"path", full_path(kind, list)}, {"type", "list of " + list.items}});
  }
  if (!element.is_object()) return;
  for (const auto& [key, value] : element.items()) {
    const Field* part = kind.field(fmt::format("{}{}{}", list.path, kElement, key));
    if (part != nullptr && !has_type(*part, value)) {
      throw contract.problem("field_type",
                             {{"path", full_path(kind, *part)}, {"type", part->type}});
    }
  }
}

/// Durations and timestamps in the one form that the service prints.
Json canonical(const Field& field, const Json& value) {
  if (field.type == "object") return Json::object();
  if (field.type == "duration") {
    return to_text(parse_duration(value.get<std::string>()).value_or(Duration{}));
  }
  if (field.type == "timestamp") {
    return to_text(parse_timestamp(value.get<std::string>()).value_or(Instant{}));
  }
  return value;
}

void decode_field(const Contract& contract, const KindContract& kind, const Field& field,
                  const Json& body, Json& decoded) {
  const Json* value = at_path(body, field.path);
  if (value == nullptr || value->is_null()) return;
  // Clients send some fields even when nobody set them; an empty required one counts as missing.
  if ((field.is_empty_absent || field.is_required) && is_empty(*value)) return;
  if (!has_type(field, *value)) {
    throw contract.problem("field_type", {{"path", full_path(kind, field)}, {"type", field.type}});
  }
  if (field.type == "list") {
    for (const Json& element : *value) check_element(contract, kind, field, element);
  }
  set_path(decoded, field.path, canonical(field, *value));
}

/// Walks every key of the body, for services and tests that want unknown ones refused.
void refuse_unknown(const Contract& contract, const KindContract& kind, const Json& part,
                    const std::string& prefix) {
  if (!part.is_object()) return;
  for (const auto& [key, value] : part.items()) {
    const std::string path = prefix.empty() ? key : fmt::format("{}.{}", prefix, key);
    const Field* field = kind.field(path);
    if (field == nullptr) throw contract.problem("unknown_field", {{"path", path}});
    if (field->type == "object") refuse_unknown(contract, kind, value, path);
  }
}

double as_number(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (const auto duration = parse_duration(value.get<std::string>())) {
    return static_cast<double>(duration->seconds) + duration->nanoseconds * 1e-9;
  }
  return 0;
}

std::string printed(const Json& value) {
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The upper bound, which an assumption of the same meaning may move.
Json maximum_of(const Contract& contract, const Field& field) {
  if (field.maximum.is_null()) return field.maximum;
  if (field.assumption == "maximum_cu") return contract.assumptions.number("maximum_cu");
  if (field.assumption == "branch_ttl_maximum") {
    return to_text(contract.assumptions.duration("branch_ttl_maximum"));
  }
  return field.maximum;
}

void check_bounds(const Contract& contract, const KindContract& kind, const Field& field,
                  const Json& value) {
  const Json maximum = maximum_of(contract, field);
  const bool is_small = !field.minimum.is_null() && as_number(value) < as_number(field.minimum);
  const bool is_large = !maximum.is_null() && as_number(value) > as_number(maximum);
  if (!is_small && !is_large) return;
  std::string error = "value_out_of_range";
  if (maximum.is_null()) error = "value_too_small";
  if (field.minimum.is_null()) error = "value_too_large";
  if (!field.error.empty()) error = field.error;
  throw contract.problem(error, {{"path", full_path(kind, field)},
                                 {"minimum", printed(field.minimum)},
                                 {"maximum", printed(maximum)},
                                 {"limit", printed(maximum)},
                                 {"start", "after its creation"},
                                 {"value", printed(value)}});
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned>(c) & 0xC0U) != 0x80U;
  }));
}

void check_text(const Contract& contract, const KindContract& kind, const Field& field,
                const std::string& text) {
  const std::string path = full_path(kind, field);
  const std::size_t length = field.maximum_bytes ? text.size() : characters(text);
  const std::size_t least = field.minimum_length.value_or(1);
  const std::size_t most =
      field.maximum_bytes.value_or(field.maximum_length.value_or(std::size_t{1} << 20U));
  if (length < least || length > most) {
    throw contract.problem("value_length",
                           {{"path", path},
                            {"minimum", std::to_string(least)},
                            {"maximum", std::to_string(most)},
                            {"unit", field.maximum_bytes ? "bytes" : "characters"}});
  }
  if (field.pattern && !std::regex_match(text, *field.pattern)) {
    throw contract.problem("value_pattern",
                           {{"path", path}, {"pattern", field.pattern_text}, {"value", text}});
  }
  const auto& values = field.values;
  if (!values.empty() && std::find(values.begin(), values.end(), text) == values.end()) {
    throw contract.problem(
        "value_enum",
        {{"path", path}, {"value", text}, {"values", fmt::format("{}", fmt::join(values, ", "))}});
  }
}

/// "projects/a/branches/b" names a branch: collections and ids alternate as the kinds are nested.
bool names_kind(const Contract& contract, const std::string& name, const std::string& kind_name) {
  const KindContract& kind = contract.kind(kind_name);
  const std::size_t id = name.rfind('/');
  if (id == std::string::npos || id + 1 == name.size()) return false;
  const std::string head = name.substr(0, id);
  const std::string tail = kind.parent.empty() ? kind.collection : "/" + kind.collection;
  if (head.size() < tail.size() || head.substr(head.size() - tail.size()) != tail) return false;
  const std::string parent = head.substr(0, head.size() - tail.size());
  return kind.parent.empty() ? parent.empty() : names_kind(contract, parent, kind.parent);
}

void check_name(const Contract& contract, const KindContract& kind, const Field& field,
                const std::string& name) {
  if (field.type != "name" || names_kind(contract, name, field.of)) return;
  throw contract.problem("value_name",
                         {{"path", full_path(kind, field)}, {"kind", field.of}, {"value", name}});
}

/// Whether an element has the object that a part lies in, as "database" of "database.permission".
bool has_holder(const Json& element, const std::string& part) {
  const std::size_t dot = part.rfind('.');
  return dot == std::string::npos || at_path(element, part.substr(0, dot)) != nullptr;
}

void check_part(const Contract& contract, const KindContract& kind, const Field& part,
                const Json& value) {
  if (!has_type(part, value)) {
    throw contract.problem("field_type", {{"path", full_path(kind, part)}, {"type", part.type}});
  }
  if (value.is_number()) check_bounds(contract, kind, part, value);
  if (!part.values.empty()) check_text(contract, kind, part, value.get<std::string>());
  if (value.is_string()) check_name(contract, kind, part, value.get<std::string>());
}

/// Refuses an element that lacks a part, or has one outside its enum or bounds.
void check_parts(const Contract& contract, const KindContract& kind, const Field& list,
                 const Json& element) {
  const std::string prefix = list.path + std::string(kElement);
  for (const Field& part : kind.fields) {
    if (!part.path.starts_with(prefix)) continue;
    const std::string path = part.path.substr(prefix.size());
    if (!has_holder(element, path)) continue;
    const Json* value = at_path(element, path);
    const bool is_absent = value == nullptr || is_empty(*value);
    if (is_absent && part.is_required) {
      throw contract.problem("field_required", {{"path", full_path(kind, part)}});
    }
    if (!is_absent) check_part(contract, kind, part, *value);
  }
}

void check_value(const Contract& contract, const KindContract& kind, const Field& field,
                 const Json& value) {
  if (field.is_only_true && value == false) {
    throw contract.problem("value_only_true", {{"path", full_path(kind, field)}});
  }
  if (value.is_number() || field.type == "duration") check_bounds(contract, kind, field, value);
  if (value.is_string() && field.type != "duration" && field.type != "timestamp") {
    check_text(contract, kind, field, value.get<std::string>());
  }
  if (value.is_string()) check_name(contract, kind, field, value.get<std::string>());
  if (field.type != "list") return;
  if (field.maximum_items && value.size() > *field.maximum_items) {
    throw contract.problem("list_length", {{"path", full_path(kind, field)},
                                           {"maximum", std::to_string(*field.maximum_items)}});
  }
  for (const Json& element : value) {
    if (element.is_string()) check_text(contract, kind, field, element.get<std::string>());
    if (element.is_object()) check_parts(contract, kind, field, element);
  }
}

}  // namespace

Json decode_body(const Contract& contract, const KindContract& kind, const Json& body) {
  if (!body.is_object()) {
    throw contract.problem("body_malformed", {{"reason", "it must be an object"}});
  }
  if (contract.assumptions.is("unknown_body_field", "refused")) {
    refuse_unknown(contract, kind, body, "");
  }
  Json decoded = Json::object();
  for (const Field& field : kind.fields) {
    if (field.is_input && !is_element_field(field)) {
      decode_field(contract, kind, field, body, decoded);
    }
  }
  return decoded;
}

void check_values(const Contract& contract, const KindContract& kind, const Json& values) {
  for (const Field& field : kind.fields) {
    if (is_element_field(field)) continue;
    const Json* value = at_path(values, field.path);
    if (value != nullptr) check_value(contract, kind, field, *value);
  }
}

void check_required(const Contract& contract, const KindContract& kind, const Json& values) {
  for (const Field& field : kind.fields) {
    const bool is_needed = field.is_required && !is_element_field(field);
    if (is_needed && at_path(values, field.path) == nullptr) {
      throw contract.problem("field_required", {{"path", full_path(kind, field)}});
    }
  }
}

void show_values(const KindContract& kind, const Json& values, Json& shown) {
  for (const Field& field : kind.fields) {
    const bool is_copied = field.is_input && !field.shown_as.empty() && field.oneof.empty() &&
                           !is_element_field(field) && field.type != "object";
    const Json* value = is_copied ? at_path(values, field.path) : nullptr;
    if (value == nullptr) continue;
    // The service leaves empty lists out of its answers.
    if (value->is_array() && value->empty()) {
      erase_path(shown, field.shown_as);
    } else {
      set_path(shown, field.shown_as, *value);
    }
  }
}

namespace {

const Json* value_at(const Json& values, const std::string& path) {
  return at_path(values, path);
}

bool breaks(const Rule& rule, const Json& values) {
  std::vector<const Json*> operands;
  operands.reserve(rule.fields.size());
  for (const std::string& path : rule.fields) operands.push_back(value_at(values, path));
  const auto present = std::count_if(operands.begin(), operands.end(),
                                     [](const Json* operand) { return operand != nullptr; });
  const bool are_all_present = present == static_cast<std::ptrdiff_t>(operands.size());
  if (rule.rule == "at_most_one") return present > 1;
  if (rule.rule == "exactly_one") return present != 1;
  if (rule.rule == "all_present") return value_at(values, rule.of) != nullptr && !are_all_present;
  if (rule.rule == "needs") {
    const Json* condition = value_at(values, rule.if_path);
    const bool applies = condition != nullptr && condition->get<double>() > rule.above;
    const Json* needed = value_at(values, rule.then_path);
    return applies && (needed == nullptr || *needed == false);
  }
  if (!are_all_present) return false;
  const double first = as_number(*operands.at(0));
  const double second = as_number(*operands.at(1));
  if (rule.rule == "not_above") return first > second;
  if (rule.rule == "spread_at_most") return second - first > rule.limit;
  return rule.rule == "equal" && first != second;
}

std::string first_absent(const Rule& rule, const Json& values) {
  const auto absent =
      std::find_if(rule.fields.begin(), rule.fields.end(),
                   [&](const std::string& path) { return value_at(values, path) == nullptr; });
  return absent == rule.fields.end() ? "" : *absent;
}

}  // namespace

void check_rules(const Contract& contract, const KindContract& kind, const Json& values,
                 Occasion occasion) {
  for (const Rule& rule : kind.rules) {
    if (rule.on == "create" && occasion != Occasion::kCreate) continue;
    if (rule.assumption == "expiration_on_create" &&
        contract.assumptions.is("expiration_on_create", "optional")) {
      continue;
    }
    if (!breaks(rule, values)) continue;
    throw contract.problem(rule.error,
                           {{"oneof", rule.oneof},
                            {"members", fmt::format("{}", fmt::join(rule.fields, ", "))},
                            {"limit", fmt::format("{}", rule.limit)},
                            {"path", kind.kind + "." + first_absent(rule, values)}});
  }
}

}  // namespace emulator
