#include "emulator/api/service.h"

#include <fmt/format.h>

#include "emulator/api/apps.h"
#include "emulator/api/credentials.h"
#include "emulator/api/identities.h"
#include "emulator/api/inventory.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/permissions.h"
#include "emulator/api/platform.h"
#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

constexpr std::string_view kPostgres = "/api/2.0/postgres/";
constexpr std::string_view kPermissions = "/api/2.0/permissions/";
constexpr std::string_view kApps = "/api/2.0/apps";
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

/// The branch whose roles or databases a request is about: SQL may have changed them.
std::string Service::branch_to_inspect(const Request& request) const {
  if (!request.path.starts_with(kPostgres)) return "";
  const std::string name = request.path.substr(kPostgres.size());
  const bool is_about_sql =
      name.find("/roles") != std::string::npos || name.find("/databases") != std::string::npos;
  if (!is_about_sql || name.find("/operations/") != std::string::npos) return "";
  const std::string branch = branch_of(name);
  return is_visible(world_, branch) ? branch : "";
}

void Service::handle(const Request& request, const Reply& reply) {
  const std::string branch = branch_to_inspect(request);
  const auto row = world_.store.find(branch);
  if (!row || !caller_of(request)) return reply(answer(request, [] {}));
  // The answer comes later, when the fault meant for this request's operation is set no more.
  const auto fault = world_.next_operation_fault;
  world_.computes.inspect(
      text_at(row->shown, "uid"),
      [this, branch, request, reply, fault](const std::optional<Inventory>& inventory) {
        world_.next_operation_fault = fault;
        Response response = answer(request, [&] {
          if (!inventory || !is_visible(world_, branch)) return;
          world_.store.transaction([&] { sync_inventory(world_, branch, *inventory); });
        });
        world_.next_operation_fault.reset();
        reply(std::move(response));
      });
}

Response Service::answer(const Request& request, const std::function<void()>& prepare) {
  try {
    prepare();
    if (auto response = handle_public(world_, request)) return *std::move(response);
    const Call call{
        .caller = authenticate(request), .request = request, .trace = world_.ids.trace_id()};
    return {.body = answer_api(call), .headers = {{"X-Databricks-Org-Id", workspace_id()}}};
  } catch (const Problem& problem) {
    return refusal(problem);
  } catch (const std::exception& error) {
    // For example a full disk: the change was undone, and the client hears why.
    return refusal({500, "INTERNAL_ERROR", error.what()});
  }
}

Response Service::refusal(const Problem& problem) {
  return {.status = problem.status,
          .body = to_text(to_json(problem, world_.ids.trace_id())),
          .headers = {{"X-Databricks-Org-Id", workspace_id()}}};
}

std::string Service::answer_api(const Call& call) {
  const std::string& path = call.request.path;
  if (path == kMe && call.request.method == "GET") return to_text(current_user(call.caller));
  if (path.starts_with(kPermissions)) {
    return to_text(
        handle_permissions(world_, call, path.substr(kPermissions.size()), body_of(world_, call)));
  }
  if (path == kApps) return to_text(handle_apps(world_, call, "", body_of(world_, call)));
  if (path.starts_with(std::string(kApps) + "/")) {
    return to_text(handle_apps(world_, call, path.substr(kApps.size() + 1), body_of(world_, call)));
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
  const auto target = parse_target(world_.contract, path);
  if (!target || target->kind->api != "postgres")
    throw world_.contract.problem("resource_not_found");
  require_permission(world_, call, target->name.empty() ? target->parent : target->name);
  const bool is_collection = target->name.empty();
  const bool is_item = !is_collection && !target->is_undelete;
  if (is_collection && method == "POST") {
    return to_text(create_resource(world_, *target, call, body_of(world_, call)));
  }
  if (is_collection && method == "GET") return list_resources(world_, *target, call);
  if (is_item && method == "GET") return get_resource(world_, *target, call);
  if (is_item && method == "PATCH") {
    return to_text(update_resource(world_, *target, call, body_of(world_, call)));
  }
  if (is_item && method == "DELETE") return to_text(delete_resource(world_, *target, call));
  const bool can_undelete = target->kind->method("undelete") != nullptr;
  if (target->is_undelete && can_undelete && method == "POST") {
    return to_text(undelete_resource(world_, *target, call));
  }
  throw world_.contract.problem("method_unknown");
}

}  // namespace emulator
