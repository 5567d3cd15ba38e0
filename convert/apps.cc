// What apps are bound to.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "convert/lakebase.h"

namespace weir::convert {
namespace {

/// Lists of Terraform have a member for each sort, of which all but one are null.
const Node* map_in(const Node& item, std::string_view key) {
  const Node* found = item.find(key);
  return found != nullptr && found->is_map() ? found : nullptr;
}

std::string text_in(const Node& map, std::string_view key) {
  const Node* found = map.find(key);
  return found != nullptr && found->is_text() ? found->text : "";
}

std::string dotted(const Path& path) {
  return fmt::format("{}", fmt::join(path, "."));
}

}  // namespace

/// Null for what is no database, or cannot be said.
Document Estate::binding_of(const Node& item, const Spot& spot) {
  const Node* instance = map_in(item, "database");
  const Node* postgres = map_in(item, "postgres");
  if (instance == nullptr && postgres == nullptr) return nullptr;
  const std::string database = text_in(instance != nullptr ? *instance : *postgres,
                                       instance != nullptr ? "database_name" : "database");
  const std::string home = instance != nullptr ? "instances/" + text_in(*instance, "instance_name")
                                               : text_in(*postgres, "branch");
  const bool is_whole_name = instance == nullptr && !database.empty();
  auto path = path_of(is_whole_name ? database : home, spot);
  if (!path) return nullptr;
  if (instance != nullptr) {
    if (database.empty() || is_open(database)) return nullptr;
    *path = below(std::move(*path), {"databases", database});
    member(tree, *path);
  }
  Document entry = {{"resource_key", text_in(item, "name")}};
  entry[database.empty() ? "branch" : "database"] = dotted(*path);
  const std::string description = text_in(item, "description");
  if (!description.empty()) entry["description"] = description;
  return entry;
}

void Estate::declare_app(const std::string& label, const std::string& name, const Node& resources,
                         const Spot& spot) {
  Document entries = Document::array();
  for (const Node& item : resources.items) {
    Document entry = binding_of(item, {item.place, spot.address});
    if (!entry.is_null()) entries.push_back(std::move(entry));
  }
  if (entries.empty()) return;
  const bool is_key = !name.empty() && !is_open(name);
  Document& app = member(tree, {"apps", is_key ? as_key(name) : as_key(label)});
  if (!is_key && !name.empty()) app["id"] = name;
  app["bind"] = std::move(entries);
  notes_.remark(spot, "is bound to databases, and its own tool replaces the whole list",
                "let one of the two say it: take these resources out there, or apps out of here");
}

}  // namespace weir::convert
