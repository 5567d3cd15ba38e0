#include "emulator/api/registration.h"

#include <algorithm>
#include <array>

#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/resource_name.h"

namespace emulator {

std::optional<Row> catalog_of_database(const World& world, const Registration& database) {
  for (const char* kind : {"catalog", "database_catalog"}) {
    for (Row& row : world.store.all(kind)) {
      const bool is_same = text_at(row.hidden, "cluster") == database.cluster &&
                           text_at(row.hidden, "database") == database.database;
      if (is_same) return std::move(row);
    }
  }
  return std::nullopt;
}

std::optional<Row> registered_catalog(const World& world, const std::string& name) {
  const auto shown = find_in_unity(world, name);
  return shown ? world.store.find(text_at(shown->hidden, "resource")) : std::nullopt;
}

void check_registration(const World& world, const std::string& name, const Registration& wanted) {
  if (find_in_unity(world, name)) throw world.contract.problem("catalog_exists");
  const auto other = catalog_of_database(world, wanted);
  if (!other) return;
  throw world.contract.problem("catalog_database_registered",
                               {{"name", wanted.database}, {"catalog", last_segment(other->name)}});
}

void show_in_unity(World& world, const std::string& name, const Row& row) {
  put_catalog(world, name, world.contract.assumptions.choice("registered_catalog_type"));
  auto shown = find_in_unity(world, name);
  shown->hidden["resource"] = row.name;
  shown->shown["owner"] = text_at(row.hidden, "creator");
  world.store.put(*shown);
  put_schema(world, name + ".public");
}

void refuse_full_catalog(const World& world, const std::string& name) {
  std::string tables;
  for (const Row& table : world.store.all("unity_table")) {
    if (!table.name.starts_with(unity_row_name(name) + "/")) continue;
    tables += (tables.empty() ? "" : ", ") + text_at(table.shown, "full_name");
  }
  if (tables.empty()) return;
  throw world.contract.problem("catalog_not_empty", {{"name", name}, {"tables", tables}});
}

void hide_from_unity(World& world, const std::string& full_name) {
  world.store.erase_below(unity_row_name(full_name));
  world.store.erase(unity_row_name(full_name));
}

std::optional<Row> find_database(const World& world, const std::string& branch,
                                 const std::string& postgres_database) {
  for (Row& row : world.store.children(branch, "database")) {
    if (text_at(row.shown, "status.postgres_database") == postgres_database) return std::move(row);
  }
  return std::nullopt;
}

Row put_database(World& world, const std::string& branch, const std::string& postgres_database,
                 const std::string& owner) {
  Json spec = {{"postgres_database", postgres_database}};
  if (!owner.empty()) spec["role"] = owner;
  const std::string id = free_id_for(world, branch + "/databases/", postgres_database);
  Row row = made_by_service(world, new_row(world, "database", branch, id, {{"spec", spec}}));
  world.store.put(row);
  return row;
}

namespace {

/// The instance or branch that the catalog of the new table `full_name` stands for.
std::string home_of_catalog(const World& world, const std::string& full_name) {
  const auto catalog = registered_catalog(world, full_name.substr(0, full_name.find('.')));
  if (!catalog) return "";
  const std::string instance = text_at(catalog->shown, "database_instance_name");
  return instance.empty() ? text_at(catalog->shown, "status.branch") : "instances/" + instance;
}

}  // namespace

std::string home_of_creation(const World& world, const Request& request) {
  constexpr std::array kPaths = {"/api/2.0/postgres/catalogs", "/api/2.0/postgres/synced_tables",
                                 "/api/2.0/database/catalogs", "/api/2.0/database/synced_tables",
                                 "/api/2.0/database/tables"};
  const bool is_creation = request.method == "POST" &&
                           std::find(kPaths.begin(), kPaths.end(), request.path) != kPaths.end();
  if (!is_creation) return "";
  const Json body = parse_json(request.body).value_or(Json());
  std::string branch = text_at(body, "spec.branch");
  if (!branch.empty()) return branch;
  const std::string instance = text_at(body, "database_instance_name");
  if (!instance.empty()) return "instances/" + instance;
  const auto id = request.query.find("synced_table_id");
  return home_of_catalog(world, id == request.query.end() ? text_at(body, "name") : id->second);
}

}  // namespace emulator
