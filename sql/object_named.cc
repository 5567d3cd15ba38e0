#include "sql/object_named.h"

#include <algorithm>
#include <optional>
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

/// The name without its quotation marks.
std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string name;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    name += text[at];
    if (text[at] == '"') ++at;
  }
  return name;
}

/// The snapshot shows only columns that carry privileges: what stands behind the name of a table
/// and a dot is one of the others.
std::optional<Target> column_behind(const ObjectGroup& group, std::string_view text) {
  if (group.object_class != ObjectClass::kTable) return std::nullopt;
  if (!take(text, group.schema) || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  for (const std::string& table : group.names) {
    std::string_view rest = text;
    if (!take(rest, table) || rest.size() < 2 || rest.front() != '.') continue;
    return one_column(group.schema, table, unquoted(rest.substr(1)));
  }
  return std::nullopt;
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
  if (!objects.empty() || !columns.empty()) return objects.empty() ? columns : objects;
  for (const ObjectGroup& group : catalogue.groups) {
    if (auto column = column_behind(group, name)) columns.push_back(*std::move(column));
  }
  return columns;
}

}  // namespace weir::sql
