#include "emulator/api/unity_catalog.h"

#include <algorithm>
#include <array>
#include <vector>

#include "emulator/api/lakehouse.h"
#include "emulator/api/paging.h"

namespace emulator {
namespace {

/// One of the three collections: how its list is asked for, and how its names look.
struct Collection {
  std::string_view plural;
  const char* kind;
  std::size_t parts;                    ///< of a full name
  std::vector<const char*> parameters;  ///< of a list: the parts of the name that it lies in
};

const std::array kCollections = {
    Collection{.plural = "catalogs", .kind = "unity_catalog", .parts = 1, .parameters = {}},
    Collection{
        .plural = "schemas", .kind = "unity_schema", .parts = 2, .parameters = {"catalog_name"}},
    Collection{.plural = "tables",
               .kind = "unity_table",
               .parts = 3,
               .parameters = {"catalog_name", "schema_name"}}};

std::string list(World& world, const Call& call, const Collection& collection) {
  std::string parent;
  for (const char* parameter : collection.parameters) {
    const auto given = call.request.query.find(parameter);
    if (given == call.request.query.end() || given->second.empty()) {
      throw world.contract.problem("field_required", {{"path", parameter}});
    }
    parent += (parent.empty() ? "" : ".") + given->second;
  }
  if (!parent.empty()) require_in_unity(world, parent);
  const std::string row = parent.empty() ? "unity" : unity_row_name(parent);
  return list_page(world, call,
                   {.kind = collection.kind,
                    .parent = row,
                    .prefix = row + "/",
                    .plural = std::string(collection.plural),
                    .size_parameter = "max_results"});
}

std::string get(const World& world, const Call& call, const Collection& collection,
                const std::string& full_name) {
  if (!name_parts(full_name, collection.parts)) {
    throw world.contract.problem(
        "unity_name", {{"name", full_name}, {"parts", std::to_string(collection.parts)}});
  }
  Row row = require_in_unity(world, full_name);
  const bool is_delta = text_at(row.shown, "data_source_format") == "DELTA";
  if (is_delta && flag_parameter(world, call, "include_delta_metadata")) {
    row.shown["delta_runtime_properties_kvpairs"] = {{"delta_runtime_properties", Json::object()}};
  }
  return to_text(row.shown);
}

/// Whether a table is there; its catalog and schema have to be.
std::string tell_existence(const World& world, const std::string& full_name) {
  if (!name_parts(full_name, 3)) {
    throw world.contract.problem("unity_name", {{"name", full_name}, {"parts", "3"}});
  }
  require_in_unity(world, full_name.substr(0, full_name.rfind('.')));
  return to_text({{"table_exists", find_in_unity(world, full_name).has_value()}});
}

}  // namespace

std::string handle_unity_catalog(World& world, const Call& call, const std::string& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const auto collection =
      std::find_if(kCollections.begin(), kCollections.end(),
                   [&](const Collection& each) { return each.plural == path.substr(0, slash); });
  if (collection == kCollections.end() || call.request.method != "GET") {
    throw world.contract.problem("method_unknown");
  }
  if (slash == path.size()) return list(world, call, *collection);
  const std::string name = path.substr(slash + 1);
  const std::string question = "/exists";
  if (collection->parts == 3 && name.ends_with(question)) {
    return tell_existence(world, name.substr(0, name.size() - question.size()));
  }
  return get(world, call, *collection, name);
}

}  // namespace emulator
