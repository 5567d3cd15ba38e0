// The door to the service: blocking calls that any thread may make.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observations.h"

namespace weir {

class Provider {
 public:
  Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  virtual ~Provider() = default;

  /// All members of `kind` in `parent` (a remote name, "" at the top), softly deleted ones too.
  /// References are left as the remote names that the service gives. Throws ApiError.
  virtual std::vector<Observed> list(const Kind& kind, const std::string& parent) = 0;
  /// One resource by its remote name; nothing when it does not exist.
  virtual std::optional<Observed> get(const Kind& kind, const std::string& name) = 0;
  /// The application id of a Databricks app, which is the Postgres name of its role.
  virtual std::string principal_of_app(const std::string& app) = 0;
  /// The requests sent so far, retries included.
  virtual std::size_t request_count() const = 0;
};

}  // namespace weir
