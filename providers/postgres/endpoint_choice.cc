#include "providers/postgres/endpoint_choice.h"

#include <algorithm>

#include <fmt/format.h>

#include "providers/http/problem.h"

namespace weir::postgres {
namespace {

std::string id_of(const Observed& endpoint) {
  return endpoint.name.substr(endpoint.name.rfind('/') + 1);
}

/// A host is sent to libpq, to which a slash means a file and a comma another host.
bool is_host_name(const std::string& host) {
  return !host.empty() && host.size() <= 253 &&
         std::all_of(host.begin(), host.end(), [](unsigned char letter) {
           return std::isalnum(letter) != 0 || letter == '.' || letter == '-';
         });
}

bool is_before(const Observed* left, const Observed* right) {
  const bool is_primary = id_of(*left) == "primary";
  const bool is_other_primary = id_of(*right) == "primary";
  return is_primary != is_other_primary ? is_primary : left->name < right->name;
}

}  // namespace

EndpointChoice choose_endpoint(const std::vector<Observed>& endpoints) {
  std::vector<const Observed*> writing;
  for (const Observed& endpoint : endpoints) {
    if (text_at(endpoint.fields, "type") == "read_write") writing.push_back(&endpoint);
  }
  if (writing.empty()) {
    return {.problem = "it has no endpoint that writes",
            .advice = "Give the branch a read-write endpoint",
            .may_pass = true};
  }
  std::sort(writing.begin(), writing.end(), &is_before);
  const Observed& chosen = *writing.front();
  const std::string id = http::tame(id_of(chosen));
  if (flag_at(chosen.fields, "disabled")) {
    return {.problem = fmt::format("its endpoint {} is disabled, and no connection wakes it", id),
            .advice = "Set `disabled: false` on the endpoint"};
  }
  const std::string host = text_at(chosen.facts, "hosts.host");
  if (host.empty()) {
    return {.problem = fmt::format("its endpoint {} has no host yet", id),
            .advice = "Wait until the endpoint is ready",
            .may_pass = true};
  }
  if (!is_host_name(host)) {
    return {.problem = fmt::format("the host of its endpoint {} is \"{}\"", id, http::tame(host)),
            .advice = "That is no name of a host; please report it"};
  }
  return {.endpoint = chosen.name, .host = host};
}

EndpointChoice choose_instance(const Observed* instance) {
  if (instance == nullptr) {
    return {.problem = "there is no such instance", .advice = "Declare it, or correct its name"};
  }
  if (flag_at(instance->fields, "stopped")) {
    return {.problem = "it is stopped, and no connection starts it",
            .advice = "Set `stopped: false` on the instance"};
  }
  const std::string host = text_at(instance->facts, "hosts.host");
  const std::string state = text_at(instance->facts, "current_state");
  if (host.empty() || state != "AVAILABLE") {
    return {.problem = fmt::format("its state is {}", http::tame(state)),
            .advice = "Wait until it is AVAILABLE",
            .may_pass = true};
  }
  if (!is_host_name(host)) {
    return {.problem = fmt::format("its host is \"{}\"", http::tame(host)),
            .advice = "That is no name of a host; please report it"};
  }
  return {.endpoint = instance->name, .host = host};
}

}  // namespace weir::postgres
