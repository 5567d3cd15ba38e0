// Changes, and the work of the service that they begin.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/error.h"
#include "core/kind.h"
#include "providers/http/host.h"
#include "providers/http/problem.h"
#include "providers/lakebase/api_provider.h"

namespace weir {
namespace {

constexpr std::string_view kOperations = "operations/";

/// The ids of operations may look like base64 and have slashes; everything else is encoded.
std::string encoded(const std::string& operation) {
  std::string path;
  for (const char letter : operation) {
    const bool is_plain = letter == '/' || letter == '+' || letter == '=';
    path += is_plain ? std::string(1, letter) : http::percent_encode(std::string(1, letter));
  }
  return path;
}

/// Names become paths, so that one with steps upwards could lead anywhere.
bool is_operation(const std::string& name) {
  const bool is_below = name.starts_with(kOperations) || name.find("/operations/") != name.npos;
  return is_below && ("/" + name + "/").find("/../") == name.npos &&
         ("/" + name + "/").find("/./") == name.npos;
}

std::string words_of(const Document& value) {
  return value.is_string() ? http::tame(value.get<std::string>()) : "";
}

/// Nothing when the answer is no operation.
std::optional<Operation> read_operation(const Document& answer) {
  Operation operation = {.name = text_at(answer, "name"), .is_done = flag_at(answer, "done")};
  if (!is_operation(operation.name)) return std::nullopt;
  const auto error = answer.find("error");
  if (error == answer.end() || !error->is_object()) return operation;
  operation.error_code = words_of(error->value("error_code", Document("UNKNOWN")));
  if (operation.error_code.empty()) operation.error_code = "UNKNOWN";
  operation.error = words_of(error->value("message", Document("")));
  return operation;
}

/// The resource whose end is awaited where no operation says how far it is.
std::string name_in(const std::string& target) {
  const std::size_t begin = kDatabaseApi.root.size();
  return target.substr(begin, target.find('?') - begin);
}

constexpr std::string_view kApps = "apps/";
constexpr std::string_view kUpdate = "/update";

/// "apps/shop/update", whose last one is all that the service tells of; "" for other operations.
std::string app_of_update(const std::string& operation) {
  const bool is_update = operation.starts_with(kApps) && operation.ends_with(kUpdate) &&
                         operation.size() > kApps.size() + kUpdate.size();
  if (!is_update) return "";
  const std::string app =
      operation.substr(kApps.size(), operation.size() - kApps.size() - kUpdate.size());
  return app.find('/') == std::string::npos && app != ".." && app != "." ? app : "";
}

/// How far the update of an app is that an answer tells of.
Operation read_update(const std::string& name, const Document& answer) {
  const std::string state = text_at(answer, "status.state");
  Operation operation = {.name = name, .is_done = state == "SUCCEEDED" || state == "FAILED"};
  if (state != "FAILED") return operation;
  operation.error_code = state;
  operation.error = http::tame(text_at(answer, "status.message"));
  return operation;
}

bool is_ending_resource(const std::string& operation) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~%/";
  const bool is_resource =
      std::ranges::any_of(std::array{"instances/", "catalogs/", "synced_tables/"},
                          [&](const char* kind) { return operation.starts_with(kind); });
  return is_resource && !is_operation(operation) && operation.find("/..") == operation.npos &&
         operation.find_first_not_of(kPlain) == operation.npos;
}

}  // namespace

Operation ApiProvider::start(const Request& request, const MayLeave& may_leave) {
  const Document answer =
      workspace_.change(request.method, request.target, request.body, may_leave);
  if (request.target.starts_with(kDatabaseApi.root)) {
    // What was asked for shows in the resource itself, which is looked at until it is settled.
    if (request.method != "DELETE") return {.is_done = true};
    return {.name = name_in(request.target)};
  }
  if (request.target.starts_with(kAppsApi.root) && request.target.ends_with(kUpdate)) {
    const std::string name = request.target.substr(kAppsApi.root.size());
    if (!app_of_update(name).empty()) return read_update(name, answer);
  }
  // Permissions are changed at once, and their answer shows them.
  if (!request.target.starts_with(kPostgresApi.root)) return {.is_done = true};
  if (auto operation = read_operation(answer)) return *std::move(operation);
  throw ApiError(fmt::format("{} {} at {}: the answer names no operation, so nobody knows whether "
                             "it was done; it is looked up at the next apply",
                             request.method, request.target, workspace_.host()),
                 {});
}

Operation ApiProvider::poll_ending(const std::string& name) {
  try {
    workspace_.get(std::string(kDatabaseApi.root) + name);
    return {.name = name};
  } catch (const ApiError& error) {
    if (error.is_missing()) return {.name = name, .is_done = true};
    throw;
  }
}

Operation ApiProvider::poll_update(const std::string& name) {
  const Document answer = workspace_.get(std::string(kAppsApi.root) + name);
  if (text_at(answer, "status.state") == "NOT_UPDATED") {
    throw ApiError(fmt::format("{} is not known any more", http::tame(name)), {.status = 404});
  }
  return read_update(name, answer);
}

Operation ApiProvider::poll(const std::string& operation) {
  if (!app_of_update(operation).empty()) return poll_update(operation);
  if (is_ending_resource(operation)) return poll_ending(operation);
  if (!is_operation(operation)) {
    throw ApiError(fmt::format("\"{}\" is not the name of an operation", http::tame(operation)),
                   {.status = 404});
  }
  const Document answer = workspace_.get(std::string(kPostgresApi.root) + encoded(operation));
  auto read = read_operation(answer);
  if (read && read->name == operation) return *std::move(read);
  refuse(kPostgresApi, operation, "the answer is not about this operation");
}

}  // namespace weir
