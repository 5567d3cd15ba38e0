// The door through which the service is changed; apart from the one through which it is seen, so
// that whoever plans cannot change anything.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/operation.h"

namespace weir {

/// Asked right before a request leaves, by whoever sends it.
using MayLeave = std::function<bool()>;

/// A change is given up after that, and has arrived by then or never will.
inline constexpr std::chrono::seconds kLongestRequest{30};

class Performer {
 public:
  Performer() = default;
  Performer(const Performer&) = delete;
  Performer& operator=(const Performer&) = delete;
  virtual ~Performer() = default;

  /// Asks for a change once, unless it may not leave any more: then it throws an ApiError that says
  /// is_busy. Throws ApiError; with status 0 or of 500 and above nobody knows whether it was
  /// done.
  virtual Operation start(const Request& request, const MayLeave& may_leave) = 0;
  /// How far a piece of work is. Throws ApiError.
  virtual Operation poll(const std::string& operation) = 0;
};

}  // namespace weir
