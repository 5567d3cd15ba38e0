// What resources are called: by the service, and in the tree.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "convert/lakebase.h"

namespace weir::convert {
namespace {

constexpr std::string_view kDefaultDatabase = "databricks_postgres";
/// Of a database, with three ids of 63 characters in it; more would be nobody's name.
constexpr std::size_t kLongestResourceName = 512;

/// "projects/shop", "branches" and "dev" of "projects/shop/branches/dev".
struct NameParts {
  std::string parent = {};
  std::string collection = {};
  std::string id = {};
};

NameParts parts_of_name(const std::string& name) {
  const std::size_t id_at = name.rfind('/');
  if (id_at == std::string::npos || id_at == 0) return {};
  const std::size_t collection_at = name.rfind('/', id_at - 1);
  const bool is_top = collection_at == std::string::npos;
  const std::size_t begin = is_top ? 0 : collection_at + 1;
  return {.parent = is_top ? "" : name.substr(0, collection_at),
          .collection = name.substr(begin, id_at - begin),
          .id = name.substr(id_at + 1)};
}

}  // namespace

std::string as_key(std::string label) {
  for (char& c : label) {
    if (c == '/' || c == '.' || c == ' ') c = '-';
  }
  return label;
}

std::string_view Estate::root_of(const Kind& kind) const {
  return kind.api->is_plain ? "" : dialect_.root;
}

std::string Estate::at(const Kind& kind, std::string_view field) const {
  std::string_view path = find_field(kind, field)->sent_as;
  if (path.starts_with(root_of(kind))) path.remove_prefix(root_of(kind).size());
  return std::string(path);
}

std::string Estate::remote_name(const Resource& resource) const {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  const Body body(resource.body);
  const Node* id = resource.type->id_key.empty() ? nullptr : body.look(resource.type->id_key);
  if (id == nullptr) {
    // Where the id was left to the service, the state of Terraform has the name.
    const Node* made = body.look("name");
    return made != nullptr && made->text.find('/') != std::string::npos ? made->text : "";
  }
  const std::string own = fmt::format("{}/{}", kind.collection, id->text);
  if (resource.type->parent_key.empty()) return own;
  const Node* parent = body.look(resource.type->parent_key);
  return parent == nullptr ? "" : fmt::format("{}/{}", parent->text, own);
}

/// Ids and names inside Postgres as they are; where they are none of its own, what its author calls
/// it, which may be the same elsewhere.
std::optional<std::string> Estate::key_of(const Resource& resource, const std::string& id,
                                          const Path& members) {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  const Body body(resource.body);
  const Node* name = &resource.body;
  bool is_label = is_open(id);
  std::string key = id;
  if (kind.identity == Identity::kPostgresName || kind.identity == Identity::kRoleAlias) {
    const bool is_role = kind.identity == Identity::kRoleAlias;
    name = body.look(at(kind, is_role ? "postgres_role" : "postgres_database"));
    const Node* identity = is_role ? body.look(at(kind, "identity")) : nullptr;
    is_label = identity != nullptr && identity->text != "IDENTITY_TYPE_UNSPECIFIED";
    key = name == nullptr ? "" : name->text;
  }
  if (name == nullptr || key.empty()) {
    notes_.lost(resource.spot, "does not say what it is called inside Postgres",
                "add its name there, or declare it by hand");
    return std::nullopt;
  }
  if (!is_label && is_open(key)) {
    notes_.lost(resource.spot, "is called by a variable inside Postgres, which no key can be",
                "declare it in the environments, each with its own name");
    return std::nullopt;
  }
  if (const auto known = keys_.find(resource.spot.address); known != keys_.end()) {
    return known->second;
  }
  const std::string label = as_key(resource.label);
  if (is_label) key = label;
  for (int number = 2; is_label && taken_.contains(below(members, {key})); ++number) {
    key = fmt::format("{}_{}", label, number);
  }
  keys_.emplace(resource.spot.address, key);
  return key;
}

void Estate::name(const Resource& resource) {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  const bool is_placed = kind.identity == Identity::kId ||
                         kind.identity == Identity::kPostgresName ||
                         kind.identity == Identity::kRoleAlias;
  if (!is_placed || kind.is_apart) return;
  const std::string full = remote_name(resource);
  if (full.empty()) {
    return notes_.lost(resource.spot, fmt::format("has no {}", resource.type->id_key),
                       "add it, so that it is known what is meant");
  }
  const std::optional<Path> parent = path_to_parent(resource);
  if (!parent) return;
  const std::string id = full.substr(full.rfind('/') + 1);
  const Path members = below(*parent, {kind.collection});
  const std::optional<std::string> key = key_of(resource, id, members);
  if (!key) return;
  const Path path = below(members, {*key});
  Document& fields = member(tree, path);
  if (kind.identity == Identity::kId && *key != id) fields["id"] = id;
  const bool is_new = taken_.insert(path).second;
  if (!paths_.emplace(full, path).second || !is_new) {
    notes_.lost(resource.spot, "is declared before under another label",
                "what both of them say is put together; look at the result");
  }
}

std::optional<Path> Estate::path_to_parent(const Resource& resource) {
  if (resource.type->parent_key.empty()) return Path{};
  const Node* parent = Body(resource.body).look(resource.type->parent_key);
  if (parent == nullptr) {
    notes_.lost(resource.spot, fmt::format("has no {}", resource.type->parent_key),
                "add the name of what it is in");
    return std::nullopt;
  }
  return path_of(parent->text, resource.spot);
}

/// What is named and not declared is there already: it is declared with nothing in it.
std::optional<Path> Estate::path_of(const std::string& name, const Spot& spot) {
  if (const auto known = paths_.find(name); known != paths_.end()) return known->second;
  const NameParts parts = parts_of_name(name);
  const bool is_named =
      !parts.id.empty() && !is_open(parts.id) &&
      (parts.parent.empty() ? parts.collection == "projects" || parts.collection == "instances"
                            : parts.collection == "branches" || parts.collection == "databases");
  if (!is_named || name.size() > kLongestResourceName) {
    notes_.lost(spot, "names something that is not known here", "declare it by hand");
    return std::nullopt;
  }
  std::optional<Path> path = parts.parent.empty() ? Path{} : path_of(parts.parent, spot);
  if (!path) return std::nullopt;
  const bool is_implied = parts.id == "production" || parts.collection == "databases";
  if (!is_implied) {
    notes_.remark(spot, fmt::format("names {}, which is not declared there", name),
                  "it is declared with nothing in it; remove it when others look after it");
  }
  // The id of the database that comes with a branch is not its name inside Postgres.
  const bool is_default = parts.collection == "databases" && parts.id == "databricks-postgres";
  *path = below(std::move(*path), {parts.collection, is_default ? kDefaultDatabase : parts.id});
  member(tree, *path);
  paths_.emplace(name, *path);
  return path;
}

}  // namespace weir::convert
