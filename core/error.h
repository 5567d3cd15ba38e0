// Failures of the world: thrown where they happen, with the facts, and caught in few places.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace weir {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The environment, the profile file or a flag does not say what is needed.
class ConfigurationError : public Error {
 public:
  using Error::Error;
};

/// The command line is wrong.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// The workspace answered with an error, or did not answer.
class ApiError : public Error {
 public:
  struct Facts {
    int status = 0;  ///< 0: no answer came
    std::string code = {};
    std::string request_id = {};
    /// Something else is under way there, or too much is asked for: surely not begun, and worth
    /// asking for again.
    bool is_busy = false;
    std::chrono::nanoseconds wait{};  ///< how long the service asks to be left alone
  };

  ApiError(const std::string& message, Facts facts) : Error(message), facts_(std::move(facts)) {}
  const Facts& facts() const { return facts_; }
  /// 404, or the code that means the same. A 403 is never taken for absence.
  bool is_missing() const {
    return facts_.status == 404 || facts_.code == "RESOURCE_DOES_NOT_EXIST";
  }
  /// It is about what others let us see, or about a call that there is none of, and not about what
  /// is there.
  bool is_withheld() const {
    return facts_.status == 403 || facts_.status == 404 || facts_.status == 501;
  }
  /// There is no such call: it says nothing of the resource.
  bool is_unknown_call() const { return facts_.code == "ENDPOINT_NOT_FOUND"; }

 private:
  Facts facts_;
};

/// What was kept of earlier runs cannot be read or written.
class StateError : public Error {
 public:
  using Error::Error;
};

}  // namespace weir
