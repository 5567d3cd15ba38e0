// Requests that change the world, and the work that the service does because of them.
#pragma once

#include <string>

#include "core/document.h"

namespace weir {

/// A request exactly as it is sent.
struct Request {
  std::string method;
  std::string target;  ///< "/api/2.0/postgres/projects/shop?update_mask=spec.display_name"
  Document body = {};  ///< null: none

  bool operator==(const Request&) const = default;
};

/// What the service says of a piece of work: it is data, so that a wait survives the process.
struct Operation {
  std::string name =
      {};  ///< "projects/shop/operations/b3A4ZQ=="; "" when the answer was the result
  bool is_done = false;
  std::string error_code = {};  ///< with is_done: it failed
  std::string error = {};

  bool has_failed() const { return is_done && !error_code.empty(); }
};

}  // namespace weir
