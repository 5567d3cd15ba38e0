// The address of a workspace, as people write it and as requests need it.
#pragma once

#include <string>
#include <string_view>

namespace weir::http {

struct Host {
  std::string url = {};           ///< "https://example.cloud.databricks.com", no path, no slash
  std::string workspace_id = {};  ///< from "?o=" and its like
  std::string account_id = {};
};

/// Adds a missing scheme and cuts off path and query. Throws ConfigurationError, which names
/// `origin`, for what is no host: other schemes, user information, strange characters.
Host parse_host(std::string_view text, std::string_view origin);

/// Scheme, name and port of a URL: "https://example.com:8443"; "" when it is none.
std::string origin_of(std::string_view url);

/// Makes a text safe inside one segment of a path, or inside a query.
std::string percent_encode(std::string_view text);

}  // namespace weir::http
