#include "emulator/api/app_resources.h"

#include <algorithm>
#include <set>

#include "emulator/api/instance_role.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/instance_unity.h"
#include "emulator/api/inventory.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/permissions.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

constexpr const char* kInstanceName = "database.instance_name";

/// The database, or with "" all databases, of a branch or instance.
struct Place {
  Row home;
  std::string database;
};

/// The keys of an entry that are no field of all entries: the kinds that it has.
std::vector<std::string> kinds_in(const Json& entry) {
  std::vector<std::string> kinds;
  for (const auto& [key, value] : entry.items()) {
    if (key != "name" && key != "description" && value.is_object()) kinds.push_back(key);
  }
  return kinds;
}

std::optional<Row> role_at(const World& world, const Row& home, const std::string& role) {
  if (home.kind == "instance") return world.store.find(role_row_name(home.name, role));
  for (Row& row : world.store.children(home.name, "role")) {
    if (text_at(row.shown, "status.postgres_role") == role) return std::move(row);
  }
  return std::nullopt;
}

Place place_in_instance(World& world, const Call& call, const Json& database) {
  const std::string name = text_at(database, "instance_name");
  auto instance = find_instance(world, name);
  if (!instance) throw world.contract.problem("instance_not_found", {{"name", name}});
  require_use(world, call, instance->name);
  return {.home = *std::move(instance), .database = text_at(database, "database_name")};
}

Place place_in_branch(World& world, const Call& call, const Json& postgres) {
  const std::string branch = text_at(postgres, "branch");
  if (!is_visible(world, branch)) {
    throw world.contract.problem("branch_not_found",
                                 {{"value", last_segment(branch)}, {"trace", call.trace}});
  }
  require_use(world, call, branch);
  Place place{.home = *world.store.find(branch), .database = ""};
  const std::string database = text_at(postgres, "database");
  if (database.empty()) return place;
  if (parent_of(database) != branch) {
    throw world.contract.problem("app_database_elsewhere",
                                 {{"database", database}, {"branch", branch}});
  }
  const auto row = world.store.find(database);
  if (!row) {
    throw world.contract.problem("app_database_not_found",
                                 {{"value", last_segment(database)}, {"trace", call.trace}});
  }
  place.database = text_at(row->shown, "status.postgres_database");
  return place;
}

/// Where an entry gives rights; nothing for kinds that are not Postgres.
std::optional<Place> place_of(World& world, const Call& call, const Json& entry) {
  if (entry.contains("database")) return place_in_instance(world, call, entry.at("database"));
  if (entry.contains("postgres")) return place_in_branch(world, call, entry.at("postgres"));
  return std::nullopt;
}

/// A description and another name in the list change nothing in Postgres.
bool is_attached(const Json& before, const Json& entry) {
  const std::string kind = kinds_in(entry).front();
  return std::any_of(before.begin(), before.end(), [&](const Json& other) {
    return other.contains(kind) && other.at(kind) == entry.at(kind);
  });
}

/// Roles are made where the API itself would make them: nothing else may be under way.
void refuse_unready(World& world, const Place& place) {
  if (place.home.kind == "instance") {
    return check_home_database(world, place.home, place.database, false);
  }
  refuse_conflict(world, place.home.name);
}

/// The row of the role that attaching made, as the API would have made it.
Row new_role(World& world, const Row& home, const std::string& role) {
  if (home.kind == "instance") {
    return new_instance_role(world, home.name,
                             {{"name", role}, {"identity_type", "SERVICE_PRINCIPAL"}});
  }
  const Json input = {{"spec", {{"postgres_role", role}, {"identity_type", "SERVICE_PRINCIPAL"}}}};
  const std::string id = free_id_for(world, home.name + "/roles/", "sp-" + role);
  return made_by_service(world, new_row(world, "role", home.name, id, input));
}

}  // namespace

void check_resources(const World& world, const Json& resources) {
  std::set<std::string> names;
  for (const Json& entry : resources) {
    const std::string name = text_at(entry, "name");
    if (!names.insert(name).second) {
      throw world.contract.problem("app_resource_exists", {{"name", name}});
    }
    const std::size_t kinds = kinds_in(entry).size();
    if (kinds != 1) {
      throw world.contract.problem("app_resource_kind",
                                   {{"name", name}, {"kinds", std::to_string(kinds)}});
    }
  }
}

Json attachments_of(World& world, const Call& call, const std::string& role, const Json& resources,
                    const Json& before) {
  Json attachments = Json::array();
  for (const Json& entry : resources) {
    const auto place = place_of(world, call, entry);
    if (!place) continue;
    const bool has_role = role_at(world, place->home, role).has_value();
    if (has_role && is_attached(before, entry)) continue;
    refuse_unready(world, *place);
    attachments.push_back({{"home", place->home.name},
                           {"cluster", text_at(place->home.shown, "uid")},
                           {"database", place->database},
                           {"makes_role", !has_role}});
  }
  return attachments;
}

std::vector<Step> attaching_steps(World& world, const std::string& role, const Json& attachments) {
  std::vector<Step> steps;
  for (const Json& attachment : attachments) {
    const std::string cluster = text_at(attachment, "cluster");
    if (flag_at(attachment, "makes_role")) {
      steps.emplace_back([&world, cluster, role](Computes::Done next) {
        world.computes.create_role(cluster, {.name = role}, std::move(next));
      });
    }
    steps.emplace_back(
        [&world, cluster, database = text_at(attachment, "database"), role](Computes::Done next) {
          world.computes.grant_database(cluster, database, role, std::move(next));
        });
  }
  return steps;
}

void put_roles(World& world, const std::string& role, const Json& attachments) {
  for (const Json& attachment : attachments) {
    const auto home = world.store.find(text_at(attachment, "home"));
    if (!home || !flag_at(attachment, "makes_role")) continue;
    // A look at the cluster in between has found the role and knows nothing of its identity.
    if (const auto found = role_at(world, *home, role)) world.store.erase(found->name);
    world.store.put(new_role(world, *home, role));
  }
}

std::string instance_to_attach(const Request& request) {
  const bool is_change = request.method == "POST" || request.method == "PATCH";
  if (!is_change) return "";
  const Json body = parse_json(request.body).value_or(Json());
  for (const char* path : {"resources", "app.resources"}) {
    const Json* resources = at_path(body, path);
    if (resources == nullptr || !resources->is_array()) continue;
    for (const Json& entry : *resources) {
      const std::string name = text_at(entry, kInstanceName);
      if (!name.empty()) return instance_row_name(name);
    }
  }
  return "";
}

}  // namespace emulator
