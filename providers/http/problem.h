// What an error answer says, whichever of the service's many forms its body has.
#pragma once

#include <optional>
#include <string>

#include "core/units.h"
#include "providers/http/message.h"

namespace weir::http {

struct Problem {
  std::string code = {};     ///< "PERMISSION_DENIED"; empty when the answer has none
  std::string message = {};  ///< one line without control characters, of limited length
  std::string request_id = {};
  std::optional<Duration> retry_delay = {};
};

/// Reads an answer with a status from 400 on.
Problem read_problem(const Answer& answer);
/// "Not Found", or "" for a status that has no usual words.
std::string_view status_words(int status);
/// A text from outside on one line, without control characters, and not longer than some lines.
std::string tame(std::string_view text);

}  // namespace weir::http
