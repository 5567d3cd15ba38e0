#include "emulator/api/instance_unity.h"

#include <algorithm>
#include <array>

#include "emulator/api/instance_role_calls.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lakehouse.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/operations.h"
#include "emulator/api/permissions.h"
#include "emulator/api/registration.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kInstance = "database_instance_name";
constexpr const char* kDatabase = "logical_database_name";

struct Collection {
  std::string_view segment;
  const char* kind;
  const char* update_error;  ///< what a PATCH is answered
};

constexpr std::array kCollections = {
    Collection{"catalogs", "database_catalog", "database_catalog_update"},
    Collection{"tables", "database_table", "method_unknown"},
    Collection{"synced_tables", "synced_database_table", "synced_database_table_update"}};

const Collection* collection_of(const std::string& path) {
  const std::string segment = path.substr(0, path.find('/'));
  const auto found = std::find_if(kCollections.begin(), kCollections.end(),
                                  [&](const Collection& each) { return each.segment == segment; });
  return found == kCollections.end() ? nullptr : &*found;
}

Row new_unity_row(World& world, const Call& call, const KindContract& kind, Json input) {
  const std::string name = text_at(input, "name");
  Row row{.name = kind.collection + "/" + name, .kind = kind.kind, .parent = ""};
  row.shown["name"] = name;
  if (kind.field("uid") != nullptr) row.shown["uid"] = world.ids.uuid();
  row.hidden = {{"input", std::move(input)}, {"creator", call.caller.name}};
  return row;
}

std::string begin(World& world, const Job& job) {
  return begin_operation(world, job).at("name").get<std::string>();
}

ApiAnswer create(World& world, const Call& call, const KindContract& kind, const Json& body) {
  const Json decoded = decode_body(world.contract, kind, body);
  check_required(world.contract, kind, decoded);
  const std::string name = text_at(decoded, "name");
  check_id(world, kind, name);
  check_values(world.contract, kind, decoded);
  if (world.store.find(kind.collection + "/" + name)) {
    throw world.contract.problem(kind.kind + "_exists", {{"name", name}});
  }
  check_rules(world.contract, kind, decoded, Occasion::kCreate);
  const KindRules& rules = rules_of(kind.kind);
  ApiAnswer answer;
  world.store.transaction([&] {
    Row row = new_unity_row(world, call, kind, decoded);
    rules.complete(world, row);
    rules.check(world, row, nullptr, call);
    rules.show(world, row);
    world.store.put(row);
    for (const Row& companion : rules.companions(world, row, call)) world.store.put(companion);
    answer.body = to_text(row.shown);
    answer.awaited_operation =
        begin(world, {.verb = "create", .kind = kind.kind, .name = row.name});
  });
  return answer;
}

ApiAnswer remove(World& world, const Call& call, const Row& row) {
  rules_of(row.kind).check_delete(world, row, call);
  refuse_conflict(world, row.name);
  const bool purges = flag_parameter(world, call, "purge_data");
  ApiAnswer answer{.body = "{}"};
  world.store.transaction([&] {
    answer.awaited_operation =
        begin(world, {.verb = "delete", .kind = row.kind, .name = row.name, .is_purge = purges});
  });
  return answer;
}

}  // namespace

bool is_unity_path(const std::string& path) {
  return collection_of(path) != nullptr;
}

ApiAnswer handle_instance_unity(World& world, const Call& call, const std::string& path,
                                const Json& body) {
  const Collection& collection = *collection_of(path);
  const KindContract& kind = world.contract.kind(collection.kind);
  const std::string& method = call.request.method;
  if (path == collection.segment) {
    if (method == "POST") return create(world, call, kind, body);
    throw world.contract.problem("method_unknown");
  }
  if (method == "PATCH") throw world.contract.problem(collection.update_error);
  const std::string name = path.substr(collection.segment.size() + 1);
  const auto row = world.store.find(kind.collection + "/" + name);
  if (!row) throw world.contract.problem(kind.not_found_error, {{"name", name}});
  require_permission(world, call, row->name);
  if (method == "GET") return {.body = to_text(row->shown)};
  if (method == "DELETE") return remove(world, call, *row);
  throw world.contract.problem("method_unknown");
}

Row require_home(World& world, const Row& row, const Call& call) {
  const std::string name = text_input(row, kInstance);
  auto instance = find_instance(world, name);
  if (!instance) throw world.contract.problem("instance_not_found", {{"name", name}});
  require_use(world, call, instance->name);
  return *std::move(instance);
}

void check_home_database(const World& world, const Row& instance, const std::string& database,
                         bool may_be_made) {
  const auto known = instance.hidden.at("databases").get<std::vector<std::string>>();
  if (std::find(known.begin(), known.end(), database) == known.end() && !may_be_made) {
    throw world.contract.problem("database_missing",
                                 {{"name", database}, {"instance", last_segment(instance.name)}});
  }
  if (text_at(instance.shown, "state") != "AVAILABLE") throw instance_unavailable(world, instance);
}

bool add_database(World& world, const std::string& instance, const std::string& database) {
  auto row = find_instance(world, instance);
  Json& known = row->hidden["databases"];
  if (std::find(known.begin(), known.end(), database) != known.end()) return false;
  known.push_back(database);
  world.store.put(*row);
  return true;
}

void forget_database(World& world, const std::string& instance, const std::string& database) {
  auto row = find_instance(world, instance);
  if (!row) return;
  Json& known = row->hidden["databases"];
  known.erase(std::remove(known.begin(), known.end(), database), known.end());
  world.store.put(*row);
}

namespace {

std::string catalog_name(const Row& row) {
  const std::string name = text_input(row, "name");
  return name.substr(0, name.find('.'));
}

std::optional<Row> own_catalog(const World& world, const Row& row) {
  auto catalog = registered_catalog(world, catalog_name(row));
  return catalog && catalog->kind == "database_catalog" ? catalog : std::nullopt;
}

}  // namespace

void complete_from_catalog(World& world, Row& row) {
  const auto catalog = own_catalog(world, row);
  if (!catalog) return;
  default_input(row, kInstance, catalog->shown.at("database_instance_name"));
  default_input(row, kDatabase, catalog->shown.at("database_name"));
}

std::optional<Row> check_table_place(const World& world, const Row& row) {
  const Row shown = require_in_unity(world, catalog_name(row));
  auto catalog = own_catalog(world, row);
  if (!catalog && text_at(shown.shown, "catalog_type") != kStandardCatalog) {
    throw world.contract.problem("synced_table_catalog_foreign", {{"name", catalog_name(row)}});
  }
  for (const auto& [path, key] :
       {std::pair{kInstance, "database_instance_name"}, std::pair{kDatabase, "database_name"}}) {
    if (!has_input(row, path)) {
      throw world.contract.problem("field_required", {{"path", row.kind + "." + path}});
    }
    if (!catalog || text_input(row, path) == text_at(catalog->shown, key)) continue;
    throw world.contract.problem("synced_table_target", {{"path", path},
                                                         {"expected", text_at(catalog->shown, key)},
                                                         {"value", text_input(row, path)}});
  }
  const std::string name = text_input(row, "name");
  if (!catalog) require_in_unity(world, name.substr(0, name.rfind('.')));
  if (find_in_unity(world, name)) {
    throw world.contract.problem(row.kind + "_exists", {{"name", name}});
  }
  return catalog;
}

}  // namespace emulator
