// What every command gets, and the ways to speak.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "cli/environment.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/clock.h"
#include "core/document.h"
#include "core/units.h"

namespace weir {

/// What the program ends with; scripts rely on these numbers.
enum class Exit {
  kDone = 0,
  kError = 1,
  kChanges = 2,  ///< changes or drift, where the caller asked to be told
  kInvalid = 3,  ///< mistakes in manifests; files that `fmt -check` would change
  kBlocked = 4,  ///< a destructive step lacks consent
  kLocked = 5,   ///< somebody else applies
  kPartial = 6,  ///< some steps were not done; the next apply goes on
  kStale = 7,    ///< a saved plan no longer fits the world
  kUsage = 64,
};

struct Invocation {
  const Options& options;
  const GetEnvironment& getenv;
  Terminal out;  ///< standard output
  Terminal err;  ///< standard error

  /// "text", "json", …
  std::string format() const;
  bool is_quiet() const { return options.has("quiet"); }
  std::optional<std::string> variable(const std::string& name) const;
};

/// To standard output: text for people, in which a build server must not find commands. Throws
/// Error when it cannot be written.
void print_text(const Invocation& invocation, std::string_view text);
/// To standard output, byte by byte, for programs.
void print_exactly(std::string_view text);
/// Whether anything went to standard output.
bool has_printed();
/// To standard error: what has gone wrong.
void report(const Invocation& invocation, std::string_view text);

/// To standard error: what is good to know, unless -quiet.
void note(const Invocation& invocation, std::string_view text);

/// Now, or what WEIR_NOW says. Throws ConfigurationError when that is no timestamp.
Instant time_of_run(const Invocation& invocation);
/// The system's clock, or one that stands still at WEIR_NOW.
std::unique_ptr<Clock> clock_of(const Invocation& invocation);

}  // namespace weir
