#include "emulator/api/permissions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

constexpr std::array kPrincipals = {"user_name", "group_name", "service_principal_name"};

const Json& contract_of(const World& world) {
  return world.contract.document("permissions");
}

std::vector<std::string> levels_of(const World& world) {
  std::vector<std::string> levels;
  for (const Json& row : contract_of(world).at("levels")) {
    levels.push_back(row.at("level").get<std::string>());
  }
  return levels;
}

/// The direct entries of an object: {"user_name": …, "permission_level": …}. Whoever made it may
/// manage it.
Json entries_of(const Row& object) {
  const auto stored = object.hidden.find("permissions");
  if (stored != object.hidden.end()) return *stored;
  const bool is_user = text_at(object.hidden, "creator_kind") == "USER";
  return Json::array(
      {{{is_user ? "user_name" : "service_principal_name", text_at(object.hidden, "creator")},
        {"permission_level", "CAN_MANAGE"}}});
}

Json shown(const Row& object, const std::string& type) {
  Json list = Json::array();
  for (const Json& entry : entries_of(object)) {
    Json row = Json::object();
    for (const char* principal : kPrincipals) {
      if (entry.contains(principal)) row[principal] = entry.at(principal);
    }
    if (entry.contains("user_name")) row["display_name"] = entry.at("user_name");
    row["all_permissions"] =
        Json::array({{{"permission_level", entry.at("permission_level")}, {"inherited", false}}});
    list.push_back(std::move(row));
  }
  list.push_back({{"group_name", "admins"},
                  {"all_permissions",
                   Json::array({{{"permission_level", "CAN_MANAGE"},
                                 {"inherited", true},
                                 {"inherited_from_object", Json::array({"/" + type + "/"})}}})}});
  return {{"object_id", fmt::format("/{}/{}", type, last_segment(object.name))},
          {"object_type", type},
          {"access_control_list", std::move(list)}};
}

/// The one principal of an entry, as the key that names its kind.
std::string principal_of(const World& world, const Json& entry) {
  std::string found;
  if (!entry.is_object()) throw world.contract.problem("permission_entry");
  for (const char* principal : kPrincipals) {
    if (text_at(entry, principal).empty()) continue;
    if (!found.empty()) throw world.contract.problem("permission_entry");
    found = principal;
  }
  if (found.empty()) throw world.contract.problem("permission_entry");
  return found;
}

Json checked_entries(const World& world, const Json& body) {
  const Json* list = at_path(body, "access_control_list");
  if (list == nullptr) return Json::array();
  if (!list->is_array()) {
    throw world.contract.problem("field_type", {{"path", "access_control_list"}, {"type", "list"}});
  }
  const std::vector<std::string> levels = levels_of(world);
  Json entries = Json::array();
  for (const Json& entry : *list) {
    const std::string principal = principal_of(world, entry);
    const std::string level = text_at(entry, "permission_level");
    if (std::find(levels.begin(), levels.end(), level) == levels.end()) {
      throw world.contract.problem(
          "permission_level",
          {{"value", level}, {"values", fmt::format("{}", fmt::join(levels, ", "))}});
    }
    entries.push_back({{principal, entry.at(principal)}, {"permission_level", level}});
  }
  return entries;
}

/// Adds `changes` to `entries`; an entry for a principal already there takes its place.
Json merged(Json entries, const Json& changes) {
  for (const Json& change : changes) {
    const std::string principal = change.begin().key();
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Json& entry) {
      return entry.contains(principal) && entry.at(principal) == change.at(principal);
    });
    if (found == entries.end()) {
      entries.push_back(change);
    } else {
      *found = change;
    }
  }
  return entries;
}

Json level_descriptions(const World& world, const Row& object) {
  Json levels = Json::array();
  for (const Json& row : contract_of(world).at("levels")) {
    std::string description = row.at("description").get<std::string>();
    const std::string place = "{kind}";
    description.replace(description.find(place), place.size(), object.kind);
    levels.push_back({{"permission_level", row.at("level")}, {"description", description}});
  }
  return {{"permission_levels", std::move(levels)}};
}

/// The row that an object's type and id stand for.
Row find_object(World& world, const Call& call, const std::string& type, const std::string& id) {
  for (const Json& object : contract_of(world).at("objects")) {
    if (text_at(object, "object_type") != type) continue;
    const KindContract& kind = world.contract.kind(text_at(object, "kind"));
    Row row = require_visible(world, kind.collection + "/" + id, call.trace);
    if (row.kind == kind.kind) return row;
    // An id such as "shop/roles/jane" names something below an object.
    throw world.contract.problem(kind.not_found_error,
                                 {{"kind", kind.kind}, {"name", id}, {"trace", call.trace}});
  }
  throw world.contract.problem("permission_type", {{"type", type}});
}

}  // namespace

Json handle_permissions(World& world, const Call& call, const std::string& path, const Json& body) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string type = path.substr(0, slash);
  std::string id = path.substr(std::min(slash + 1, path.size()));
  const std::string suffix = "/permissionLevels";
  const bool asks_levels = id.ends_with(suffix);
  if (asks_levels) id.resize(id.size() - suffix.size());
  Row object = find_object(world, call, type, id);
  require_permission(world, call, object.name);
  const std::string& method = call.request.method;
  if (method == "GET") {
    return asks_levels ? level_descriptions(world, object) : shown(object, type);
  }
  if (asks_levels || (method != "PUT" && method != "PATCH")) {
    throw world.contract.problem("method_unknown");
  }
  const Json entries = checked_entries(world, body);
  object.hidden["permissions"] =
      merged(method == "PUT" ? Json::array() : entries_of(object), entries);
  world.store.transaction([&] { world.store.put(object); });
  return shown(object, type);
}

namespace {

bool is_granted_to(const Json& entry, const Identity& caller) {
  if (entry.contains("group_name")) {
    const auto group = entry.at("group_name").get<std::string>();
    return std::find(caller.groups.begin(), caller.groups.end(), group) != caller.groups.end();
  }
  const char* principal = caller.kind == "USER" ? "user_name" : "service_principal_name";
  return text_at(entry, principal) == caller.name;
}

/// The project or instance whose list of permissions holds for `name`.
std::optional<Row> guard_of(const World& world, const std::string& name) {
  const auto row = world.store.find(name);
  const std::string guard = row ? text_at(row->hidden, "guard") : "";
  return world.store.find(project_of(guard.empty() ? name : guard));
}

enum class Need { kUse, kManage };

void require(const World& world, const Call& call, const std::string& name, Need need) {
  if (world.contract.assumptions.is("permission_checks", "off")) return;
  const auto object = guard_of(world, name);
  const auto& groups = call.caller.groups;
  const bool is_admin = std::find(groups.begin(), groups.end(), "admins") != groups.end();
  if (!object || is_admin) return;
  for (const Json& entry : entries_of(*object)) {
    const bool suffices = need == Need::kUse || entry.at("permission_level") == "CAN_MANAGE";
    if (suffices && is_granted_to(entry, call.caller)) return;
  }
  throw world.contract.problem("permission_denied");
}

}  // namespace

void require_permission(const World& world, const Call& call, const std::string& name) {
  const std::string& path = call.request.path;
  const bool only_uses = call.request.method == "GET" || path.ends_with("/credentials");
  require(world, call, name, only_uses ? Need::kUse : Need::kManage);
}

void require_use(const World& world, const Call& call, const std::string& name) {
  require(world, call, name, Need::kUse);
}

}  // namespace emulator
