#include "emulator/api/apps.h"

#include <regex>

#include "emulator/api/identities.h"

namespace emulator {
namespace {

constexpr const char* kKind = "app";

std::string row_name(const std::string& app) {
  return "apps/" + app;
}

std::string filled(std::string text, const std::string& app) {
  const std::string place = "{name}";
  const std::size_t found = text.find(place);
  return found == std::string::npos ? text : text.replace(found, place.size(), app);
}

/// A part of an app that the service invents, as the contract says.
Json made(World& world, const Call& call, const Json& line, const std::string& app) {
  const std::string how = text_at(line, "made");
  if (how == "uuid") return world.ids.uuid();
  if (how == "number") return world.ids.next("service_principal");
  if (how == "caller") return call.caller.name;
  if (how == "time") return to_text(world.clock.now());
  return filled(text_at(line, "value"), app);
}

Json create_app(World& world, const Call& call, const Json& body) {
  const Json& contract = world.contract.document(kKind);
  Row row;
  row.kind = kKind;
  for (const Json& line : contract.at("request")) {
    const Json* given = at_path(body, text_at(line, "path"));
    if (given != nullptr) set_path(row.shown, text_at(line, "path"), *given);
  }
  const std::string app = text_at(row.shown, "name");
  const std::regex pattern(text_at(contract.at("request").at(0), "pattern"));
  if (!std::regex_match(app, pattern)) throw world.contract.problem("app_name", {{"value", app}});
  row.name = row_name(app);
  if (world.store.find(row.name)) throw world.contract.problem("app_exists", {{"value", app}});
  for (const Json& line : contract.at("reply")) {
    set_path(row.shown, text_at(line, "path"), made(world, call, line, app));
  }
  world.store.transaction([&] {
    add_identity(world, {.name = text_at(row.shown, "service_principal_client_id"),
                         .kind = "SERVICE_PRINCIPAL"});
    world.store.put(row);
  });
  return row.shown;
}

Json list_apps(const World& world) {
  Json answer = Json::object();
  for (const Row& row : world.store.all(kKind)) answer["apps"].push_back(row.shown);
  return answer;
}

}  // namespace

Json handle_apps(World& world, const Call& call, const std::string& name, const Json& body) {
  const std::string& method = call.request.method;
  if (name.empty() && method == "POST") return create_app(world, call, body);
  if (name.empty() && method == "GET") return list_apps(world);
  const auto row = world.store.find(row_name(name));
  if (!row) throw world.contract.problem("app_not_found", {{"value", name}});
  if (method != "GET" && method != "DELETE") throw world.contract.problem("method_unknown");
  if (method == "DELETE") world.store.transaction([&] { world.store.erase(row->name); });
  return row->shown;
}

}  // namespace emulator
