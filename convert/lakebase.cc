#include "convert/lakebase.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/value.h"

namespace weir::convert {
namespace {

constexpr std::array kTypes = {
    ResourceType{"postgres_projects", "databricks_postgres_project", "project", "project_id"},
    ResourceType{"postgres_branches", "databricks_postgres_branch", "branch", "branch_id",
                 "parent"},
    ResourceType{"postgres_endpoints", "databricks_postgres_endpoint", "endpoint", "endpoint_id",
                 "parent"},
    ResourceType{"postgres_roles", "databricks_postgres_role", "role", "role_id", "parent"},
    ResourceType{"postgres_databases", "databricks_postgres_database", "database", "database_id",
                 "parent"},
    ResourceType{"database_instances", "databricks_database_instance", "instance", "name"},
    ResourceType{"postgres_catalogs", "databricks_postgres_catalog", "catalog", "catalog_id"},
    ResourceType{"database_catalogs", "databricks_database_database_catalog", "instance_catalog",
                 "name"},
    ResourceType{"postgres_synced_tables", "databricks_postgres_synced_table", "synced_table",
                 "synced_table_id"},
    ResourceType{"synced_database_tables", "databricks_database_synced_database_table",
                 "instance_synced_table", "name"},
    // Bundles have none of these.
    ResourceType{"", "databricks_postgres_data_api", "data_api", "", "parent"},
    ResourceType{"", "databricks_postgres_cdf_config", "cdf_config", "cdf_config_id", "parent"}};

/// What answers say and nobody wishes; `id` is Terraform's own.
constexpr std::array<std::string_view, 23> kAnswers = {"id",
                                                       "name",
                                                       "uid",
                                                       "create_time",
                                                       "update_time",
                                                       "delete_time",
                                                       "purge_time",
                                                       "status",
                                                       "state",
                                                       "creator",
                                                       "creation_time",
                                                       "read_write_dns",
                                                       "read_only_dns",
                                                       "child_instance_refs",
                                                       "data_synchronization_status",
                                                       "unity_catalog_provisioning_state",
                                                       "url",
                                                       "modified_status",
                                                       "pg_version",
                                                       "timeouts",
                                                       "depends_on",
                                                       "parent_instance_ref.uid",
                                                       "parent_instance_ref.effective_lsn"};

/// What weir does anyway, or decides when it is time; with the reason where somebody may miss it.
struct Unneeded {
  std::string_view key;
  std::string_view why = {};
  std::string_view hint = {};
};
constexpr std::array kUnneeded = {
    Unneeded{"replace_existing"},                    // weir takes over what is there
    Unneeded{"create_database_objects_if_missing"},  // schemas and databases are declared
    Unneeded{"create_database_if_missing"},
    Unneeded{"create_database_if_not_exists"},
    Unneeded{"purge_on_delete", "is nothing that a manifest says",
             "weir asks for consent before anything is deleted"},
    Unneeded{"provider_config", "names a workspace, which a manifest does in environments",
             "write workspace: in the environment"},
    Unneeded{"initial_branch_spec", "is only for the creation of the project",
             "write protected: true in the branch production"},
    Unneeded{"initial_endpoint_spec", "is only for the creation of the project",
             "write the endpoint primary of the branch production"}};

bool is_answer(std::string_view path) {
  return path.starts_with("effective_") ||
         std::find(kAnswers.begin(), kAnswers.end(), path) != kAnswers.end();
}

/// Values that a manifest would have only to say what is so anyway.
bool says_nothing(const Document& value) {
  return value == false || (value.is_structured() && value.empty());
}

/// "a.b.c" in three; dots between "${" and "}" part nothing.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : name) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (c == '.' && depth <= 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPrincipals = {
    {{"user", "user_name"},
     {"group", "group_name"},
     {"service_principal", "service_principal_name"}}};

}  // namespace

std::span<const ResourceType> resource_types() {
  return kTypes;
}

void Estate::declare(std::span<const Resource> resources) {
  for (const ResourceType& type : kTypes) {
    for (const Resource& resource : resources) {
      if (resource.type == &type) name(resource);
    }
  }
  for (const ResourceType& type : kTypes) {
    for (const Resource& resource : resources) {
      if (resource.type == &type) write(resource);
    }
  }
}

