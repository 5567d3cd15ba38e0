#include "manifest/explain.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "core/nearest.h"
#include "core/value.h"
#include "manifest/budgets.h"
#include "manifest/combinations.h"
#include "manifest/inside/explain_words.h"
#include "manifest/inside/words.h"
#include "manifest/limits.h"
#include "manifest/manifest_rules.h"
#include "manifest/words.h"
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
  if (field.type == Type::kBindings) return "what was applied is taken away, and nothing else";
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
      return kind.is_apart ? "the name of the table in Postgres"
                           : "the API's id, unless id: says another one";
    case Identity::kPostgresName:
      return "its name inside Postgres, unless id: says another one";
    case Identity::kRoleAlias:
      return "an alias; the name inside Postgres follows from the fields";
    case Identity::kOnly:
      return fmt::format("none: there is one at most in each {}", kind.parent);
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
  const Kind* parent = catalogue.find(kind.container());
  std::string above = parent == nullptr ? "" : path_of(catalogue, *parent) + "/";
  if (!kind.way_down().empty()) above += fmt::format("{}/KEY/", kind.way_down());
  return above + std::string(kind.collection) + (kind.is_alone() ? "" : "/KEY");
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
           kind.is_foreign          ? "never by weir, which makes none either"
           : kind.is_deleted_softly ? "softly: it can be undeleted for some time"
                                    : "for good");
  for (const Combination& combination : all_combinations()) {
    if (kind.is_a(combination.kind)) add_line(page, "together", describe(combination));
  }
  page += "\n  Fields\n";
  for (const Field& field : kind.fields) {
    if (!field.is_derived) page += fmt::format("    {:<30} {}\n", field.name, field.doc);
  }
  page += inside::list_words(kind.sort());
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

/// Kinds go by their name, and by the name of their collection.
const Kind* find_kind(const Catalogue& catalogue, std::string_view name) {
  const auto kinds = catalogue.kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind* kind) {
    return kind->name == name || kind->collection == name;
  });
  return found == kinds.end() ? nullptr : *found;
}

class Explanation {
 public:
  Explanation(const Catalogue& catalogue, std::span<const RuleText> refusals)
      : catalogue_(catalogue), refusals_(refusals) {}

  /// "" when there is nothing of that name.
  std::string page(std::string_view subject) const {
    std::string page = of_rule(subject);
    if (page.empty()) page = of_limit(subject);
    if (page.empty()) page = of_kind(subject);
    if (page.empty()) page = of_word(subject);
    // Schemas are no kind and go by their name all the same, before fields that are called so.
    const bool is_schema = subject == "schema" || subject == "schemas";
    if (page.empty() && !is_schema) page = of_fields(subject);
    if (page.empty()) page = inside::explain_words(subject);
    return page;
  }

  /// What to try instead.
  std::string similar(std::string_view subject) const {
    const std::vector<std::string> names = names_like(subject);
    std::string hint =
        did_you_mean(subject, std::vector<std::string_view>(names.begin(), names.end()));
    if (!hint.empty()) return hint;
    std::vector<std::string_view> kinds;
    for (const Kind* kind : catalogue_.kinds()) kinds.push_back(kind->name);
    std::vector<std::string_view> words;
    for (const Word& word : all_words()) {
      if (word.path == word.key()) words.push_back(word.path);
    }
    return fmt::format("known are {}, their fields, {}, and the names of limits and rules",
                       fmt::join(kinds, ", "), fmt::join(words, ", "));
  }

 private:
  std::string of_rule(std::string_view subject) const {
    for (const std::span<const RuleText> rules :
         {all_manifest_rules(), all_yaml_rules(), all_rules(), refusals_}) {
      for (const RuleText& rule : rules) {
        if (rule.id != subject) continue;
        std::string page = fmt::format("{}\n  {}\n", rule.id, rule.summary);
        if (!rule.source.empty()) page += "\n";
        add_line(page, "source", rule.source);
        return page;
      }
    }
    return "";
  }

  static std::string of_limit(std::string_view subject) {
    const std::string_view name =
        subject.starts_with("limits.") ? subject.substr(subject.find('.') + 1) : subject;
    for (const LimitText& limit : all_limits()) {
      if (limit.name != name) continue;
      std::string page = fmt::format("limits.{}\n  {}\n\n", limit.name, limit.doc);
      add_line(page, "known", limit.value);
      add_line(page, "source", limit.source);
      add_line(page, "disputed", limit.is_disputed ? "yes: the sources disagree" : "no");
      add_line(
          page, "override",
          fmt::format("limits: {{ {}: {{ value: {}, reason: WHY }} }}", limit.name, limit.value));
      return page;
    }
    return "";
  }

