#include "sql/object_named.h"

#include <algorithm>
#include <string>

namespace weir::sql {
namespace {

/// Removes the name from the front of a text, where it may stand in quotation marks.
bool take(std::string_view& text, std::string_view name) {
  if (text.starts_with(name)) {
    text.remove_prefix(name.size());
    return true;
  }
  if (!text.starts_with('"')) return false;
  std::string quoted = "\"";
  for (const char letter : name) quoted.append(letter == '"' ? 2 : 1, letter);
  quoted += '"';
  if (!text.starts_with(quoted)) return false;
  text.remove_prefix(quoted.size());
  return true;
}

/// Whether "schema.table.name", as far as there are such, is the text.
bool is_called(const ObjectGroup& group, std::string_view name, std::string_view text) {
  for (const std::string* part : {&group.schema, &group.table}) {
    if (part->empty()) continue;
    if (!take(text, *part) || !text.starts_with('.')) return false;
    text.remove_prefix(1);
  }
  const std::size_t arguments = group.object_class == ObjectClass::kRoutine
                                    ? std::min(name.find('('), name.size())
                                    : name.size();
  return take(text, name.substr(0, arguments)) && text == name.substr(arguments);
}

}  // namespace

std::vector<Target> objects_named(const Catalogue& catalogue, std::string_view name) {
  std::vector<Target> objects;
  std::vector<Target> columns;
  for (const ObjectGroup& group : catalogue.groups) {
    for (const std::string& each : group.names) {
      if (!is_called(group, each, name)) continue;
      const bool is_column = group.object_class == ObjectClass::kColumn;
      (is_column ? columns : objects)
          .push_back({.object_class = group.object_class,
                      .schema = group.schema,
                      .table = group.table,
                      .name = each});
    }
  }
  return objects.empty() ? columns : objects;
}

}  // namespace weir::sql
