// A refusal as the service words it: status, code, message and details.
#pragma once

#include <exception>
#include <string>

#include "emulator/json.h"

namespace emulator {

/// Thrown by whoever refuses a request, caught where the answer is written.
class Problem : public std::exception {
 public:
  Problem(int status, std::string code, std::string message, std::string marker = "")
      : status(status),
        code(std::move(code)),
        message(std::move(message)),
        marker(std::move(marker)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code;
  std::string message;
  std::string marker;  ///< "managed_by_parent" adds the details that clients look for
};

/// The body of an error answer. `request_id` stands in the details.
Json to_json(const Problem& problem, const std::string& request_id);

}  // namespace emulator
