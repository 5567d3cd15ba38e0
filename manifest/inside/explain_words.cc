#include "manifest/inside/explain_words.h"

#include <fmt/format.h>

#include "manifest/inside/words.h"
#include "sql/profile.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

void add_line(std::string& page, std::string_view name, std::string_view text) {
  page += fmt::format("  {:<13} {}\n", name, text);
}

void add_example(std::string& page, std::string_view example) {
  const char* name = "example";
  while (!example.empty()) {
    const std::size_t end = example.find('\n');
    add_line(page, name, example.substr(0, end));
    name = "";
    example.remove_prefix(end == std::string_view::npos ? example.size() : end + 1);
  }
}

std::string when_left_out(const Word& word) {
  if (word.is_required) return "not possible: it is required";
  if (word.is_alternative) return "possible when one of the others is written";
  return "says nothing: what is there stays as it is";
}

/// What weir's own profiles give, as a manifest would have it.
std::string list_profiles() {
  std::string text;
  for (const sql::Profile& profile : sql::built_in_profiles()) {
    // Where profiles are named, that is a privilege.
    if (sql::privilege_named(profile.name)) continue;
    text += fmt::format("    {:<30} {}\n", profile.name, profile.doc);
    for (const ObjectClass object_class :
         {ObjectClass::kSchema, ObjectClass::kTable, ObjectClass::kSequence, ObjectClass::kRoutine,
          ObjectClass::kType}) {
      const sql::PrivilegeSet part = profile.part(object_class);
      if (part.is_empty()) continue;
      const auto name = object_class == ObjectClass::kSchema ? sql::noun(object_class)
                                                             : sql::plural(object_class);
      text += fmt::format("    {:<30}   {}: {}\n", "", name, sql::text_of(part));
    }
  }
  return text;
}

std::string explain_word(const Word& word) {
  std::string page = fmt::format("{}\n  {}\n\n", word.path, word.doc);
  add_line(page, "form", form_in_words(word));
  add_example(page, word.example);
  if (!word.needs.empty()) add_line(page, "needs", fmt::format("{} beside it", word.needs));
  add_line(page, "left out", when_left_out(word));
  const std::string words = list_words(word.below());
  if (!words.empty()) page += "\n  Keys\n" + words;
  if (word.path == "access_profiles" || word.path == "schema.access") {
    page += "\n  Profiles that weir knows\n" + list_profiles();
  }
  return page;
}

std::string explain_schema() {
  std::string page = fmt::format("schema\n  {}\n\n", kSchemaDoc);
  add_line(page, "address", "projects/KEY/branches/KEY/databases/KEY/schemas/KEY");
  add_line(page, "key", "its name inside Postgres");
  add_line(page, "deleted", "for good, with all that is in it");
  page += "\n  Fields\n" + list_words("schema");
  return page + "\nSee weir explain schema.access for one of them.\n";
}

}  // namespace

std::string explain_words(std::string_view subject) {
  if (subject == "schema" || subject == "schemas") return explain_schema();
  if (const Word* word = find_word(subject)) return explain_word(*word);
  std::string pages;
  for (const Word& word : all_words()) {
    if (word.key() == subject) pages += (pages.empty() ? "" : "\n") + explain_word(word);
  }
  return pages;
}

std::string list_words(std::string_view path) {
  std::string text;
  for (const Word* word : words_below(path)) {
    text += fmt::format("    {:<30} {}\n", word->key(), word->doc);
  }
  return text;
}

std::vector<std::string> subjects() {
  std::vector<std::string> names = {"schema"};
  for (const Word& word : all_words()) names.emplace_back(word.path);
  return names;
}

}  // namespace weir::inside
