// A refusal or a breakdown of PostgreSQL work, on its way to becoming an Outcome.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace emulator {

inline constexpr const char* kBadRequest = "BAD_REQUEST";
inline constexpr const char* kInvalidParameter = "INVALID_PARAMETER_VALUE";
inline constexpr const char* kInternalError = "INTERNAL_ERROR";
inline constexpr const char* kNotFound = "NOT_FOUND";

class Failure : public std::runtime_error {
 public:
  Failure(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}

  /// A code of the service, as in `Outcome::error_code`.
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace emulator
