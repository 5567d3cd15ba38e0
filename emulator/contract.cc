#include "emulator/contract.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator {
namespace {

std::string text_of(const Json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> texts_of(const Json& row, const char* key) {
  return row.contains(key) ? row.at(key).get<std::vector<std::string>>()
                           : std::vector<std::string>{};
}

std::optional<std::size_t> size_of(const Json& row, const char* key) {
  if (!row.contains(key)) return std::nullopt;
  return row.at(key).get<std::size_t>();
}

Field to_field(const Json& row) {
  Field field;
  field.path = row.at("path").get<std::string>();
  field.type = row.at("type").get<std::string>();
  field.items = text_of(row, "items");
  field.values = texts_of(row, "values");
  field.of = text_of(row, "of");
  field.minimum = row.value("minimum", Json());
  field.maximum = row.value("maximum", Json());
  field.minimum_length = size_of(row, "minimum_length");
  field.maximum_length = size_of(row, "maximum_length");
  field.maximum_bytes = size_of(row, "maximum_bytes");
  field.maximum_items = size_of(row, "maximum_items");
  field.pattern_text = text_of(row, "pattern");
  if (!field.pattern_text.empty()) field.pattern = std::regex(field.pattern_text);
  field.is_only_true = row.value("only", false);
  field.is_input = text_of(row, "flow") == "input";
  field.is_immutable = row.value("immutable", false);
  field.is_required = text_of(row, "required") == "create";
  field.oneof = text_of(row, "oneof");
  field.mask = text_of(row, "mask");
  field.mask_alias = text_of(row, "mask_alias");
  field.is_mask_value_optional = text_of(row, "mask_value") == "optional";
  field.is_create_only = row.value("create_only", false);
  field.is_empty_absent = row.value("empty_is_absent", false);
  field.error = text_of(row, "error");
  field.assumption = text_of(row, "assumption");
  field.shown_as = text_of(row, "shown_as");
  field.default_value = row.value("default", Json());
  return field;
}

Rule to_rule(const Json& row) {
  return {.rule = row.at("rule").get<std::string>(),
          .fields = texts_of(row, "fields"),
          .of = text_of(row, "of"),
          .oneof = text_of(row, "oneof"),
          .on = text_of(row, "on"),
          .if_path = text_of(row, "if"),
          .then_path = text_of(row, "then"),
          .above = row.value("above", 0.0),
          .limit = row.value("limit", 0.0),
          .error = row.at("error").get<std::string>(),
          .assumption = text_of(row, "assumption")};
}

void read_id(const Json& id, KindContract& kind) {
  kind.id_parameter = id.at("parameter").get<std::string>();
  kind.id_pattern_text = id.at("pattern").get<std::string>();
  kind.id_pattern = std::regex(kind.id_pattern_text);
  kind.id_error = id.at("error").get<std::string>();
  const std::string when_absent = text_of(id, "when_absent");
  kind.is_id_generated = when_absent == "generated";
  if (when_absent != "generated" && when_absent != "refused") kind.id_from = when_absent;
}

KindContract to_kind(const Json& document) {
  KindContract kind;
  kind.kind = document.at("kind").get<std::string>();
  kind.api = document.value("api", "postgres");
  kind.not_found_error = document.value("not_found", "not_found");
  kind.collection = document.value("rows", document.at("collection").get<std::string>());
  kind.parent = text_of(document, "parent");
  kind.operation_metadata = text_of(document, "operation_metadata");
  kind.is_singleton = document.value("singleton", false);
  if (document.contains("id")) read_id(document.at("id"), kind);
  for (const Json& row : document.at("methods")) {
    kind.methods.push_back({.method = row.at("method").get<std::string>(),
                            .query = texts_of(row, "query"),
                            .needs_body = text_of(row, "body") == "required",
                            .plural = text_of(row, "plural"),
                            .maximum_page_size = size_of(row, "maximum_page_size")});
  }
  for (const Json& row : document.at("fields")) kind.fields.push_back(to_field(row));
  for (const Json& row : document.at("rules")) kind.rules.push_back(to_rule(row));
  return kind;
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string filled_in(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string placeholder = "{" + name + "}";
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size())) {
      text.replace(at, placeholder.size(), value);
    }
  }
  return text;
}

}  // namespace

const Field* KindContract::field(std::string_view path) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.path == path; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<const Field*> KindContract::members(std::string_view oneof) const {
  std::vector<const Field*> result;
  for (const Field& field : fields) {
    if (!field.oneof.empty() && field.oneof == oneof) result.push_back(&field);
  }
  return result;
}

const Method* KindContract::method(std::string_view method) const {
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [&](const Method& row) { return row.method == method; });
  return found == methods.end() ? nullptr : &*found;
}

