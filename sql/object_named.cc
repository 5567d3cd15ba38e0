#include "sql/object_named.h"

#include <string>

namespace weir::sql {
namespace {

/// Whether "schema.table.name", as far as there are such, is the text.
bool is_called(const ObjectGroup& group, const std::string& name, std::string_view text) {
  for (const std::string* part : {&group.schema, &group.table}) {
    if (part->empty()) continue;
    if (!text.starts_with(*part) || text.substr(part->size(), 1) != ".") return false;
    text.remove_prefix(part->size() + 1);
  }
  return text == name;
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