  std::string of_kind(std::string_view subject) const {
    const std::size_t dot = subject.find('.');
    const Kind* kind = find_kind(catalogue_, subject.substr(0, dot));
    if (kind == nullptr) return "";
    if (dot == std::string_view::npos) return explain_kind(catalogue_, *kind);
    const std::string_view name = subject.substr(dot + 1);
    if (const Field* field = find_field(*kind, name)) return explain_field(*kind, *field);
    const std::string full = fmt::format("{}.{}", kind->sort(), name);
    if (inside::find_word(full) != nullptr) return inside::explain_words(full);
    return of_group(*kind, name);
  }

  /// "default_endpoint": what leads to several fields.
  static std::string of_group(const Kind& kind, std::string_view name) {
    std::string page;
    for (const Field& field : kind.fields) {
      if (field.name.size() <= name.size() || !field.name.starts_with(name) ||
          field.name[name.size()] != '.' || field.is_derived) {
        continue;
      }
      if (page.empty()) page = fmt::format("{}.{}\n\n  Fields\n", kind.name, name);
      page += fmt::format("    {:<30} {}\n", field.name, field.doc);
    }
    return page;
  }

  /// By path, or by a key that only one word has.
  static std::string of_word(std::string_view subject) {
    const Word* found = nullptr;
    for (const Word& word : all_words()) {
      if (word.path == subject) return explain_word(word);
      if (word.key() != subject) continue;
      if (found != nullptr) return "";
      found = &word;
    }
    return found == nullptr ? "" : explain_word(*found);
  }

  static std::string explain_word(const Word& word) {
    std::string page = fmt::format("{}\n  {}\n", word.path, word.doc);
    std::string_view rest = word.example;
    if (!rest.empty()) page += "\n  Example\n";
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      page += fmt::format("    {}\n", rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    std::string members;
    const std::string prefix = std::string(word.path) + ".";
    for (const Word& other : all_words()) {
      const bool is_member = other.path.starts_with(prefix) &&
                             other.path.find('.', prefix.size()) == std::string_view::npos;
      if (is_member) members += fmt::format("    {:<30} {}\n", other.key(), other.doc);
    }
    if (!members.empty()) page += "\n  Keys\n" + members;
    return word.path == "limits" ? page + list_limits() : page;
  }

  static std::string list_limits() {
    std::string text = "\n  Limits of the service\n";
    for (const LimitText& limit : all_limits()) {
      text += fmt::format("    {:<30} {:<6} {}{}\n", limit.name, limit.value, limit.doc,
                          limit.is_disputed ? " Disputed." : "");
    }
    text += "\n  Limits of weir, which no manifest changes\n";
    for (const BudgetText& budget : all_budgets()) {
      text += fmt::format("    {:<40} {:<10} {}\n", budget.what, budget.most, budget.rule);
    }
    return text;
  }

  /// "expires": each field of that name, whichever kind has it.
  std::string of_fields(std::string_view subject) const {
    std::string pages;
    for (const Kind* kind : catalogue_.kinds()) {
      const Field* field = find_field(*kind, subject);
      const std::string page =
          field != nullptr ? explain_field(*kind, *field) : of_group(*kind, subject);
      if (!page.empty()) pages += (pages.empty() ? "" : "\n") + page;
    }
    return pages;
  }

  std::vector<std::string> names_like(std::string_view subject) const {
    std::vector<std::string> names;
    const Kind* kind = find_kind(catalogue_, subject.substr(0, subject.find('.')));
    for (const Kind* other : catalogue_.kinds()) {
      if (kind != nullptr && kind != other) continue;
      names.emplace_back(other->name);
      for (const Field& field : other->fields) {
        names.push_back(fmt::format("{}.{}", other->name, field.name));
        if (kind == nullptr) names.emplace_back(field.name);
      }
    }
    for (std::string& name : inside::subjects()) {
      if (kind == nullptr || name.starts_with(kind->name)) names.push_back(std::move(name));
    }
    if (kind == nullptr) {
      for (const Word& word : all_words()) names.emplace_back(word.path);
      for (const LimitText& limit : all_limits()) names.emplace_back(limit.name);
    }
    return names;
  }

  const Catalogue& catalogue_;
  std::span<const RuleText> refusals_;
};

}  // namespace

std::string explain(const Catalogue& catalogue, std::span<const RuleText> refusals,
                    std::string_view subject) {
  const Explanation explanation(catalogue, refusals);
  std::string page = explanation.page(subject);
  if (!page.empty()) return page;
  throw UsageError(fmt::format("there is nothing to explain called \"{}\"; {}", subject,
                               explanation.similar(subject)));
}

}  // namespace weir
