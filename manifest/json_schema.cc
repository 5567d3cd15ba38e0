#include "manifest/json_schema.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/combinations.h"
#include "manifest/fields.h"
#include "manifest/inside/schema_of_words.h"
#include "manifest/limits.h"
#include "manifest/words.h"

namespace weir {
namespace {

using inside::Extent;

constexpr std::string_view kId = "^([a-z]([a-z0-9-]{0,61}[a-z0-9])?|.*\\$\\{[^}]+\\}.*)$";
constexpr std::string_view kTimestamp =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
    "([Zz]|[+-][0-9]{2}:[0-9]{2})$";

Document reference_to(std::string_view definition) {
  return {{"$ref", fmt::format("#/$defs/{}", definition)}};
}

Document any_of(Document first, Document second) {
  return {{"anyOf", Document::array({std::move(first), std::move(second)})}};
}

Document object_schema(Document properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

Document map_of(Document value) {
  return {{"type", "object"}, {"additionalProperties", std::move(value)}};
}

Document list_of(Document item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}

Document described(Document schema, std::string_view description) {
  schema["description"] = std::string(description);
  return schema;
}

Document text_schema(std::string_view description) {
  return {{"type", "string"}, {"description", std::string(description)}};
}

/// With what is said of a word of the language.
Document of_word(Document schema, std::string_view path) {
  return described(std::move(schema), word_doc(path));
}

Document text_of_word(std::string_view path) {
  return of_word({{"type", "string"}}, path);
}

Document or_null(Document schema, Extent extent) {
  return extent == Extent::kPatch ? any_of(std::move(schema), {{"type", "null"}}) : schema;
}

std::string definition_of(const Kind& kind, Extent extent) {
  return std::string(kind.name) + (extent == Extent::kPatch ? "_patch" : "");
}

/// Structured values come from variables too, which the schema of scalars says already.
Document field_schema(const Field& field, Extent extent) {
  Document schema = value_schema(field);
  if (!schema.contains("anyOf")) {
    schema = any_of(std::move(schema), reference_to("interpolation"));
  }
  schema = or_null(std::move(schema), extent);
  schema["description"] = fmt::format("{} Form: {}.", field.doc, form_in_words(field));
  return schema;
}

Document secret_schema(const Field& field) {
  return described(reference_to("secret"), field.doc);
}

/// Puts a field at its dotted name, with a map for each step on the way.
void put_field(Document& properties, const Kind& kind, const Field& field, Extent extent) {
  Document* place = &properties;
  std::string_view rest = field.name;
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string step(rest.substr(0, dot));
    if (!place->contains(step)) (*place)[step] = object_schema(Document::object());
    place = &(*place)[step]["properties"];
    rest.remove_prefix(dot + 1);
  }
  (*place)[std::string(rest)] =
      is_secret_field(kind, field) ? secret_schema(field) : field_schema(field, extent);
}

/// A key is the id, unless the member has an id of its own. A patch need not repeat that.
void demand_ids(Document& schema, const Kind& kind) {
  Document of_id = reference_to(definition_of(kind, Extent::kWhole));
  Document of_other = {{"allOf", Document::array({of_id, {{"required", {"id"}}}})}};
  schema["patternProperties"] = {{std::string(kId), std::move(of_id)}};
  schema["additionalProperties"] = std::move(of_other);
}

Document members_schema(const Kind& kind, Extent extent) {
  Document schema = map_of(or_null(reference_to(definition_of(kind, extent)), extent));
  if (kind.identity == Identity::kId && extent == Extent::kWhole) demand_ids(schema, kind);
  schema["description"] = std::string(kind.doc);
  return schema;
}

/// A singleton is written as the value of its only field.
Document singleton_schema(const Kind& kind, Extent extent) {
  return described(field_schema(kind.fields.front(), extent), kind.fields.front().doc);
}

Document schema_of_member(const Kind& kind, Extent extent) {
  switch (kind.identity) {
    case Identity::kSingleton:
      return singleton_schema(kind, extent);
    case Identity::kOnly:
      return described(or_null(reference_to(definition_of(kind, extent)), extent), kind.doc);
    default:
      return members_schema(kind, extent);
  }
}

Document required(std::span<const std::string_view> fields) {
  Document names = Document::array();
  for (const std::string_view field : fields) names.push_back(std::string(field));
  return {{"required", std::move(names)}};
}

/// Fields of one nested map are combined where that map is.
Document& map_of_fields(Document& schema, std::vector<std::string_view>& fields) {
  const std::size_t dot = fields.front().find('.');
  if (dot == std::string_view::npos) return schema;
  const std::string map(fields.front().substr(0, dot));
  for (std::string_view& field : fields) field.remove_prefix(dot + 1);
  return schema["properties"][map];
}

void add_combination(Document& whole, const Combination& combination) {
  std::vector<std::string_view> all(combination.fields.begin(), combination.fields.end());
  Document& schema = map_of_fields(whole, all);
  const std::span<const std::string_view> fields = all;
  switch (combination.type) {
    case Combination::Type::kExactlyOne: {
      Document choices = Document::array();
      for (const std::string_view& field : fields) choices.push_back(required({&field, 1}));
      schema["oneOf"] = std::move(choices);
      return;
    }
    case Combination::Type::kExcludes:
      for (const std::string_view other : fields.subspan(1)) {
        const std::array<std::string_view, 2> both = {fields.front(), other};
        schema["not"]["anyOf"].push_back(required(both));
      }
      return;
    case Combination::Type::kNeeds:
      schema["dependentRequired"][std::string(fields.front())] =
          required(fields.subspan(1)).at("required");
      return;
  }
}

void add_demands(Document& schema, const Kind& kind) {
  for (const Field& field : kind.fields) {
    if (field.is_required && field.name.find('.') == std::string_view::npos) {
      schema["required"].push_back(std::string(field.name));
    }
  }
  for (const Combination& combination : all_combinations()) {
    if (kind.is_a(combination.kind)) add_combination(schema, combination);
  }
  inside::put_demands(schema, kind.sort());
}

Document kind_schema(const Kind& kind, const Catalogue& catalogue, Extent extent) {
  Document properties = {
      {"id", of_word(any_of(reference_to("id"), reference_to("interpolation")), "id")}};
  if (kind.identity != Identity::kId) {
    properties["id"] = text_of_word("id");
  }
  if (!takes_id(kind)) properties.erase("id");
  for (const Field& field : kind.fields) {
    if (!field.is_derived) put_field(properties, kind, field, extent);
  }
  for (const Kind* member : catalogue.kinds()) {
    if (member->parent != kind.name) continue;
    properties[std::string(member->collection)] = schema_of_member(*member, extent);
  }
  inside::put_words(properties, kind.sort(), extent);
  properties["lifecycle"] = reference_to("lifecycle");
  properties["for_each"] = reference_to("for_each");
  Document schema = object_schema(std::move(properties));
  schema["title"] = std::string(kind.name);
  schema["description"] = std::string(kind.doc);
  if (extent == Extent::kWhole) add_demands(schema, kind);
  return schema;
}

Document one_of(Document properties) {
  Document schema = object_schema(std::move(properties));
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

Document variable_schema() {
  Document schema = object_schema(
      {{"type", of_word({{"enum", {"string", "number", "bool", "duration", "list", "map"}}},
                        "variables.type")},
       {"default", of_word(Document::object(), "variables.default")},
       {"secret", of_word({{"type", "boolean"}}, "variables.secret")},
       {"from",
        of_word(one_of({{"env", text_of_word("variables.from.env")},
                        {"file", text_of_word("variables.from.file")},
                        {"databricks_secret", text_of_word("variables.from.databricks_secret")}}),
                "variables.from")},
       {"description", text_of_word("variables.description")}});
  schema["if"] = {{"properties", {{"secret", {{"const", true}}}}},
                  {"required", Document::array({"secret"})}};
  schema["then"] = {{"required", Document::array({"from"})},
                    {"not", {{"required", Document::array({"default"})}}}};
  schema["else"] = {{"not", {{"required", Document::array({"from"})}}}};
  return schema;
}

Document lifecycle_schema() {
  const auto or_variable = [](Document schema) {
    return any_of(std::move(schema), {{"$ref", "#/$defs/interpolation"}});
  };
  const Document flag = or_variable({{"type", "boolean"}});
  const Document way = or_variable({{"enum", {"delete", "keep", "fail"}}});
  return of_word(
      object_schema({{"protect", of_word(flag, "lifecycle.protect")},
                     {"on_remove", of_word(way, "lifecycle.on_remove")},
                     {"adopt", of_word(flag, "lifecycle.adopt")},
                     {"ignore", of_word(list_of({{"type", "string"}}), "lifecycle.ignore")}}),
      "lifecycle");
}

Document limits_schema() {
  Document properties = Document::object();
  for (const LimitText& limit : all_limits()) {
    Document value = object_schema(
        {{"value", of_word({{"type", {"string", "number", "boolean"}}}, "limits.value")},
         {"reason", text_of_word("limits.reason")}});
    value["required"] = {"value", "reason"};
    value["description"] = fmt::format("{} Known: {}.", limit.doc, limit.value);
    properties[std::string(limit.name)] = std::move(value);
  }
  return object_schema(std::move(properties));
}

Document policy_schema() {
  const Document words = list_of({{"type", "string"}});
  return object_schema(
      {{"deny", of_word(words, "policy.deny")},
       {"warn", of_word(words, "policy.warn")},
       {"approvals", of_word(words, "policy.approvals")},
       {"max_destroys", of_word({{"type", "integer"}, {"minimum", 0}}, "policy.max_destroys")}});
}

/// What holds a URL: a variable or a file.
Document from_schema(const std::string& path) {
  return of_word(
      one_of({{"env", text_of_word(path + ".env")}, {"file", text_of_word(path + ".file")}}), path);
}

Document server_schema() {
  Document whole = object_schema({{"url", text_of_word("server.url")},
                                  {"from", from_schema("server.from")},
                                  {"branch", text_of_word("server.branch")}});
  whole["oneOf"] = Document::array({required(std::array<std::string_view, 1>{"url"}),
                                    required(std::array<std::string_view, 1>{"from"})});
  return of_word(any_of({{"type", "string"}}, std::move(whole)), "server");
}

Document state_schema() {
  Document held = object_schema({{"from", from_schema("state.postgres.from")}});
  held["required"] = Document::array({"from"});
  return of_word(one_of({{"sqlite", text_of_word("state.sqlite")},
                         {"postgres", of_word(any_of({{"type", "string"}}, std::move(held)),
                                              "state.postgres")}}),
                 "state");
}

Document outputs_schema() {
  const Document value = {{"type", {"string", "number", "boolean"}}};
  Document whole = object_schema({{"value", of_word(value, "outputs.value")},
                                  {"description", text_of_word("outputs.description")}});
  whole["required"] = Document::array({"value"});
  return map_of(any_of(value, std::move(whole)));
}

void put_collections(Document& properties, const Catalogue& catalogue, Extent extent) {
  for (const Kind* kind : catalogue.kinds()) {
    if (!kind->parent.empty()) continue;
    properties[std::string(kind->collection)] = members_schema(*kind, extent);
  }
  inside::put_words(properties, "", extent);
}

Document environment_schema(const Catalogue& catalogue) {
  Document patch = Document::object();
  put_collections(patch, catalogue, Extent::kPatch);
  for (const char* section : {"outputs", "policy", "limits", "workspace"}) {
    patch[section] = Document{{"type", {"object", "null"}}};
  }
  patch["description"] = Document{{"type", {"string", "null"}}};
  return {
      {"anyOf", Document::array({object_schema({{"workspace", reference_to("workspace")},
                                                {"server", reference_to("server")},
                                                {"state", reference_to("state")},
                                                {"variables", {{"type", "object"}}},
                                                {"policy", reference_to("policy")},
                                                {"limits", reference_to("limits")},
                                                {"patch", of_word(object_schema(std::move(patch)),
                                                                  "environments.patch")}}),
                                 {{"type", "null"}}})}};
}

Document definitions(const Catalogue& catalogue) {
  Document defs = {
      {"interpolation",
       {{"type", "string"},
        {"pattern", "\\$\\{[^}]+\\}"},
        {"description", "${var.NAME}, ${env.name}, ${each.key} or ${each.value}."}}},
      {"secret",
       {{"type", "string"},
        {"pattern", "^\\$\\{ *var\\.[^}]+\\}$"},
        {"examples", Document::array({"${var.password}"})}}},
      {"duration",
       {{"type", "string"},
        {"pattern", "^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d|w))+$"},
        {"examples", {"7d", "1h30m"}}}},
      {"timestamp",
       {{"type", "string"},
        {"pattern", std::string(kTimestamp)},
        {"examples", Document::array({"2026-04-27T09:15:00Z"})}}},
      {"id",
       {{"type", "string"},
        {"pattern", std::string(kId)},
        {"description", "Lower-case letters, digits and -, beginning with a letter."}}},
      {"for_each",
       {{"type", {"array", "object", "string"}},
        {"description", std::string(word_doc("for_each"))}}},
      {"variable", variable_schema()},
      {"lifecycle", lifecycle_schema()},
      {"workspace", object_schema({{"host", text_of_word("workspace.host")},
                                   {"profile", text_of_word("workspace.profile")}})},
      {"server", server_schema()},
      {"state", state_schema()},
      {"policy", policy_schema()},
      {"limits", limits_schema()},
      {"environment", environment_schema(catalogue)}};
  for (const Kind* kind : catalogue.kinds()) {
    if (kind->identity == Identity::kSingleton) continue;
    defs[definition_of(*kind, Extent::kWhole)] = kind_schema(*kind, catalogue, Extent::kWhole);
    defs[definition_of(*kind, Extent::kPatch)] = kind_schema(*kind, catalogue, Extent::kPatch);
  }
  return defs;
}

}  // namespace

Document json_schema(const Catalogue& catalogue) {
  Document properties = {
      {"$schema", text_schema("Where editors find this schema.")},
      {"version", of_word({{"const", "weir/v1"}}, "version")},
      {"name", of_word({{"type", {"string", "number"}}}, "name")},
      {"description", of_word({{"type", {"string", "number"}}}, "description")},
      {"variables", of_word(map_of(reference_to("variable")), "variables")},
      {"environments", of_word(map_of(reference_to("environment")), "environments")}};
  put_collections(properties, catalogue, Extent::kWhole);
  properties["outputs"] = of_word(outputs_schema(), "outputs");
  properties["policy"] = reference_to("policy");
  properties["limits"] = reference_to("limits");
  properties["workspace"] = reference_to("workspace");
  properties["server"] = reference_to("server");
  properties["state"] = reference_to("state");
  Document schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                     {"$id", "urn:weir:manifest:v1"},
                     {"title", "weir manifest"},
                     {"description", "What a Lakebase workspace shall have."}};
  schema.update(object_schema(std::move(properties)));
  schema["required"] = Document::array({"version"});
  schema["$defs"] = definitions(catalogue);
  return schema;
}

}  // namespace weir
