#include "manifest/explain.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "core/nearest.h"
#include "core/value.h"
#include "manifest/combinations.h"
#include "manifest/manifest_rules.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

void add_line(std::string& page, std::string_view name, std::string_view text) {
  if (!text.empty()) page += fmt::format("  {:<13} {}\n", name, text);
}

std::string effect_of(const Kind& kind, const Field& field) {
  switch (field.on_change) {
    case OnChange::kUpdate:
      return fmt::format("updates the {}{}{}", kind.name, field.disruption.empty() ? "" : "; ",
                         field.disruption);
    case OnChange::kReplace:
      return fmt::format("replaces the {}: it is fixed at creation", kind.name);
    case OnChange::kLocal:
      break;
  }
  return "is weir's own business, and never sent";
}

std::string when_left_out(const Field& field) {
  if (field.on_change == OnChange::kLocal) return "";
  if (field.is_required) return "not possible: it is required";
  if (field.reset_to.empty()) return "stays as it is";
  return fmt::format("stays as it is; once applied and taken away, it becomes {}", field.reset_to);
}

std::string name_in_api(const Field& field) {
  if (field.sent_as.empty()) return "";
  std::string text = fmt::format("{} (update mask)", field.mask());
  if (field.mask() != field.sent_as) text = fmt::format("{}, {}", field.sent_as, text);
  if (!field.observed_at.empty()) text += fmt::format(", {} (in answers)", field.observed_at);
  return text;
}

/// "default_endpoint: { min_cu: 0.5 }".
std::string example_of(const Field& field) {
  if (field.example.empty()) return "";
  const std::size_t dot = field.name.find('.');
  if (dot == std::string_view::npos) return fmt::format("{}: {}", field.name, field.example);
  return fmt::format("{}: {{ {}: {} }}", field.name.substr(0, dot), field.name.substr(dot + 1),
                     field.example);
}

std::string explain_field(const Kind& kind, const Field& field) {
  std::string page = fmt::format("{}.{}\n  {}\n\n", kind.name, field.name, field.doc);
  if (field.is_derived) {
    add_line(page, "form", "follows from other fields; manifests cannot have it");
  } else {
    add_line(page, "form", form_in_words(field));
    add_line(page, "example", example_of(field));
    add_line(page, "left out", when_left_out(field));
  }
  add_line(page, "a change", effect_of(kind, field));
  add_line(page, "in the API", name_in_api(field));
  return page;
}

std::string key_of(const Kind& kind) {
  switch (kind.identity) {
    case Identity::kId:
      return "the API's id, unless id: says another one";
    case Identity::kPostgresName:
      return "its name inside Postgres, unless id: says another one";
    case Identity::kRoleAlias:
      return "an alias; the name inside Postgres follows from the fields";
    case Identity::kSingleton:
      break;
  }
  return "none: there is one in each " + std::string(kind.parent);
}

std::string describe(const Combination& combination) {
  switch (combination.type) {
    case Combination::Type::kExactlyOne:
      return fmt::format("exactly one of {}", fmt::join(combination.fields, ", "));
    case Combination::Type::kExcludes:
      return fmt::format("{} does not go with {}", combination.fields.front(),
                         fmt::join(combination.fields.subspan(1), " or "));
    case Combination::Type::kNeeds:
      break;
  }
  return fmt::format("{} needs {}", combination.fields.front(),
                     fmt::join(combination.fields.subspan(1), " and "));
}

std::string path_of(const Catalogue& catalogue, const Kind& kind) {
  const Kind* parent = catalogue.find(kind.parent);
  const std::string above = parent == nullptr ? "" : path_of(catalogue, *parent) + "/";
  return above + std::string(kind.collection) +
         (kind.identity == Identity::kSingleton ? "" : "/KEY");
}

std::string explain_kind(const Catalogue& catalogue, const Kind& kind) {
  std::string page = fmt::format("{}\n  {}\n\n", kind.name, kind.doc);
  add_line(page, "address", path_of(catalogue, kind));
  add_line(page, "key", key_of(kind));
  if (!kind.implied.empty()) {
    add_line(page, "implied",
             fmt::format("{}: the service makes it together with the {}",
                         fmt::join(kind.implied, ", "), kind.parent));
  }
  add_line(page, "deleted",
           kind.is_deleted_softly ? "softly: it can be undeleted for some time" : "for good");
  for (const Combination& combination : all_combinations()) {
    if (combination.kind == kind.name) add_line(page, "together", describe(combination));
  }
  page += "\n  Fields\n";
  for (const Field& field : kind.fields) {
    if (!field.is_derived) page += fmt::format("    {:<30} {}\n", field.name, field.doc);
  }
  std::string members;
  for (const Kind* member : catalogue.kinds()) {
    if (member->parent == kind.name) {
      members += fmt::format("    {:<30} {}\n", member->collection, member->doc);
    }
  }
  if (!members.empty()) page += "\n  Members\n" + members;
  page += fmt::format("\nSee weir explain {}.{} for one of them.\n", kind.name,
                      kind.fields.front().name);
  return page;
}

const RuleText* find_rule(std::string_view id) {
  for (const std::span<const RuleText> rules :
       {all_manifest_rules(), all_yaml_rules(), all_rules()}) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const RuleText& rule) { return rule.id == id; });
    if (found != rules.end()) return &*found;
  }
  return nullptr;
}

/// Kinds go by their name, and by the name of their collection.
const Kind* find_kind(const Catalogue& catalogue, std::string_view name) {
  const auto kinds = catalogue.kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind* kind) {
    return kind->name == name || kind->collection == name;
  });
  return found == kinds.end() ? nullptr : *found;
}

std::string similar(const Catalogue& catalogue, const Kind* kind, std::string_view subject) {
  std::vector<std::string> names;
  for (const Kind* other : catalogue.kinds()) {
    if (kind != nullptr && kind != other) continue;
    names.emplace_back(other->name);
    for (const Field& field : other->fields) {
      names.push_back(fmt::format("{}.{}", other->name, field.name));
    }
  }
  std::string hint =
      did_you_mean(subject, std::vector<std::string_view>(names.begin(), names.end()));
  if (!hint.empty()) return hint;
  std::vector<std::string_view> kinds;
  for (const Kind* other : catalogue.kinds()) kinds.push_back(other->name);
  return fmt::format("known are {}, their fields, and the ids of rules", fmt::join(kinds, ", "));
}

}  // namespace

std::string explain(const Catalogue& catalogue, std::string_view subject) {
  if (const RuleText* rule = find_rule(subject)) {
    return fmt::format("{}\n  {}\n\n  {:<13} {}\n", rule->id, rule->summary, "source",
                       rule->source);
  }
  const std::size_t dot = subject.find('.');
  const Kind* kind = find_kind(catalogue, subject.substr(0, dot));
  if (kind != nullptr && dot == std::string_view::npos) return explain_kind(catalogue, *kind);
  if (kind != nullptr) {
    if (const Field* field = find_field(*kind, subject.substr(dot + 1))) {
      return explain_field(*kind, *field);
    }
  }
  throw UsageError(fmt::format("there is nothing to explain called \"{}\"; {}", subject,
                               similar(catalogue, kind, subject)));
}

}  // namespace weir
