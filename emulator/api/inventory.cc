#include "emulator/api/inventory.h"

#include <algorithm>

#include <fmt/format.h>

#include "emulator/api/kinds.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

bool is_named(const Row& row, const char* path, const std::string& postgres_name) {
  return text_at(row.shown, path) == postgres_name;
}

bool has_open_operation(World& world, const Row& row) {
  return !world.store.open_operations(row.name).empty();
}

Json role_input(const RoleDefinition& role) {
  Json spec = {{"postgres_role", role.name},
               {"auth_method", role.can_login ? "PG_PASSWORD_SCRAM_SHA_256" : "NO_LOGIN"},
               {"attributes",
                {{"bypassrls", role.bypassrls},
                 {"createdb", role.createdb},
                 {"createrole", role.createrole}}}};
  if (role.is_member_of_superuser) {
    spec["membership_roles"] = Json::array({"DATABRICKS_SUPERUSER"});
  }
  return {{"spec", spec}};
}

void follow(World& world, Row row, const Json& wanted_spec) {
  Json& spec = row.hidden["input"]["spec"];
  const Json before = spec;
  for (const char* key : {"attributes", "membership_roles", "postgres_database", "role"}) {
    if (wanted_spec.contains(key)) spec[key] = wanted_spec.at(key);
  }
  if (!wanted_spec.contains("membership_roles")) spec.erase("membership_roles");
  if (spec == before) return;
  rules_of(row.kind).show(world, row);
  row.shown["update_time"] = to_text(world.clock.now());
  world.store.put(row);
}

/// `wanted` are the inputs of what Postgres has; `key` is the field that holds its name there.
void sync_kind(World& world, const std::string& branch, const std::string& kind,
               const std::vector<Json>& wanted, const std::string& key) {
  const std::string shown_key = "status." + key;
  const std::vector<Row> rows = world.store.children(branch, kind);
  for (const Json& input : wanted) {
    const std::string name = input.at("spec").at(key).get<std::string>();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
      return is_named(row, shown_key.c_str(), name);
    });
    if (found != rows.end()) {
      if (!has_open_operation(world, *found)) follow(world, *found, input.at("spec"));
      continue;
    }
    const std::string collection = branch + "/" + world.contract.kind(kind).collection + "/";
    world.store.put(made_by_service(
        world, new_row(world, kind, branch, free_id_for(world, collection, name), input)));
  }
  for (const Row& row : rows) {
    const bool is_there = std::any_of(wanted.begin(), wanted.end(), [&](const Json& input) {
      return is_named(row, shown_key.c_str(), input.at("spec").at(key).get<std::string>());
    });
    if (is_there || has_open_operation(world, row)) continue;
    world.store.erase_below(row.name);
    world.store.erase(row.name);
  }
}

}  // namespace

std::string free_id_for(World& world, const std::string& collection,
                        const std::string& postgres_name) {
  std::string id;
  for (const char c : postgres_name) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_plain = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    id += is_plain ? small : '-';
  }
  if (id.empty() || id.front() < 'a' || id.front() > 'z') id = "pg-" + id;
  id = id.substr(0, 50);
  while (id.back() == '-') id.pop_back();
  while (id.size() < 4) id += "-pg";
  return world.store.find(collection + id) ? id + "-" + world.ids.short_hex() : id;
}

void sync_inventory(World& world, const std::string& branch, const Inventory& inventory) {
  std::vector<Json> roles;
  roles.reserve(inventory.roles.size());
  for (const RoleDefinition& role : inventory.roles) roles.push_back(role_input(role));
  sync_kind(world, branch, "role", roles, "postgres_role");

  std::vector<Json> databases;
  const std::vector<Row> known = world.store.children(branch, "role");
  for (const DatabaseDefinition& database : inventory.databases) {
    const auto owner = std::find_if(known.begin(), known.end(), [&](const Row& row) {
      return is_named(row, "status.postgres_role", database.owner);
    });
    Json spec = {{"postgres_database", database.name}};
    if (owner != known.end()) spec["role"] = owner->name;
    databases.push_back({{"spec", spec}});
  }
  sync_kind(world, branch, "database", databases, "postgres_database");
}

void refuse_children(World& world, const Row& branch) {
  const std::string children = children_text(world, branch);
  if (children.empty()) return;
  throw world.contract.problem("branch_has_children",
                               {{"name", branch.name}, {"children", children}});
}

std::string children_text(World& world, const Row& branch) {
  std::string names;
  for (const Row& other : world.store.children(branch.parent, "branch")) {
    if (other.is_deleted || text_at(other.shown, "status.source_branch") != branch.name) continue;
    names += (names.empty() ? "" : ", ") + last_segment(other.name);
  }
  return names;
}

}  // namespace emulator
