// What the place that output goes to can show: colours, symbols, width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/environment.h"

namespace weir {

enum class Colour { kGreen, kYellow, kRed, kCyan, kBold, kDim };
enum class Symbol {
  kCreate,
  kUpdate,
  kDelete,
  kReplace,
  kForget,
  kUndelete,
  kExpires,
  kArrow,
};

/// Decided once, from the environment; a value, so that tests make their own.
struct Terminal {
  bool is_terminal = false;
  bool has_colour = false;
  bool is_utf8 = true;
  bool is_github = false;  ///< a log in which "::" at the start of a line is a command
  std::size_t width = 80;

  std::string paint(Colour colour, std::string_view text) const;
  std::string_view symbol(Symbol symbol) const;
};

enum class ColourWish { kAutomatic, kNever };

/// `-no-color` beats NO_COLOR, which beats FORCE_COLOR and CLICOLOR_FORCE, which beat whether it is
/// a terminal.
Terminal describe_terminal(const GetEnvironment& getenv, bool is_terminal, ColourWish wish);
/// Whether a build server runs us.
bool is_automation(const GetEnvironment& getenv);

/// Text from elsewhere, made harmless for terminals and logs: control characters, invalid UTF-8 and
/// characters that change the direction of text become visible escapes.
std::string harmless(std::string_view text);
/// The same, where line ends may stay.
std::string harmless_lines(std::string_view text);
/// Keeps a GitHub log from taking any line for a workflow command.
std::string without_commands(std::string_view text);

}  // namespace weir
