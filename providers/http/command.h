// Other programs: started without a shell, with a time limit, read to their end.
#pragma once

#include <string>
#include <vector>

#include "core/secret.h"
#include "core/units.h"

namespace weir::http {

struct CommandResult {
  int status = -1;  ///< 127: there is no such program; -1: it did not end by itself
  Secret output = {};
  std::string complaint = {};  ///< what it wrote to the standard error
};

/// Runs `words[0]`, which is looked for on the PATH, and ends it after `limit`.
CommandResult run_command(std::vector<std::string> words, Duration limit);

}  // namespace weir::http
