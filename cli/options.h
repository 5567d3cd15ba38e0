// The command line: one table of commands and flags, from which parsing, help and completion
// follow.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/environment.h"

namespace weir {

/// One flag; every spelling is accepted with one dash or two, and `-flag value` means the same as
/// `-flag=value`. A flag without a value takes `=true` and `=false`.
struct Flag {
  std::string_view name;
  std::string_view other_names = {};  ///< separated by spaces, "o format"
  std::string_view value = {};        ///< what to call the value in help; empty: none
  std::string_view doc;               ///< one sentence without its full stop
  std::string_view choices = {};      ///< separated by spaces; empty: anything
  bool is_repeatable = false;
};

/// How far a command looks; each level has the flags of those before it.
enum class Reach { kNothing, kManifest, kWorkspace, kPlan };

struct Command {
  std::string_view name;
  Reach reach = Reach::kNothing;
  std::string_view arguments = {};  ///< "FILE", "[PATH ...]", for the usage line
  std::size_t least_arguments = 0;
  std::size_t most_arguments = 0;
  std::string_view doc;           ///< one sentence without its full stop
  std::string_view examples;      ///< lines of "weir plan -e dev    # what it does"
  std::string_view flags = {};    ///< its own, by name, separated by spaces
  std::string_view formats = {};  ///< what -output may be, separated by spaces
  std::string_view details = {};  ///< a paragraph for its help
};

std::span<const Command> all_commands();
std::span<const Flag> all_flags();
/// Null when there is none of that name.
const Command* find_command(std::string_view name);
/// By any of its spellings, without dashes.
const Flag* find_flag(std::string_view name);
/// The flags of a command in the order of its table.
std::vector<const Flag*> flags_of(const Command& command);
std::vector<std::string_view> words_of(std::string_view text);

/// What one command line says. Flags go by the first name that the table gives them.
class Options {
 public:
  Options(const Command& command,
          std::map<std::string, std::vector<std::string>, std::less<>> flags,
          std::vector<std::string> arguments)
      : command_(&command), flags_(std::move(flags)), arguments_(std::move(arguments)) {}

  const Command& command() const { return *command_; }
  const std::vector<std::string>& arguments() const { return arguments_; }
  /// Whether a flag without a value is set.
  bool has(std::string_view flag) const;
  /// The value of a flag, or "".
  std::string value(std::string_view flag) const;
  std::vector<std::string> values(std::string_view flag) const;
  /// "weir apply -env prod", for people to say again.
  std::string command_line() const;

 private:
  const Command* command_;
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
  std::vector<std::string> arguments_;
};

/// Reads `arguments` (without the program's name) and WEIR_CLI_ARGS. Throws UsageError for whatever
/// the table does not have.
Options parse_options(const std::vector<std::string>& arguments, const GetEnvironment& getenv);

/// Splits as a shell does with plain words, single and double quotes. Throws UsageError.
std::vector<std::string> split_arguments(const std::string& text);

}  // namespace weir
