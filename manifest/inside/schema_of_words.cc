#include "manifest/inside/schema_of_words.h"

#include <fmt/format.h>

#include "manifest/inside/words.h"

namespace weir::inside {
namespace {

Document schema_of(const Word& word, Extent extent);

Document any_of(std::vector<Document> choices) {
  return {{"anyOf", Document(std::move(choices))}};
}

Document interpolation() {
  return {{"$ref", "#/$defs/interpolation"}};
}

Document map_of(Document value) {
  return {{"type", "object"}, {"additionalProperties", std::move(value)}};
}

Document list_of(Document item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}

Document text() {
  return {{"type", {"string", "number"}}};
}

Document names() {
  Document list = list_of(text());
  list["minItems"] = 1;
  return any_of({text(), std::move(list)});
}

Document or_null(Document schema, Extent extent) {
  return extent == Extent::kPatch ? any_of({std::move(schema), {{"type", "null"}}}) : schema;
}

Document map_of_words(const Word& word, Extent extent) {
  Document properties = Document::object();
  put_words(properties, word.below(), extent);
  if (word.form == Form::kMembers) properties["for_each"] = {{"$ref", "#/$defs/for_each"}};
  Document schema = {{"type", "object"}, {"additionalProperties", false}};
  schema["properties"] = std::move(properties);
  if (extent == Extent::kWhole) put_demands(schema, word.below());
  return schema;
}

/// A list stands in a patch as a whole.
Document items_of(const Word& word) {
  Document map = map_of_words(word, Extent::kWhole);
  const bool takes_names = word.form == Form::kNamesOrItems;
  return any_of(
      {list_of(takes_names ? any_of({text(), std::move(map)}) : std::move(map)), interpolation()});
}

Document resource_of(const Word& word, Extent extent) {
  return {
      {"$ref", fmt::format("#/$defs/{}{}", word.like, extent == Extent::kPatch ? "_patch" : "")}};
}

Document schema_of_form(const Word& word, Extent extent) {
  switch (word.form) {
    case Form::kText:
      return text();
    case Form::kChoice: {
      Document choices = Document::array();
      for (const std::string_view choice : word.choices) choices.push_back(std::string(choice));
      return any_of({{{"enum", std::move(choices)}}, interpolation()});
    }
    case Form::kFlag:
      return any_of({{{"type", "boolean"}}, interpolation()});
    case Form::kNames:
      return names();
    case Form::kTexts:
      return any_of(
          {map_of(or_null({{"type", {"string", "number", "boolean"}}}, extent)), interpolation()});
    case Form::kAccess:
      return any_of({map_of(or_null(names(), extent)), interpolation()});
    case Form::kPrivileges:
      return any_of({names(), map_of_words(word, extent)});
    case Form::kMap:
      return map_of_words(word, extent);
    case Form::kMembers:
      return map_of(or_null(map_of_words(word, extent), extent));
    case Form::kItems:
    case Form::kNamesOrItems:
      return items_of(word);
    case Form::kResource:
      return resource_of(word, extent);
    case Form::kResources:
      return map_of(or_null(resource_of(word, extent), extent));
  }
  return Document::object();
}

Document schema_of(const Word& word, Extent extent) {
  Document schema = or_null(schema_of_form(word, extent), extent);
  schema["description"] = fmt::format("{} Form: {}.", word.doc, form_in_words(word));
  return schema;
}

}  // namespace

void put_words(Document& properties, std::string_view path, Extent extent) {
  for (const Word* word : words_below(path)) {
    properties[std::string(word->key())] = schema_of(*word, extent);
  }
}

void put_demands(Document& schema, std::string_view path) {
  for (const Word* word : words_below(path)) {
    const std::string key(word->key());
    if (word->is_required) schema["required"].push_back(key);
    if (word->is_alternative) {
      schema["oneOf"].push_back({{"required", Document::array({key})}});
    }
    if (!word->needs.empty()) {
      schema["dependentRequired"][key] = Document::array({std::string(word->needs)});
    }
  }
}

}  // namespace weir::inside
