#include "emulator/problem.h"

namespace emulator {

Json to_json(const Problem& problem, const std::string& request_id) {
  Json details = Json::array();
  if (problem.marker == "managed_by_parent") {
    details.push_back({{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                       {"domain", "databricks.com"},
                       {"reason", "RESOURCE_CONFLICT"},
                       {"metadata", {{"declarative_context", "MANAGED_BY_PARENT"}}}});
  }
  details.push_back({{"@type", "type.googleapis.com/google.rpc.RequestInfo"},
                     {"request_id", request_id},
                     {"serving_data", ""}});
  return {{"error_code", problem.code}, {"message", problem.message}, {"details", details}};
}

}  // namespace emulator
