#include "providers/http/command.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"

extern char** environ;

namespace weir::http {
namespace {

constexpr std::size_t kMostOutput = 1UL << 20U;

/// Both ends of a pipe, closed at the end.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw Error("no pipe could be opened");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_writer();
    close_reader();
  }

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

 private:
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  std::array<int, 2> ends_ = {-1, -1};
};

/// What a program needs to find its files and the network: everything else may hold secrets.
bool is_for_others(std::string_view variable) {
  constexpr std::array<std::string_view, 14> kPlain = {
      "PATH",        "HOME",     "USER",       "LOGNAME",     "LANG",     "TMPDIR",  "HTTP_PROXY",
      "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "DISPLAY", "BROWSER"};
  const std::string_view name = variable.substr(0, variable.find('='));
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  if (std::ranges::find(kPlain, name) != kPlain.end()) return true;
  const bool is_ours = name.starts_with("DATABRICKS_") || name.starts_with("XDG_") ||
                       name.starts_with("LC_") || name.starts_with("SSL_CERT_");
  return is_ours && !has("TOKEN") && !has("SECRET") && !has("PASSWORD");
}

std::vector<char*> environment_for_others() {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_for_others(*variable)) variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
}

pid_t start(std::vector<std::string>& words, const Pipe& output, const Pipe& complaint) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writer(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaint.writer(), STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<char*> variables = environment_for_others();
  pid_t id = -1;
  const int problem =
      posix_spawnp(&id, arguments[0], &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  return problem == 0 ? id : -1;
}

/// Reads what is there; answers false at the end.
bool read_some(Pipe& pipe, std::string& text) {
  std::array<char, 4096> bytes = {};
  const ssize_t count = read(pipe.reader(), bytes.data(), bytes.size());
  if (count <= 0) {
    pipe.close_reader();
    return false;
  }
  text.append(bytes.data(), static_cast<std::size_t>(count));
  explicit_bzero(bytes.data(), bytes.size());
  return text.size() <= kMostOutput;
}

/// Answers whether both pipes ended in time.
bool read_both(Pipe& output, std::string& said, Pipe& complaint, std::string& complained,
               Duration limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (output.reader() >= 0 || complaint.reader() >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    // poll skips negative descriptors.
    std::array<pollfd, 2> ready = {
        pollfd{.fd = output.reader(), .events = POLLIN, .revents = 0},
        pollfd{.fd = complaint.reader(), .events = POLLIN, .revents = 0}};
    if (left.count() <= 0 || poll(ready.data(), 2, static_cast<int>(left.count())) <= 0) {
      return false;
    }
    if (ready[0].revents != 0) read_some(output, said);
    if (ready[1].revents != 0) read_some(complaint, complained);
    if (said.size() > kMostOutput || complained.size() > kMostOutput) return false;
  }
  return true;
}

}  // namespace

CommandResult run_command(std::vector<std::string> words, Duration limit) {
  Pipe output;
  Pipe complaint;
  const pid_t id = start(words, output, complaint);
  if (id < 0) return {.status = 127};
  output.close_writer();
  complaint.close_writer();
  std::string said;
  CommandResult result;
  if (!read_both(output, said, complaint, result.complaint, limit)) kill(id, SIGKILL);
  int status = 0;
  waitpid(id, &status, 0);
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  result.output = Secret(said);
  Secret::wipe(said);
  return result;
}

}  // namespace weir::http
