#include "providers/postgres/server_provider.h"

#include <fmt/format.h>

#include "core/address.h"
#include "core/error.h"

namespace weir::postgres {
namespace {

/// PostgreSQL's own roles and the templates of databases are nobody's to declare.
constexpr const char* kRoles =
    "SELECT coalesce(pg_catalog.json_agg(rolname), '[]')::text FROM pg_catalog.pg_roles"
    " WHERE pg_catalog.left(rolname, 3) <> 'pg_'";
constexpr const char* kDatabases =
    "SELECT coalesce(pg_catalog.json_agg(datname), '[]')::text FROM pg_catalog.pg_database"
    " WHERE datallowconn AND NOT datistemplate";

/// A list of texts, as the queries give it.
std::vector<std::string> names_in(const std::string& answer) {
  const auto list = parse_document(answer);
  if (!list || !list->is_array()) throw Error("the server lists names in no way that weir knows");
  std::vector<std::string> names;
  for (const Document& name : *list) names.push_back(name.get<std::string>());
  return names;
}

std::string parent_of(const std::string& name) {
  const std::size_t collection = name.rfind('/', name.rfind('/') - 1);
  return collection == std::string::npos ? "" : name.substr(0, collection);
}

/// What no plan for a server leads to.
[[noreturn]] void refuse(const std::string& what) {
  throw Error(
      fmt::format("{} was to be sent to a server without a control plane. Please report "
                  "this",
                  what));
}

}  // namespace

ServerProvider::ServerProvider(PostgresDatabases& databases, const std::string& branch,
                               const Secret& url)
    : databases_(databases),
      address_(read_postgres_address(url, "the address of the server")),
      entry_{.branch = branch, .database = address_.keywords.at("dbname")},
      project_(parent_of(branch)) {}

std::vector<Observed> ServerProvider::list(const Kind& kind, const std::string& parent) {
  if (kind.name == "project") return {{.kind = &kind, .name = project_}};
  if (kind.name == "branch" && parent == project_) {
    return {{.kind = &kind, .name = entry_.branch, .facts = {{"entry_database", entry_.database}}}};
  }
  if (parent != entry_.branch) return {};
  if (kind.name == "endpoint") {
    return {{.kind = &kind,
             .name = entry_.branch + "/endpoints/primary",
             .facts = {{"current_state", "ACTIVE"},
                       {"hosts", {{"host", address_.keywords.at("host")}}}}}};
  }
  if (kind.name == "role") return members(kind, kRoles);
  return kind.name == "database" ? members(kind, kDatabases) : std::vector<Observed>();
}

std::vector<Observed> ServerProvider::members(const Kind& kind, const char* query) {
  std::vector<Observed> members;
  for (const std::string& name : names_in(databases_.answer(entry_, query))) {
    Observed member = {
        .kind = &kind,
        .name = fmt::format("{}/{}/{}", entry_.branch, kind.collection, escape_segment(name)),
        .postgres_name = name};
    for (const Field& field : kind.fields) {
      const bool is_name = field.observed_at == kind.postgres_name_at;
      if (is_name) member.fields[std::string(field.name)] = name;
    }
    members.push_back(std::move(member));
  }
  return members;
}

std::optional<Observed> ServerProvider::get(const Kind& kind, const std::string& name) {
  for (Observed& member : list(kind, parent_of(name))) {
    if (member.name == name) return std::move(member);
  }
  return std::nullopt;
}

Operation ServerProvider::start(const Request& request, const MayLeave& /*may_leave*/) {
  refuse(request.method + " " + request.target);
}

Operation ServerProvider::poll(const std::string& operation) {
  refuse(operation);
}

}  // namespace weir::postgres
