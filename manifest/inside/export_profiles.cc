#include "manifest/inside/export_profiles.h"

#include <set>

#include <fmt/format.h>

namespace weir::inside {
namespace {

using sql::ObjectClass;

std::string_view word_of(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kTable:
      return "tables";
    case ObjectClass::kSequence:
      return "sequences";
    case ObjectClass::kRoutine:
      return "functions";
    default:
      return "types";
  }
}

}  // namespace

ProfileNames name_profiles(const std::vector<const FoldedDatabase*>& databases) {
  ProfileNames names;
  std::set<Shape> seen;
  for (const FoldedDatabase* database : databases) {
    for (const FoldedSchema& schema : database->schemas) {
      for (const FoldedHolding& one : schema.grantees) {
        if (one.shape.parts.empty() || seen.insert(one.shape).second) continue;
        names.try_emplace(one.shape, fmt::format("profile_{}", names.size() + 1));
      }
    }
  }
  return names;
}

Document profile_words(const ProfileNames& profiles) {
  std::map<std::string, const Shape*> shapes;
  for (const auto& [shape, name] : profiles) shapes[name] = &shape;
  Document all = Document::object();
  for (const auto& [name, shape] : shapes) {
    Document words = Document::object();
    if (!shape->schema.is_empty()) words["schema"] = one_or_list(sql::words_of(shape->schema));
    for (const auto& [object_class, part] : shape->parts) {
      Document privileges = one_or_list(sql::words_of(part.privileges));
      Document& word = words[std::string(word_of(object_class))];
      if (part.is_for_existing && part.is_for_future) {
        word = std::move(privileges);
        continue;
      }
      word = {{"privileges", std::move(privileges)}};
      word[part.is_for_existing ? "future" : "existing"] = false;
    }
    all[name] = std::move(words);
  }
  return all;
}

Document one_or_list(const std::vector<std::string>& words) {
  return words.size() == 1 ? Document(words.front()) : Document(words);
}

}  // namespace weir::inside