Assumptions::Assumptions(const Json& document) {
  for (const Json& row : document.at("assumptions")) {
    const std::string value = as_text(row.at("default"));
    assumptions_.emplace(row.at("name").get<std::string>(),
                         Assumption{.type = row.at("type").get<std::string>(),
                                    .choices = texts_of(row, "choices"),
                                    .value = value,
                                    .default_value = value,
                                    .what = row.at("what").get<std::string>()});
  }
}

void Assumptions::set(const std::string& name, const std::string& value) {
  const auto found = assumptions_.find(name);
  if (found == assumptions_.end()) {
    std::vector<std::string> names;
    names.reserve(assumptions_.size());
    for (const auto& [known_name, assumption] : assumptions_) names.push_back(known_name);
    throw std::invalid_argument(
        fmt::format("no assumption is called {}; there are {}", name, fmt::join(names, ", ")));
  }
  Assumption& assumption = found->second;
  const auto& choices = assumption.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
    throw std::invalid_argument(
        fmt::format("{} can be {}, not {}", name, fmt::join(choices, " or "), value));
  }
  double number = 0;
  const char* end = value.data() + value.size();
  const bool is_number = std::from_chars(value.data(), end, number).ptr == end && number >= 0;
  const bool is_whole = is_number && value.find_first_not_of("0123456789") == std::string::npos;
  if ((assumption.type == "duration" && !parse_duration(value)) ||
      (assumption.type == "number" && !is_number) || (assumption.type == "integer" && !is_whole)) {
    throw std::invalid_argument(fmt::format("{} is of type {}, for example {}, not {}", name,
                                            assumption.type, assumption.default_value, value));
  }
  assumption.value = value;
}

const Assumptions::Assumption& Assumptions::known(std::string_view name) const {
  const auto found = assumptions_.find(name);
  if (found == assumptions_.end()) {
    throw std::logic_error(fmt::format("the contract has no assumption {}", name));
  }
  return found->second;
}

bool Assumptions::is(std::string_view name, std::string_view value) const {
  return known(name).value == value;
}

const std::string& Assumptions::choice(std::string_view name) const {
  return known(name).value;
}

std::size_t Assumptions::integer(std::string_view name) const {
  return std::stoul(known(name).value);
}

double Assumptions::number(std::string_view name) const {
  return std::stod(known(name).value);
}

Duration Assumptions::duration(std::string_view name) const {
  return parse_duration(known(name).value).value_or(Duration{});
}

Json Assumptions::described() const {
  Json rows = Json::array();
  for (const auto& [name, assumption] : assumptions_) {
    Json row = {{"name", name},
                {"value", assumption.value},
                {"default", assumption.default_value},
                {"what", assumption.what}};
    if (!assumption.choices.empty()) row["choices"] = assumption.choices;
    rows.push_back(std::move(row));
  }
  return rows;
}

namespace {

std::map<std::string, Json, std::less<>> parse_all(
    const std::map<std::string_view, std::string_view>& texts) {
  std::map<std::string, Json, std::less<>> documents;
  for (const auto& [name, text] : texts) documents.emplace(name, Json::parse(text));
  return documents;
}

}  // namespace

Contract::Contract(const std::map<std::string_view, std::string_view>& texts)
    : assumptions(Json::parse(texts.at("assumptions"))), documents_(parse_all(texts)) {
  constexpr std::array kKinds = {
      "project",  "branch",        "endpoint",         "role",           "database",
      "catalog",  "synced_table",  "data_api",         "cdf_config",     "cdf_status",
      "instance", "instance_role", "database_catalog", "database_table", "synced_database_table",
      "app"};
  for (const char* name : kKinds) {
    kinds_.push_back(to_kind(document(name)));
  }
  for (const Json& row : document("errors").at("errors")) {
    errors_.emplace(row.at("id").get<std::string>(), row);
  }
}

const KindContract& Contract::kind(std::string_view name) const {
  const auto found = std::find_if(kinds_.begin(), kinds_.end(),
                                  [&](const KindContract& kind) { return kind.kind == name; });
  if (found == kinds_.end()) throw std::logic_error(fmt::format("no contract of kind {}", name));
  return *found;
}

const Json& Contract::document(std::string_view name) const {
  const auto found = documents_.find(name);
  if (found == documents_.end()) throw std::logic_error(fmt::format("no contract {}", name));
  return found->second;
}

Problem Contract::problem(std::string_view id,
                          const std::map<std::string, std::string>& values) const {
  const auto found = errors_.find(id);
  if (found == errors_.end())
    throw std::logic_error(fmt::format("the contract has no error {}", id));
  const Json& row = found->second;
  return {row.at("status").get<int>(), row.at("code").get<std::string>(),
          filled_in(row.at("message").get<std::string>(), values), text_of(row, "details")};
}

}  // namespace emulator
