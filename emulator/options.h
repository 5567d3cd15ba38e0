// The command line of weir-emulator.
#pragma once

#include <string>
#include <vector>

#include "emulator/http/server.h"
#include "emulator/program.h"

namespace emulator {

struct CommandLine {
  enum class Command { kServe, kHelp, kVersion };
  Command command = Command::kHelp;
  ProgramOptions program;
  ListenAddress listen;
};

/// Throws std::invalid_argument that says what is wrong and what would be right.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

const char* help_text();

}  // namespace emulator
