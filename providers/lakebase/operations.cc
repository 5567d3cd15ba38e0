// Changes, and the work of the service that they begin.
#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/host.h"
#include "providers/http/problem.h"
#include "providers/lakebase/api_provider.h"

namespace weir {
namespace {

constexpr std::string_view kRoot = "/api/2.0/postgres/";
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

}  // namespace

Operation ApiProvider::start(const Request& request, const MayLeave& may_leave) {
  const Document answer =
      workspace_.change(request.method, request.target, request.body, may_leave);
  // Permissions are changed at once, and their answer shows them.
  if (!request.target.starts_with(kRoot)) return {.is_done = true};
  if (auto operation = read_operation(answer)) return *std::move(operation);
  throw ApiError(fmt::format("{} {} at {}: the answer names no operation, so nobody knows whether "
                             "it was done; it is looked up at the next apply",
                             request.method, request.target, workspace_.host()),
                 {});
}

Operation ApiProvider::poll(const std::string& operation) {
  if (!is_operation(operation)) {
    throw ApiError(fmt::format("\"{}\" is not the name of an operation", http::tame(operation)),
                   {.status = 404});
  }
  const Document answer = workspace_.get(std::string(kRoot) + encoded(operation));
  auto read = read_operation(answer);
  if (read && read->name == operation) return *std::move(read);
  refuse(operation, "the answer is not about this operation");
}

}  // namespace weir
