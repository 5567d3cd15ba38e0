// The program `weir`: finds the command and says what went wrong.
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <new>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/failure_view.h"
#include "cli/help.h"
#include "cli/interrupts.h"
#include "cli/lease.h"
#include "core/clock.h"
#include "core/document.h"
#include "core/error.h"

namespace weir {
namespace {

std::optional<std::string> variable_of_process(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Whoever starts us with a standard descriptor closed must not find our words in the next file or
/// socket that is opened. In its place stands what cannot be used in that direction, so that
/// reading and writing fail as before.
void hold_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const int wrong_way = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", wrong_way) != descriptor) {
      std::_Exit(static_cast<int>(Exit::kError));
    }
  }
}

/// COLUMNS is for shells to know, which seldom pass it on.
Terminal terminal_at(int descriptor, const GetEnvironment& getenv, ColourWish wish) {
  Terminal terminal = describe_terminal(getenv, isatty(descriptor) != 0, wish);
  winsize size = {};
  const bool is_known = !getenv("COLUMNS") && ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  if (is_known && size.ws_col > 0) terminal.width = size.ws_col;
  return terminal;
}

using Run = Exit (*)(const Invocation&);

constexpr auto kRuns = std::to_array<std::pair<std::string_view, Run>>({
    {"validate", run_validate},
    {"fmt", run_fmt},
    {"plan", run_plan},
    {"apply", run_apply},
    {"destroy", run_destroy},
    {"drift", run_drift},
    {"up", run_up},
    {"down", run_down},
    {"renew", run_renew},
    {"reset", run_reset},
    {"restore", run_restore},
    {"rollback", run_rollback},
    {"state", run_state},
    {"show", run_show},
    {"graph", run_graph},
    {"output", run_output},
    {"env", run_env},
    {"credential", run_credential},
    {"psql", run_psql},
    {"doctor", run_doctor},
    {"export", run_export},
    {"convert", run_convert},
    {"print", run_print},
    {"explain", run_explain},
    {"schema", run_schema},
    {"completion", run_completion},
    {"version", run_version},
    {"help", run_help},
});

/// Whoever reads standard output as data gets the reason of a failure there as well.
void tell_in_format(const Invocation& invocation, std::string_view reason) {
  const auto chosen = parse_timestamp(invocation.variable("WEIR_NOW").value_or(""));
  const std::string text =
      failure_in(invocation.format(), std::string(reason), chosen.value_or(SystemClock().now()));
  // A second document behind the first would be no data at all; a line behind others is.
  const bool is_in_order = !has_printed() || invocation.format() == "json-lines";
  if (!text.empty() && is_in_order) print_exactly(text);
}

Exit run_in_format(Run command, const Invocation& invocation) {
  try {
    return command(invocation);
  } catch (const Error& error) {
    tell_in_format(invocation, error.what());
    throw;
  }
}

Exit run(const std::vector<std::string>& arguments, const GetEnvironment& getenv) {
  const Options options = parse_options(arguments, getenv);
  const ColourWish wish = options.has("no-color") ? ColourWish::kNever : ColourWish::kAutomatic;
  const Invocation invocation{.options = options,
                              .getenv = getenv,
                              .out = terminal_at(STDOUT_FILENO, getenv, wish),
                              .err = terminal_at(STDERR_FILENO, getenv, wish)};
  if (options.has("help")) {
    print_text(invocation, help_text(options.command()));
    return Exit::kDone;
  }
  for (const auto& [name, command] : kRuns) {
    if (name == options.command().name) return run_in_format(command, invocation);
  }
  throw UsageError(fmt::format("weir {} is not there", options.command().name));
}

/// Says what went wrong, on standard error, and gives the exit code for it.
Exit complain(std::string_view what, Exit exit) {
  const Terminal terminal =
      describe_terminal(variable_of_process, isatty(STDERR_FILENO) != 0, ColourWish::kAutomatic);
  const std::string text =
      terminal.paint(Colour::kRed, "error:") + " " + harmless_lines(what) + "\n";
  std::fputs(text.c_str(), stderr);
  return exit;
}

Exit run_and_complain(const std::vector<std::string>& arguments) {
  try {
    return run(arguments, variable_of_process);
  } catch (const UsageError& error) {
    return complain(error.what(), Exit::kUsage);
  } catch (const Interrupted& error) {
    return complain(error.what(), static_cast<Exit>(128 + Interrupts::signal()));
  } catch (const LockHeldError& error) {
    return complain(error.what(), Exit::kLocked);
  } catch (const ApiError& error) {
    std::string text = error.what();
    if (!error.facts().request_id.empty() &&
        text.find(error.facts().request_id) == std::string::npos) {
      text += fmt::format("\n  request id: {}", error.facts().request_id);
    }
    return complain(text, Exit::kError);
  } catch (const Document::exception& error) {
    return complain(fmt::format("weir met a value of another type than it relies on, and stopped "
                                "before it did anything with it; please report this: {}",
                                error.what()),
                    Exit::kError);
  } catch (const std::bad_alloc&) {
    return complain(
        "there is not enough memory; an apply that had begun is in the state, and the "
        "next one goes on with it",
        Exit::kError);
  } catch (const std::exception& error) {
    return complain(error.what(), Exit::kError);
  }
}

}  // namespace
}  // namespace weir

int main(int count, char** arguments) {
  // A limit on the size of files is an error of writing like a full disk, not the end of the
  // program.
  std::signal(SIGXFSZ, SIG_IGN);
  weir::hold_standard_descriptors();
  const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
  return static_cast<int>(weir::run_and_complain(words));
}
