// Asks the person at the terminal.
#pragma once

#include <functional>
#include <string>

#include "cli/invocation.h"

namespace weir {

/// Whether somebody can be asked: both ends are terminals, and no build server runs us.
bool is_anybody_there(const Invocation& invocation);
/// Throws Error with the command that asks nobody, and `otherwise`.
[[noreturn]] void refuse_to_ask(const Invocation& invocation, const std::string& otherwise = "");

/// Prints the question and takes "yes" for yes. Calls `meanwhile` now and then while it waits.
bool is_confirmed(const Invocation& invocation, const std::string& question,
                  const std::function<void()>& meanwhile);

}  // namespace weir
