#include "emulator/api/service.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "emulator/api/app_resources.h"
#include "emulator/api/apps.h"
#include "emulator/api/change_feed.h"
#include "emulator/api/credentials.h"
#include "emulator/api/identities.h"
#include "emulator/api/instance_calls.h"
#include "emulator/api/instance_role.h"
#include "emulator/api/inventory.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/permissions.h"
#include "emulator/api/platform.h"
#include "emulator/api/registration.h"
#include "emulator/api/resource_name.h"
#include "emulator/api/unity_catalog.h"

namespace emulator {
namespace {

constexpr std::string_view kPostgres = "/api/2.0/postgres/";
constexpr std::string_view kDatabase = "/api/2.0/database/";
constexpr std::string_view kPermissions = "/api/2.0/permissions/";
constexpr std::string_view kApps = "/api/2.0/apps";
constexpr std::string_view kUnityCatalog = "/api/2.1/unity-catalog/";
constexpr std::string_view kMe = "/api/2.0/preview/scim/v2/Me";

Json body_of(const World& world, const Call& call) {
  if (call.request.body.empty()) return Json::object();
  auto body = parse_json(call.request.body);
  if (!body) {
    throw world.contract.problem(
        "body_malformed",
        {{"reason", fmt::format("it is not JSON in UTF-8 of at most {} levels", kDeepestJson)}});
  }
  return *std::move(body);
}

/// The branch whose roles or databases are at `path`; "" when it is about neither.
std::string branch_to_inspect(const std::string& path) {
  const bool is_about_sql =
      path.find("/roles") != std::string::npos || path.find("/databases") != std::string::npos;
  if (!is_about_sql || path.find("/operations/") != std::string::npos) return "";
  return branch_of(path);
}

bool is_about_apps(const std::string& path) {
  return path == kApps || path.starts_with(std::string(kApps) + "/");
}

void sync(World& world, const std::string& name, const Inventory& inventory) {
  const auto row = world.store.find(name);
  const bool is_instance = row && row->kind == "instance";
  is_instance ? sync_instance(world, name, inventory) : sync_inventory(world, name, inventory);
}

/// What a path of the Autoscaling API names.
Target postgres_target(const World& world, const std::string& path) {
  auto target = parse_target(world.contract, path);
  if (target && target->kind->api == "postgres") return *std::move(target);
  throw world.contract.problem("resource_not_found");
}

/// What a method does to what a path names; "" for nothing that any kind knows.
std::string_view verb_of(const Target& target, const std::string& method) {
  const bool is_collection = target.name.empty();
  if (method == "POST" && target.is_undelete) return "undelete";
  if (method == "POST") return is_collection || target.kind->is_singleton ? "create" : "";
  if (target.is_undelete) return "";
  if (method == "GET") return is_collection ? "list" : "get";
  if (is_collection) return "";
  if (method == "PATCH") return "update";
  return method == "DELETE" ? "delete" : "";
}

/// What PostgreSQL or a fault made of work that a request waits for, as its refusal.
Problem problem_of(const Outcome& outcome) {
  static const std::map<std::string, int> statuses = {
      {"BAD_REQUEST", 400},       {"INVALID_PARAMETER_VALUE", 400},
      {"NOT_FOUND", 404},         {"ALREADY_EXISTS", 409},
      {"ABORTED", 409},           {"REQUEST_LIMIT_EXCEEDED", 429},
      {"PERMISSION_DENIED", 403}, {"TEMPORARILY_UNAVAILABLE", 503}};
  const auto found = statuses.find(outcome.error_code);
  return {found == statuses.end() ? 500 : found->second, outcome.error_code, outcome.message};
}

}  // namespace

Identity Service::authenticate(const Request& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string header = request.header("authorization");
  if (header.empty()) {
    throw world_.contract.problem("unauthenticated",
                                  {{"reason", "the request has no Authorization header."}});
  }
  if (!header.starts_with(kScheme)) {
    throw world_.contract.problem("unauthenticated",
                                  {{"reason", "the Authorization header is not a Bearer token."}});
  }
  const auto token = find_token(world_, header.substr(kScheme.size()));
  if (!token || token->use != Token::Use::kApi) {
    throw world_.contract.problem("unauthenticated",
                                  {{"reason", "the token is unknown or has expired."}});
  }
  return token->identity;
}

std::optional<Identity> Service::caller_of(const Request& request) const {
  try {
    return authenticate(request);
  } catch (const Problem&) {
    return std::nullopt;
  }
}

std::string Service::to_inspect(const Request& request) const {
  std::string name;
  if (request.path.starts_with(kDatabase)) {
    name = instance_to_inspect(request.path.substr(kDatabase.size()));
  } else if (request.path.starts_with(kPostgres)) {
    name = branch_to_inspect(request.path.substr(kPostgres.size()));
  } else if (is_about_apps(request.path)) {
    name = instance_to_attach(request);
  }
  if (name.empty()) name = home_of_creation(world_, request);
  return is_visible(world_, name) ? name : "";
}

/// Reads the tables of a change data feed first, and then answers.
void Service::follow_feed(const Row& config, const Request& request, const Reply& reply) {
  list_fed_tables(world_, config,
                  [this, config = config.name, request, reply](
                      const Outcome& outcome, const std::vector<std::string>& tables) {
                    const auto prepare = [&] {
                      if (!outcome.error_code.empty()) return;
                      world_.store.transaction([&] { follow_tables(world_, config, tables); });
                    };
                    auto response = answer(request, prepare, reply);
                    if (response) reply(*std::move(response));
                  });
}

void Service::handle(const Request& request, const Reply& reply) {
  const auto feed = feed_to_follow(world_, request);
  if (feed && caller_of(request)) return follow_feed(*feed, request, reply);
  const std::string name = to_inspect(request);
  const auto row = world_.store.find(name);
  if (!row || !caller_of(request)) {
    auto response = answer(
        request, [] {}, reply);
    if (response) reply(*std::move(response));
    return;
  }
  // The answer comes later, when the fault meant for this request's operation is set no more.
  const auto fault = world_.next_operation_fault;
  const std::uint64_t ended_before = world_.works_ended;
  world_.computes.inspect(
      text_at(row->shown, "uid"),
      [this, name, request, reply, fault, ended_before](const std::optional<Inventory>& inventory) {
        world_.next_operation_fault = fault;
        // A role made meanwhile is missing there, and would be taken for dropped.
        if (world_.works_ended != ended_before) return handle(request, reply);
        const auto prepare = [&] {
          if (!inventory || !is_visible(world_, name)) return;
          world_.store.transaction([&] { sync(world_, name, *inventory); });
        };
        auto response = answer(request, prepare, reply);
        world_.next_operation_fault.reset();
        if (response) reply(*std::move(response));
      });
}

std::optional<Response> Service::answer(const Request& request,
                                        const std::function<void()>& prepare, const Reply& reply) {
  try {
    prepare();
    if (auto response = handle_public(world_, request)) return response;
    const Call call{
        .caller = authenticate(request), .request = request, .trace = world_.ids.trace_id()};
    ApiAnswer given = answer_api(call);
    Response response = success(std::move(given.body));
    if (given.awaited_operation.empty()) return response;
    world_.awaited_operations[given.awaited_operation] = [this, response,
                                                          reply](const Outcome& outcome) {
      reply(outcome.error_code.empty() ? response : refusal(problem_of(outcome)));
    };
    return std::nullopt;
  } catch (const Problem& problem) {
    return refusal(problem);
  } catch (const std::exception& error) {
    // For example a full disk: the change was undone, and the client hears why.
    return refusal({500, "INTERNAL_ERROR", error.what()});
  }
}

Response Service::success(std::string body) const {
  return {.body = std::move(body), .headers = {{"X-Databricks-Org-Id", workspace_id()}}};
}

Response Service::refusal(const Problem& problem) {
  return {.status = problem.status,
          .body = to_text(to_json(problem, world_.ids.trace_id())),
          .headers = {{"X-Databricks-Org-Id", workspace_id()}}};
}

ApiAnswer Service::answer_api(const Call& call) {
  const std::string& path = call.request.path;
  if (path.starts_with(kDatabase)) {
    return handle_database(world_, call, path.substr(kDatabase.size()), body_of(world_, call));
  }
  if (is_about_apps(path)) {
    const std::string rest = path.substr(std::min(kApps.size() + 1, path.size()));
    return handle_apps(world_, call, rest, body_of(world_, call));
  }
  return {.body = answer_at_once(call)};
}

std::string Service::answer_at_once(const Call& call) {
  const std::string& path = call.request.path;
  if (path == kMe && call.request.method == "GET") return to_text(current_user(call.caller));
  if (path.starts_with(kPermissions)) {
    return to_text(
        handle_permissions(world_, call, path.substr(kPermissions.size()), body_of(world_, call)));
  }
  if (path.starts_with(kUnityCatalog)) {
    return handle_unity_catalog(world_, call, path.substr(kUnityCatalog.size()));
  }
  if (path.starts_with(kPostgres)) return answer_postgres(call, path.substr(kPostgres.size()));
  throw world_.contract.problem("method_unknown");
}

std::string Service::get_operation(const Call& call, const std::string& path, bool is_bare) {
  constexpr std::size_t kBare = std::string_view("operations/").size();
  const auto operation = is_bare ? world_.store.find_operation_by_id(path.substr(kBare))
                                 : world_.store.find_operation(path);
  const bool is_ours =
      operation && world_.contract.kind(text_at(operation->job, "kind")).api == "postgres";
  if (!is_ours || text_at(operation->job, "fault.fate") == "forget") {
    throw world_.contract.problem("not_found", {{"kind", "operation"}, {"trace", call.trace}});
  }
  require_permission(world_, call, operation->resource);
  return to_text(operation->shown);
}

std::string Service::answer_postgres(const Call& call, const std::string& path) {
  const std::string& method = call.request.method;
  if (path == "credentials" && method == "POST") {
    return to_text(make_credential(world_, call, body_of(world_, call)));
  }
  const bool is_bare_operation = path.starts_with("operations/");
  if (method == "GET" && (is_bare_operation || path.find("/operations/") != std::string::npos)) {
    return get_operation(call, path, is_bare_operation);
  }
  const Target target = postgres_target(world_, path);
  require_permission(world_, call, target.name.empty() ? target.parent : target.name);
  const std::string_view verb = verb_of(target, method);
  if (target.kind->method(verb) == nullptr) {
    // To the service a collection without a list is a name of one part, which names nothing.
    throw world_.contract.problem(verb == "list" ? "resource_not_found" : "method_unknown");
  }
  if (verb == "list") return list_resources(world_, target, call);
  if (verb == "get") return get_resource(world_, target, call);
  if (verb == "delete") return to_text(delete_resource(world_, target, call));
  if (verb == "undelete") return to_text(undelete_resource(world_, target, call));
  const Json body = body_of(world_, call);
  return to_text(verb == "create" ? create_resource(world_, target, call, body)
                                  : update_resource(world_, target, call, body));
}

}  // namespace emulator
