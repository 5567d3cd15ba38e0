// Help and shell completion, from the table of the command line.
#pragma once

#include <string>

#include "cli/options.h"

namespace weir {

/// All commands, with what they do.
std::string help_text();
/// One command: examples first, then its flags.
std::string help_text(const Command& command);
/// The completion script for "bash", "zsh" or "fish". Throws UsageError for any other shell.
std::string completion_script(const std::string& shell);

}  // namespace weir
