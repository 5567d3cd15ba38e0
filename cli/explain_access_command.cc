// weir explain access ROLE OBJECT: why a role can or cannot do something with an object.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/explain_access.h"
#include "cli/json_view.h"
#include "cli/world.h"
#include "core/error.h"
#include "manifest/inside/object_name.h"
#include "providers/lakebase/kinds.h"
#include "sql/explain_access.h"
#include "sql/object_named.h"
#include "sql/read_catalogue.h"

namespace weir {
namespace {

/// The databases of the manifest that -in may mean.
std::vector<const Declaration*> databases_of(const Manifest& manifest, const std::string& in) {
  std::vector<const Declaration*> databases;
  for (const Declaration& declaration : manifest.declarations) {
    const bool is_meant =
        declaration.kind->is_a("database") && (in.empty() || declaration.address.text() == in);
    if (is_meant) databases.push_back(&declaration);
  }
  return databases;
}

const Declaration& chosen_database(const Manifest& manifest, const std::string& in) {
  const auto databases = databases_of(manifest, in);
  if (databases.size() == 1) return *databases.front();
  if (!in.empty()) {
    throw UsageError(
        fmt::format("-in {}: the manifest declares no such database; write its address, "
                    "such as projects/shop/branches/dev/databases/app",
                    harmless(in)));
  }
  throw UsageError(databases.empty()
                       ? std::string("the manifest declares no database to look into")
                       : fmt::format("the manifest declares {} databases; say which with -in, for "
                                     "example -in {}",
                                     databases.size(), databases.front()->address.text()));
}

/// A role by its key in the manifest, by its address, or as Postgres calls it.
std::string role_named(const Manifest& manifest, const Address& branch, const std::string& name) {
  for (const Declaration& declaration : manifest.declarations) {
    const bool is_it =
        declaration.kind->is_a("role") &&
        (declaration.address.text() == name || declaration.address == branch.child("roles", name));
    if (is_it && !declaration.id.empty()) return declaration.id;
  }
  return name;
}

/// Also where the manifest does not manage them. Nothing on a server, which has none, and where
/// they are not ours to see: whoever may look into a database need not see who else may.
std::optional<Observed> permissions_of(World& world, const Observations& observations,
                                       const std::string& project) {
  if (const Observed* seen = observations.find(project + "/permissions")) return *seen;
  const bool is_instance = project.starts_with(std::string(kInstance.collection) + "/");
  try {
    std::vector<Observed> listed = world.target().provider().list(
        is_instance ? kPermissionsOfInstance : kPermissionsOfProject, project);
    if (!listed.empty()) return std::move(listed.front());
  } catch (const ApiError& error) {
    if (error.facts().status != 403) throw;
  }
  return std::nullopt;
}

/// What the project's permissions say of the role; "" when they do not show.
std::string workspace_permission(World& world, const Observations& observations,
                                 const Declaration& database, const std::string& role) {
  const std::string& branch = database.remote_parent;
  const std::string project = branch.substr(0, branch.find("/branches/"));
  const auto permissions = permissions_of(world, observations, project);
  if (!permissions) return "";
  for (const auto& [field, entries] : permissions->fields.items()) {
    for (const Document& entry : entries) {
      for (const char* principal : {"user", "service_principal", "group"}) {
        if (text_at(entry, principal) == role) {
          return fmt::format("{} has {} on {} in the workspace", role, text_at(entry, "level"),
                             project);
        }
      }
    }
  }
  return fmt::format("{} has no permission of its own on {} in the workspace", role, project);
}

std::string shown_target(const sql::Target& target) {
  std::string name(sql::noun(target.object_class));
  name += " ";
  if (!target.schema.empty()) name += target.schema + ".";
  if (!target.table.empty()) name += target.table + ".";
  return name + target.name;
}

std::string or_nothing(sql::PrivilegeSet privileges) {
  return privileges.is_empty() ? "nothing" : sql::text_of(privileges);
}

std::string text_of(const std::string& role, const sql::Target& target,
                    const sql::AccessExplanation& found, const std::string& permission) {
  std::string text =
      fmt::format("{} on {}: {}\n", role, shown_target(target), or_nothing(found.has));
  if (!found.lacks.is_empty()) text += fmt::format("  lacks {}\n", sql::text_of(found.lacks));
  for (const sql::AccessWay& way : found.ways) {
    const bool is_later = way.source == sql::AccessSource::kDefault;
    text += fmt::format("  {} {}\n", is_later ? "later:" : "because", way.text);
  }
  for (const std::string& obstacle : found.obstacles) text += fmt::format("  but {}\n", obstacle);
  if (!permission.empty()) text += fmt::format("  {}\n", permission);
  return text;
}

Document document_of(const std::string& role, const sql::Target& target,
                     const sql::AccessExplanation& found, const std::string& permission) {
  Document ways = Document::array();
  for (const sql::AccessWay& way : found.ways) {
    ways.push_back({{"text", way.text},
                    {"privileges", sql::words_of(way.privileges)},
                    {"grantable", sql::words_of(way.grantable)},
                    {"path", way.path},
                    {"is_later", way.source == sql::AccessSource::kDefault},
                    {"needs_set_role", way.needs_set_role}});
  }
  Document document = {{"role", role},
                       {"object", shown_target(target)},
                       {"has", sql::words_of(found.has)},
                       {"lacks", sql::words_of(found.lacks)},
                       {"ways", std::move(ways)},
                       {"obstacles", found.obstacles}};
  if (!permission.empty()) document["workspace_permission"] = permission;
  return document;
}

sql::Catalogue look(World& world, const Declaration& database) {
  sql::ReadCatalogue read = sql::read_catalogue(world.target().databases().snapshot(
      {.branch = database.remote_parent, .database = database.id}));
  if (!read.catalogue) throw Error(read.problem);
  return *std::move(read.catalogue);
}

/// As grants name them: types of arguments may have their short names.
std::vector<sql::Target> targets_named(const sql::Catalogue& catalogue, const std::string& object) {
  std::vector<sql::Target> targets = sql::objects_named(catalogue, object);
  if (!targets.empty()) return targets;
  const inside::ObjectName routine = inside::read_routine_name(object);
  if (!routine.problem.empty()) return {};
  return sql::objects_named(catalogue, routine.schema + "." + routine.name);
}

}  // namespace

Exit explain_access(const Invocation& invocation, const std::string& role_text,
                    const std::string& object) {
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const Manifest& manifest = loaded->manifest;
  const Address database = chosen_database(manifest, invocation.options.value("in")).address;
  World world(invocation, target_of(invocation, manifest));
  const Observations observations = world.observe(loaded->manifest, {});
  const Declaration& place = *manifest.find(database);
  const std::string role = role_named(manifest, database.parent(), role_text);
  const sql::Catalogue catalogue = look(world, place);
  const auto targets = targets_named(catalogue, object);
  if (targets.empty()) {
    throw Error(
        fmt::format("{} has nothing that is called {}; write app.orders for a table, view or "
                    "sequence, app.orders.total for a column, app.f(integer) for a function, "
                    "or the name of a schema",
                    harmless(place.id), harmless(object)));
  }
  const std::string permission = workspace_permission(world, observations, place, role);
  Document all = Document::array();
  for (const sql::Target& target : targets) {
    const sql::AccessExplanation found = sql::explain_access(catalogue, role, target);
    if (!found.problem.empty()) throw Error(found.problem);
    if (invocation.format() == "json") {
      all.push_back(document_of(role, target, found, permission));
    } else {
      print_text(invocation, harmless_lines(text_of(role, target, found, permission)));
    }
  }
  if (invocation.format() == "json") {
    print_exactly(pretty({{"format_version", std::string(kFormatVersion)}, {"access", all}}));
  }
  return Exit::kDone;
}

}  // namespace weir
