// What Unity Catalog shows: other resources than ours, of which only what is asked for is read.
#include "core/error.h"
#include "providers/http/host.h"
#include "providers/lakebase/api_provider.h"

namespace weir {
namespace {

constexpr const char* kRoot = "/api/2.1/unity-catalog/";
constexpr std::string_view kChangeFeed = "delta.enableChangeDataFeed";

/// Nothing when it is not there.
std::optional<Document> find(http::Workspace& workspace, const char* collection,
                             const std::string& name) {
  try {
    return workspace.get(std::string(kRoot) + collection + "/" + http::percent_encode(name));
  } catch (const ApiError& error) {
    if (error.is_missing()) return std::nullopt;
    throw;
  }
}

/// The key has dots, so that it is no path.
bool has_change_feed(const Document& table) {
  const auto properties = table.find("properties");
  if (properties == table.end() || !properties->is_object()) return false;
  const auto feed = properties->find(kChangeFeed);
  return feed != properties->end() && (*feed == "true" || *feed == true);
}

}  // namespace

std::optional<SourceTable> ApiProvider::source_table(const std::string& name) {
  const std::optional<Document> table = find(workspace_, "tables", name);
  if (!table) return std::nullopt;
  SourceTable source = {.has_change_feed = has_change_feed(*table)};
  const Document* columns = at_path(*table, "columns");
  for (const Document& column :
       columns != nullptr && columns->is_array() ? *columns : Document::array()) {
    source.columns.insert(text_at(column, "name"));
  }
  return source;
}

bool ApiProvider::has_schema(const std::string& name) {
  return find(workspace_, "schemas", name).has_value();
}

std::optional<std::string> ApiProvider::catalog_type(const std::string& name) {
  const std::optional<Document> catalog = find(workspace_, "catalogs", name);
  return catalog ? std::optional(text_at(*catalog, "catalog_type")) : std::nullopt;
}

}  // namespace weir
