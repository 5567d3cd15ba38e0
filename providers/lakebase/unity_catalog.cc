// What Unity Catalog shows: other resources than ours, of which only what is asked for is read.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

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
    if (error.is_missing() && !error.is_unknown_call()) return std::nullopt;
    throw;
  }
}

/// Catalogs that no database is registered as.
constexpr std::array<std::string_view, 4> kOtherCatalogs = {
    "MANAGED_CATALOG", "SYSTEM_CATALOG", "DELTASHARING_CATALOG", "INTERNAL_CATALOG"};

/// All members of a list, page by page. Tokens that come back, or are ever new, would never end.
std::vector<Document> all_of(http::Workspace& workspace, const std::string& collection,
                             std::size_t most_pages, const http::Query& place) {
  std::vector<Document> members;
  std::set<std::string> tokens;
  http::Query query = place;
  while (true) {
    const Document page = workspace.get(kRoot + collection, query);
    const Document* shown = at_path(page, collection);
    const bool is_there = shown != nullptr && !shown->is_null();
    if (is_there && !shown->is_array()) {
      throw ApiError(fmt::format("the list of {} of Unity Catalog is none", collection), {});
    }
    if (is_there) members.insert(members.end(), shown->begin(), shown->end());
    const std::string token = text_at(page, "next_page_token");
    if (token.empty()) return members;
    if (!tokens.insert(token).second || tokens.size() >= most_pages) {
      throw ApiError(fmt::format("the list of {} of Unity Catalog does not end: a page leads back "
                                 "to an earlier one, or it has more than {} pages",
                                 collection, most_pages),
                     {});
    }
    query = place;
    query.emplace_back("page_token", token);
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

std::vector<std::string> ApiProvider::catalogs() {
  std::vector<std::string> names;
  for (const Document& catalog : all_of(workspace_, "catalogs", options_.most_pages, {})) {
    const std::string type = text_at(catalog, "catalog_type");
    const std::string name = text_at(catalog, "name");
    const bool is_other = std::ranges::find(kOtherCatalogs, type) != kOtherCatalogs.end();
    if (!is_other && !name.empty()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> ApiProvider::copies_in(const std::string& catalog) {
  std::vector<std::string> names;
  const auto members = [&](const char* collection, const http::Query& place) {
    return all_of(workspace_, collection, options_.most_pages, place);
  };
  for (const Document& schema : members("schemas", {{"catalog_name", catalog}})) {
    const http::Query place = {{"catalog_name", catalog}, {"schema_name", text_at(schema, "name")}};
    for (const Document& table : members("tables", place)) {
      const std::string name = text_at(table, "full_name");
      if (!name.empty() && !text_at(table, "pipeline_id").empty()) names.push_back(name);
    }
  }
  return names;
}

std::optional<std::string> ApiProvider::catalog_type(const std::string& name) {
  const std::optional<Document> catalog = find(workspace_, "catalogs", name);
  return catalog ? std::optional(text_at(*catalog, "catalog_type")) : std::nullopt;
}

}  // namespace weir
