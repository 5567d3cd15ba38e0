// What -only, -except and their files say: globs of addresses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace weir {

struct Pattern {
  std::string glob;
  std::string origin;  ///< "-only", or "targets.txt:3:" of a line in a file
};

/// Those of the flag "only" or "except" and of its files: one a line, with # before a comment.
/// Throws ConfigurationError for a file that cannot be read or holds too many.
std::vector<Pattern> patterns_of(const Options& options, std::string_view flag);
std::vector<std::string> globs_of(const Options& options, std::string_view flag);

}  // namespace weir
