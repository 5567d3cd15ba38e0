// The door through which the service is changed; apart from the one through which it is seen, so
// that whoever plans cannot change anything.
#pragma once

#include <string>

#include "core/operation.h"

namespace weir {

class Performer {
 public:
  Performer() = default;
  Performer(const Performer&) = delete;
  Performer& operator=(const Performer&) = delete;
  virtual ~Performer() = default;

  /// Asks for a change. It is sent again only where the service has surely not begun it. Throws
  /// ApiError; with status 0 or of 500 and above nobody knows whether it was done.
  virtual Operation start(const Request& request) = 0;
  /// How far a piece of work is. Throws ApiError.
  virtual Operation poll(const std::string& operation) = 0;
};

}  // namespace weir