void Estate::write(const Resource& resource) {
  Body body(resource.body);
  const Kind& kind = *catalogue_.find(resource.type->kind);
  if (kind.is_a("catalog")) return write_catalog(resource, body);
  if (kind.is_a("synced_table")) return write_synced_table(resource, body);
  if (kind.name == "data_api" || kind.name == "cdf_config") {
    return write_inside_database(resource, body);
  }
  const auto found = paths_.find(remote_name(resource));
  if (found == paths_.end()) return;  // it was said why
  const Path& path = found->second;
  if (!resource.type->id_key.empty()) body.take(resource.type->id_key);
  if (!resource.type->parent_key.empty()) body.take(resource.type->parent_key);
  if (kind.is_a("role")) write_role(resource, path, body);
  if (kind.is_a("database")) write_database(resource, path, body);
  Document fields = fields_of(kind, resource, body);
  join_capacity(fields);
  write_lifecycle(body, fields);
  member(tree, path).update(fields);
  if (const Node* permissions = body.take("permissions")) {
    declare_permissions(remote_name(resource), *permissions, "level",
                        {permissions->place, resource.spot.address + ".permissions"});
  }
  tell_what_is_left(resource, body);
}

void Estate::write_role(const Resource& resource, const Path& path, Body& body) {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  const std::string name = body.take_text(at(kind, "postgres_role"));
  const std::string identity = body.take_text(at(kind, "identity"));
  const std::string method = body.take_text(at(kind, "auth_method"));
  Document& fields = member(tree, path);
  for (const Choice& choice : find_field(kind, "identity")->choices) {
    if (choice.wire == identity && !choice.is_never_sent) {
      fields[std::string(choice.name)] = name;
      if (!method.empty() && method != "LAKEBASE_OAUTH_V1") {
        notes_.lost({resource.spot.place, resource.spot.address + ".auth_method"},
                    "is nothing that weir changes for users, groups and service principals",
                    "leave it to the service, which lets them log in by OAuth");
      }
      return;
    }
  }
  fields["login"] = method != "NO_LOGIN";
}

void Estate::write_database(const Resource& resource, const Path& path, Body& body) {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  body.take(at(kind, "postgres_database"));
  const std::string owner = body.take_text(at(kind, "owner"));
  if (owner.empty()) return;
  const auto role = paths_.find(owner);
  if (role != paths_.end()) {
    member(tree, path)["owner"] = role->second.back();
    return;
  }
  notes_.lost({resource.spot.place, resource.spot.address + ".role"},
              "names a role that is not declared there, so that it cannot be named here",
              "declare the role, and write it as the owner");
}

/// Not in the tree: what fields refer to may be put there meanwhile, which moves its members.
Document Estate::fields_of(const Kind& kind, const Resource& resource, Body& body) {
  Document fields = Document::object();
  for (const Field& field : kind.fields) {
    const bool is_sent = field.on_change != OnChange::kLocal && !field.is_derived;
    if (!is_sent || field.type == Type::kPermissions) continue;
    if (field.type == Type::kReference) {
      write_reference(kind, field, resource.spot, body, fields);
      continue;
    }
    Written written = take_field(field, root_of(kind), body);
    if (!written.problem.empty()) {
      notes_.lost({resource.spot.place, resource.spot.address},
                  fmt::format("{} {}", field.sent_as, written.problem),
                  fmt::format("write {} by hand; weir explain {}.{} has its form", field.name,
                              kind.name, field.name));
      continue;
    }
    const bool is_left_out = dialect_.fills_in && says_nothing(written.value);
    if (!written.value.is_null() && !is_left_out) put_field(fields, field, written.value);
  }
  return fields;
}

void Estate::write_reference(const Kind& kind, const Field& field, const Spot& spot, Body& body,
                             Document& fields) {
  const std::string named = body.take_text(at(kind, field.name));
  if (named.empty() || field.refers_to == "role") return;  // owners have a way of their own
  const std::string name = field.refers_to == "instance" ? "instances/" + named : named;
  if (const auto path = path_of(name, spot)) {
    fields[std::string(field.name)] = path->back();
  }
}

void Estate::write_lifecycle(Body& body, Document& fields) {
  if (body.take_flag("lifecycle.prevent_destroy")) fields["lifecycle"] = {{"protect", true}};
}

void Estate::declare_permissions(const std::string& name, const Node& list,
                                 std::string_view level_key, const Spot& spot) {
  const auto path = path_of(name, spot);
  if (!path) return;
  Document entries = Document::array();
  for (const Node& item : list.items) {
    Document entry = Document::object();
    for (const auto& [word, key] : kPrincipals) {
      const Node* principal = item.find(key);
      if (principal != nullptr && !principal->text.empty()) {
        entry[std::string(word)] = principal->text;
      }
    }
    const Node* level = item.find(level_key);
    if (entry.size() != 1 || level == nullptr) {
      notes_.lost({item.place, spot.address}, "has an entry that is not of one principal",
                  "write it by hand");
      continue;
    }
    entry["level"] = level->text;
    entries.push_back(std::move(entry));
  }
  if (!entries.empty()) member(tree, *path)["permissions"] = std::move(entries);
}

