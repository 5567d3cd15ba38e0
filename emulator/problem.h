// A refusal as the service words it: status, code, message and details.
#pragma once

#include <exception>
#include <string>

#include "emulator/json.h"

namespace emulator {

/// Thrown by whoever refuses a request, caught where the answer is written.
class Problem : public std::exception {
 public:
  Problem(int http_status, std::string error_code, std::string text, std::string details = "")
      : status(http_status),
        code(std::move(error_code)),
        message(std::move(text)),
        marker(std::move(details)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code;
  std::string message;
  std::string marker;  ///< "managed_by_parent" adds the details that clients look for
};

/// The body of an error answer. `request_id` stands in the details.
Json to_json(const Problem& problem, const std::string& request_id);

}  // namespace emulator
