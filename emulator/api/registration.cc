#include "emulator/api/registration.h"

#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/resource_name.h"

namespace emulator {

std::optional<Row> catalog_of_database(const World& world, const Registration& database) {
  for (Row& row : world.store.all("catalog")) {
    const bool is_same = text_at(row.hidden, "cluster") == database.cluster &&
                         text_at(row.hidden, "database") == database.database;
    if (is_same) return std::move(row);
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

std::string branch_of_creation(const World& world, const Request& request) {
  constexpr std::string_view kPostgres = "/api/2.0/postgres/";
  const bool is_catalog = request.path == std::string(kPostgres) + "catalogs";
  const bool is_table = request.path == std::string(kPostgres) + "synced_tables";
  if (request.method != "POST" || (!is_catalog && !is_table)) return "";
  const std::string branch = text_at(parse_json(request.body).value_or(Json()), "spec.branch");
  if (!branch.empty() || is_catalog) return branch;
  const auto id = request.query.find("synced_table_id");
  if (id == request.query.end()) return "";
  const auto catalog = registered_catalog(world, id->second.substr(0, id->second.find('.')));
  return catalog ? text_at(catalog->shown, "status.branch") : "";
}

}  // namespace emulator
