// How weir introduces itself to the service.
#pragma once

#include <string>
#include <string_view>

#include "providers/http/configuration.h"

namespace weir::http {

/// "weir/0.1.0 os/linux auth/pat cicd/github": the convention of Databricks' own clients.
std::string user_agent(std::string_view auth_type, const Environment& environment);
/// A new W3C `traceparent`, so that the service's logs can be found again.
std::string new_traceparent();

}  // namespace weir::http
