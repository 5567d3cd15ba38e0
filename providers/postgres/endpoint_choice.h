// Which endpoint of a branch, or of an instance, weir connects to: a pure function of what the
// workspace shows.
#pragma once

#include <string>
#include <vector>

#include "core/observations.h"

namespace weir::postgres {

struct EndpointChoice {
  std::string endpoint = {};  ///< remote name, "" when there is none to connect to
  std::string host = {};
  std::string problem = {};  ///< "its endpoint primary is disabled"
  std::string advice = {};
  bool may_pass = false;  ///< waiting may help
};

/// The endpoint that writes; of several the one called primary, then by name. Never a pooled host:
/// sessions are few, and wake the compute themselves.
EndpointChoice choose_endpoint(const std::vector<Observed>& endpoints);
/// An instance is its own endpoint; null when there is none.
EndpointChoice choose_instance(const Observed* instance);

}  // namespace weir::postgres
