#include "providers/lakebase/api_provider.h"

#include <iterator>
#include <set>

#include <fmt/format.h>

#include "core/address.h"
#include "core/error.h"
#include "providers/http/host.h"
#include "providers/http/problem.h"
#include "providers/lakebase/decode.h"
#include "providers/lakebase/trust.h"

namespace weir {
namespace {

constexpr std::size_t kMostBarrenPages = 20;
constexpr std::string_view kPermissionsRoot = "/api/2.0/permissions/";

std::string encoded_segment(const std::string& segment) {
  if (segment.empty() || segment == "." || segment == "..") {
    throw Error(
        fmt::format("\"{}\" cannot be part of the name of a resource; correct it", segment));
  }
  return http::percent_encode(segment);
}

/// A remote name as part of a path. Its slashes separate; everything else is encoded. In names that
/// are not ids of the service slashes were escaped before.
std::string encoded_name(const Kind& kind, const std::string& name) {
  const bool is_escaped = kind.api->is_plain;
  std::string path;
  std::size_t start = 0;
  if (kind.is_apart) {
    path = kind.request_key();
    start = kind.name_key().size() + 1;
  }
  while (start <= name.size()) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string segment = name.substr(start, end - start);
    path += (path.empty() ? "" : "/") +
            encoded_segment(is_escaped ? unescape_segment(segment) : segment);
    start = end + 1;
  }
  return path;
}

std::string collection_name(const Kind& kind, const std::string& parent) {
  return (parent.empty() ? "" : parent + "/") + std::string(kind.name_key());
}

std::string path_of(const Kind& kind, const std::string& name) {
  return std::string(kind.api->root) + encoded_name(kind, name);
}

std::string last_segment(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

/// Sees that a list comes to an end: each page has a token of its own and now and then a new
/// member.
class Progress {
 public:
  explicit Progress(std::size_t most_pages) : most_pages_(most_pages) {}

  /// Why the page that `token` leads to is not asked for; "" when it may be.
  std::string problem_with(const std::string& token, const std::vector<Observed>& members) {
    const std::size_t before = names_.size();
    for (; next_ < members.size(); ++next_) names_.insert(members[next_].name);
    barren_ = names_.size() > before ? 0 : barren_ + 1;
    if (!tokens_.insert(token).second) return "a page leads back to an earlier one";
    if (barren_ >= kMostBarrenPages) {
      return fmt::format("{} pages in a row bring nothing new", barren_);
    }
    const bool is_full = tokens_.size() >= most_pages_;
    return is_full ? fmt::format("it has more than {} pages", most_pages_) : "";
  }

 private:
  const std::size_t most_pages_;
  std::set<std::string> tokens_;
  std::set<std::string> names_;
  std::size_t next_ = 0;    ///< the first member that was not looked at
  std::size_t barren_ = 0;  ///< pages in a row that brought nothing new
};

}  // namespace

ApiProvider::ApiProvider(http::Workspace& workspace) : ApiProvider(workspace, Options()) {}

ApiProvider::ApiProvider(http::Workspace& workspace, Options options)
    : workspace_(workspace), options_(options) {}

std::vector<Observed> ApiProvider::list(const Kind& kind, const std::string& parent) {
  if (kind.identity == Identity::kSingleton) return {read_singleton(kind, parent)};
  const Collection collection = {.kind = kind, .name = collection_name(kind, parent)};
  const std::string path = path_of(kind, collection.name);
  std::vector<Observed> members;
  Progress progress(options_.most_pages);
  std::string token;
  while (true) {
    const Document page = workspace_.get(path, query_for(kind, token));
    take_members(collection, page, members);
    token = next_token(collection, page);
    if (token.empty()) return members;
    const std::string problem = progress.problem_with(token, members);
    if (!problem.empty()) refuse(*kind.api, collection.name, problem);
  }
}

std::string ApiProvider::next_token(const Collection& collection, const Document& page) const {
  const Document* token = at_path(page, "next_page_token");
  if (token == nullptr || token->is_null()) return "";
  if (token->is_string()) return token->get<std::string>();
  refuse(*collection.kind.api, collection.name,
         fmt::format("the token of the next page is {}, not a text", http::tame(to_text(*token))));
}

http::Query ApiProvider::query_for(const Kind& kind, const std::string& page_token) const {
  // What only comes as a list has no pages.
  if (!kind.is_made_by_requests()) return {};
  http::Query query = {{"page_size", std::to_string(options_.page_size)}};
  if (!page_token.empty()) query.emplace_back("page_token", page_token);
  if (kind.is_deleted_softly) query.emplace_back("show_deleted", "true");
  return query;
}

void ApiProvider::take_members(const Collection& collection, const Document& page,
                               std::vector<Observed>& members) const {
  const Document* list = at_path(page, collection.kind.list_key());
  if (list != nullptr && list->is_array()) {
    for (const Document& resource : *list) believe(collection.kind, collection.name, resource);
  }
  auto decoded = decode_page(collection.kind, collection.name, page);
  if (const auto* reason = std::get_if<std::string>(&decoded))
    refuse(*collection.kind.api, collection.name, *reason);
  auto& found = std::get<std::vector<Observed>>(decoded);
  for (const Observed& observed : found) believe(observed);
  members.insert(members.end(), std::move_iterator(found.begin()), std::move_iterator(found.end()));
}

void ApiProvider::believe(const Kind& kind, const std::string& name,
                          const Document& resource) const {
  const std::string mistake = mistake_in(kind, resource);
  if (!mistake.empty()) refuse(*kind.api, name, mistake);
}

void ApiProvider::believe(const Observed& observed) const {
  const std::string mistake = mistake_in(observed);
  if (!mistake.empty()) refuse(*observed.kind->api, observed.name, mistake);
}

void ApiProvider::refuse(const Api& api, const std::string& name, const std::string& reason) const {
  throw ApiError(fmt::format("GET {}{} at {}: {}; the answer cannot be trusted: try again, then "
                             "report it",
                             api.root, http::tame(name), workspace_.host(), reason),
                 {.status = 200});
}

Observed ApiProvider::read_singleton(const Kind& kind, const std::string& parent) {
  const std::string path = fmt::format("{}{}/{}", kPermissionsRoot, kind.object_type,
                                       encoded_segment(last_segment(parent)));
  Observed observed = decode(kind, workspace_.get(path), collection_name(kind, parent));
  believe(observed);
  return observed;
}

std::optional<Observed> ApiProvider::get(const Kind& kind, const std::string& name) {
  try {
    if (kind.identity == Identity::kSingleton) {
      return read_singleton(kind, name.substr(0, name.rfind('/')));
    }
    const Document resource = workspace_.get(path_of(kind, name));
    believe(kind, name, resource);
    Observed observed = decode(kind, resource, name);
    if (observed.name != name) {
      refuse(*kind.api, name, fmt::format("the answer is about \"{}\"", http::tame(observed.name)));
    }
    believe(observed);
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
