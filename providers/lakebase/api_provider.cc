#include "providers/lakebase/api_provider.h"

#include <set>

#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/host.h"
#include "providers/http/problem.h"
#include "providers/lakebase/decode.h"

namespace weir {
namespace {

constexpr const char* kRoot = "/api/2.0/postgres/";

std::string encoded_segment(const std::string& segment) {
  if (segment.empty() || segment == "." || segment == "..") {
    throw Error(
        fmt::format("\"{}\" cannot be part of the name of a resource; correct it", segment));
  }
  return http::percent_encode(segment);
}

/// A remote name as part of a path. Its slashes separate; everything else is encoded.
std::string encoded_name(const std::string& name) {
  std::string path;
  std::size_t start = 0;
  while (start <= name.size()) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    path += (path.empty() ? "" : "/") + encoded_segment(name.substr(start, end - start));
    start = end + 1;
  }
  return path;
}

std::string collection_name(const Kind& kind, const std::string& parent) {
  return (parent.empty() ? "" : parent + "/") + std::string(kind.collection);
}

std::string last_segment(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

/// Whether `name` is directly in the collection; anything else would be taken for another's.
bool is_member(const std::string& name, const std::string& collection) {
  return name.size() > collection.size() + 1 && name.starts_with(collection + "/") &&
         name.find('/', collection.size() + 1) == std::string::npos;
}

}  // namespace

ApiProvider::ApiProvider(http::Workspace& workspace) : ApiProvider(workspace, Options()) {}

ApiProvider::ApiProvider(http::Workspace& workspace, Options options)
    : workspace_(workspace), options_(options) {}

std::vector<Observed> ApiProvider::list(const Kind& kind, const std::string& parent) {
  if (kind.identity == Identity::kSingleton) return {read_singleton(kind, parent)};
  const Collection collection = {.kind = kind, .name = collection_name(kind, parent)};
  const std::string path = kRoot + encoded_name(collection.name);
  std::vector<Observed> members;
  std::set<std::string> tokens;
  std::string token;
  do {
    const Document page = workspace_.get(path, query_for(kind, token));
    take_members(collection, page, members);
    token = text_at(page, "next_page_token");
    const bool is_new = token.empty() || tokens.insert(token).second;
    if (!is_new) refuse(collection.name, "a page leads back to an earlier one");
    if (tokens.size() >= options_.most_pages) {
      refuse(collection.name, fmt::format("it has more than {} pages", options_.most_pages));
    }
  } while (!token.empty());
  return members;
}

http::Query ApiProvider::query_for(const Kind& kind, const std::string& page_token) const {
  http::Query query = {{"page_size", std::to_string(options_.page_size)}};
  if (!page_token.empty()) query.emplace_back("page_token", page_token);
  if (kind.is_deleted_softly) query.emplace_back("show_deleted", "true");
  return query;
}

void ApiProvider::take_members(const Collection& collection, const Document& page,
                               std::vector<Observed>& members) const {
  const Document* list = at_path(page, collection.kind.collection);
  // An empty collection may have no list at all.
  if (list == nullptr || list->is_null()) return;
  if (!list->is_array()) {
    refuse(collection.name, fmt::format("\"{}\" is not a list", collection.kind.collection));
  }
  for (const Document& resource : *list) {
    Observed member = decode(collection.kind, resource, "");
    if (!is_member(member.name, collection.name)) {
      refuse(collection.name, fmt::format("a member is called \"{}\"", http::tame(member.name)));
    }
    members.push_back(std::move(member));
  }
}

void ApiProvider::refuse(const std::string& name, const std::string& reason) const {
  throw ApiError(fmt::format("GET {}{} at {}: {}; the answer cannot be trusted: try again, then "
                             "report it",
                             kRoot, http::tame(name), workspace_.host(), reason),
                 {.status = 200});
}

Observed ApiProvider::read_singleton(const Kind& kind, const std::string& parent) {
  const std::string path =
      "/api/2.0/permissions/database-projects/" + encoded_segment(last_segment(parent));
  return decode(kind, workspace_.get(path), collection_name(kind, parent));
}

std::optional<Observed> ApiProvider::get(const Kind& kind, const std::string& name) {
  try {
    if (kind.identity == Identity::kSingleton) {
      return read_singleton(kind, name.substr(0, name.rfind('/')));
    }
    const std::string path = kRoot + encoded_name(name);
    Observed observed = decode(kind, workspace_.get(path), name);
    if (observed.name != name) {
      refuse(name, fmt::format("the answer is about \"{}\"", http::tame(observed.name)));
    }
    return observed;
  } catch (const ApiError& error) {
    if (error.is_missing()) return std::nullopt;
    throw;
  }
}

std::string ApiProvider::principal_of_app(const std::string& app) {
  const std::string path = "/api/2.0/apps/" + encoded_segment(app);
  try {
    std::string principal = text_at(workspace_.get(path), "service_principal_client_id");
    if (principal.empty()) {
      throw ApiError(fmt::format("the app \"{}\" at {} has no service principal yet; wait until it "
                                 "is created, or name the service principal itself",
                                 http::tame(app), workspace_.host()),
                     {.status = 200});
    }
    return principal;
  } catch (const ApiError& error) {
    if (!error.is_missing()) throw;
    throw ApiError(fmt::format("there is no app \"{}\" at {}; create it first, or correct `app:`",
                               http::tame(app), workspace_.host()),
                   error.facts());
  }
}

}  // namespace weir
