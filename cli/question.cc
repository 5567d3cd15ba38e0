#include "cli/question.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/interrupts.h"
#include "core/error.h"

namespace weir {
namespace {

constexpr int kPauseMilliseconds = 1000;

/// One line, or what there is of it when the input ends or somebody interrupts.
std::string read_line(const std::function<void()>& meanwhile) {
  std::string line;
  while (Interrupts::count() == 0) {
    pollfd input = {STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kPauseMilliseconds) <= 0) {
      meanwhile();
      continue;
    }
    char letter = 0;
    const ssize_t got = read(STDIN_FILENO, &letter, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(fmt::format("cannot read the answer: {}", std::strerror(errno)));
    if (got == 0 || letter == '\n') return line;
    line += letter;
  }
  return "";
}

}  // namespace

bool is_anybody_there(const Invocation& invocation) {
  const bool wants_none = invocation.options.value("input") == "false" ||
                          invocation.variable("WEIR_INPUT").value_or("") == "0";
  return !wants_none && isatty(STDIN_FILENO) != 0 && invocation.err.is_terminal &&
         !is_automation(invocation.getenv);
}

void refuse_to_ask(const Invocation& invocation, const std::string& otherwise) {
  throw Error(fmt::format("nobody can be asked here; run {} -auto-approve{}",
                          invocation.options.command_line(), otherwise));
}

bool is_confirmed(const Invocation& invocation, const std::string& question,
                  const std::function<void()>& meanwhile) {
  report(invocation, question);
  return read_line(meanwhile) == "yes";
}

}  // namespace weir