/// The path to the database that a branch or an instance and a name inside Postgres say.
std::optional<Path> Estate::database_of(const Kind& kind, const Spot& spot, Body& body) {
  const bool is_instance = find_field(kind, "instance") != nullptr;
  const std::string server = body.take_text(at(kind, is_instance ? "instance" : "branch"));
  const std::string database = body.take_text(at(kind, "database"));
  if (server.empty() || database.empty() || is_open(database)) return std::nullopt;
  auto path = path_of(is_instance ? "instances/" + server : server, spot);
  if (!path) return std::nullopt;
  *path = below(std::move(*path), {"databases", database});
  member(tree, *path);
  return path;
}

void Estate::write_catalog(const Resource& resource, Body& body) {
  const std::string name = body.take_text(resource.type->id_key);
  const auto database = database_of(*catalogue_.find(resource.type->kind), resource.spot, body);
  if (!database || name.empty()) {
    return notes_.lost(resource.spot, "does not say which database it registers",
                       "declare it by hand, as catalog in the database");
  }
  Document& fields = member(tree, below(*database, {"catalog"}));
  fields["name"] = name;
  catalogs_[name] = *database;
  write_lifecycle(body, fields);
  tell_what_is_left(resource, body);
}

/// A synced table is called like its place: the last two parts of its name are those inside.
void Estate::write_synced_table(const Resource& resource, Body& body) {
  const Kind& kind = *catalogue_.find(resource.type->kind);
  const std::string name = body.take_text(resource.type->id_key);
  const std::vector<std::string> parts = parts_of(name);
  auto database = database_of(kind, resource.spot, body);
  const auto registered = catalogs_.find(parts.front());
  const bool is_registered = registered != catalogs_.end();
  if (!database && is_registered) database = registered->second;
  if (!database || parts.size() != 3 || is_open(parts[1]) || is_open(parts[2])) {
    return notes_.lost(resource.spot, "does not say into which database, schema and table it goes",
                       "declare it by hand, under synced_tables of the schema");
  }
  Document fields = fields_of(kind, resource, body);
  if (!is_registered || registered->second != *database) fields["uc_name"] = name;
  write_lifecycle(body, fields);
  const Path path = below(*database, {"schemas", parts[1], "synced_tables", parts[2]});
  member(tree, path).update(fields);
  tell_what_is_left(resource, body);
}

/// A Data API of a database, or a change feed of one of its schemas.
void Estate::write_inside_database(const Resource& resource, Body& body) {
  const auto parent = path_to_parent(resource);
  if (!parent) return;
  body.take("parent");
  const Kind& kind = *catalogue_.find(resource.type->kind);
  Path path = below(*parent, {"data_api"});
  if (kind.name == "cdf_config") {
    const std::string schema = body.take_text("postgres_schema");
    if (schema.empty()) {
      return notes_.lost(resource.spot, "does not say of which schema it is",
                         "declare it by hand, as cdf in the schema");
    }
    path = below(*parent, {"schemas", schema, "cdf"});
    const std::string id = body.take_text("cdf_config_id");
    if (!id.empty() && id != schema) member(tree, path)["id"] = id;
  }
  const Document fields = fields_of(kind, resource, body);
  member(tree, path).update(fields);
  tell_what_is_left(resource, body);
}

void Estate::tell_what_is_left(const Resource& resource, const Body& body) {
  for_each_rest(body, [&](const std::string& path, const Node& value, const Place& place) {
    const bool is_nothing = dialect_.fills_in && says_nothing(to_document(value));
    if (is_answer(path) || is_nothing) return;
    const std::string key = path.substr(path.rfind('.') + 1);
    const auto* known = std::find_if(kUnneeded.begin(), kUnneeded.end(),
                                     [&](const Unneeded& each) { return each.key == key; });
    if (known != kUnneeded.end() && known->why.empty()) return;
    const bool is_known = known != kUnneeded.end();
    notes_.lost(
        {place, resource.spot.address + "." + path},
        std::string(is_known ? known->why : "is nothing that weir knows, and is left out"),
        std::string(is_known ? known->hint : "look whether it matters, and say it by hand"));
  });
}

}  // namespace weir::convert
