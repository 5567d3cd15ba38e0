#include "emulator/postgres/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/pidfd.h"

namespace emulator {
namespace {

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Everything the child needs, laid out before the fork: after it only async-signal-safe calls are
/// allowed, because other threads may hold the allocator's lock.
struct Launch {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const SystemUser* user = nullptr;
  int input = -1;
  int output = -1;
  int report = -1;
  pid_t parent = -1;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < 32; ++number) sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool become(const SystemUser& user) {
  if (!user.is_another) return true;
  return setgroups(user.groups.size(), user.groups.data()) == 0 && setgid(user.gid) == 0 &&
         setuid(user.uid) == 0;
}

[[noreturn]] void run_child(const Launch& launch) {
  setsid();  // Ctrl-C in our terminal is for us; we stop the servers ourselves.
  reset_signals();
  umask(077);
  // The death signal is cleared by a change of user, so it is set after it.
  const bool is_ready = dup2(launch.input, 0) >= 0 && dup2(launch.output, 1) >= 0 &&
                        dup2(launch.output, 2) >= 0 && chdir("/") == 0 && become(*launch.user) &&
                        prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 && getppid() == launch.parent;
  if (is_ready) {
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(launch.arguments[0], launch.arguments.data(), launch.environment.data());
  }
  const int reason = errno;
  [[maybe_unused]] const auto bytes = write(launch.report, &reason, sizeof reason);
  _exit(127);
}

/// Waits for the child's exec; throws what kept it from happening.
void await_exec(int report, const std::string& program) {
  int reason = 0;
  ssize_t bytes = -1;
  do {
    bytes = read(report, &reason, sizeof reason);
  } while (bytes < 0 && errno == EINTR);
  close(report);
  if (bytes <= 0) return;
  throw std::system_error(reason, std::generic_category(), "cannot run " + program);
}

}  // namespace

SystemUser find_system_user(const std::string& name) {
  SystemUser user{.uid = geteuid(), .gid = getegid(), .groups = {}, .is_another = false};
  if (user.uid != 0) return user;
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr || found->pw_uid == 0) {
    throw Failure(kInternalError,
                  "PostgreSQL does not run as root, and there is no system user \"" + name +
                      "\" to run it as.");
  }
  user.uid = found->pw_uid;
  user.gid = found->pw_gid;
  user.is_another = true;
  int count = 64;
  user.groups.resize(static_cast<std::size_t>(count));
  getgrouplist(name.c_str(), user.gid, user.groups.data(), &count);
  user.groups.resize(static_cast<std::size_t>(count));
  return user;
}

void give_to(const SystemUser& user, const std::filesystem::path& path) {
  if (!user.is_another) return;
  if (lchown(path.c_str(), user.uid, user.gid) != 0)
    throw_errno("cannot give away " + path.string());
}

Lifeline::~Lifeline() {
  if (handle_ >= 0) close(handle_);
}

bool Lifeline::holds() const {
  pollfd ended{.fd = handle_, .events = POLLIN, .revents = 0};
  return handle_ >= 0 && poll(&ended, 1, 0) == 0;
}

Process::Process(const Command& command) {
  std::vector<std::string> arguments = command.arguments;
  // PG… variables of our caller must not reach a server.
  std::vector<std::string> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
                                          "TZ=UTC"};
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) throw_errno("cannot create a pipe");
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  const Launch launch{.arguments = pointers(arguments),
                      .environment = pointers(environment),
                      .user = &command.user,
                      .input = null,
                      .output = command.output < 0 ? null : command.output,
                      .report = report[1],
                      .parent = getpid()};
  id_ = fork();
  if (id_ == 0) run_child(launch);
  const int fork_error = errno;
  close(report[1]);
  close(null);
  if (id_ < 0) {
    close(report[0]);
    throw std::system_error(fork_error, std::generic_category(), "cannot fork");
  }
  try {
    await_exec(report[0], arguments[0]);
  } catch (...) {
    reap(0);
    throw;
  }
  handle_ = pidfd_open(id_, 0);
}

Process::~Process() {
  if (is_running()) {
    signal(SIGKILL);
    reap(0);
  }
  if (handle_ >= 0) close(handle_);
}

Lifeline Process::lifeline() const {
  return Lifeline(fcntl(handle_, F_DUPFD_CLOEXEC, 0));
}

bool Process::is_running() {
  reap(WNOHANG);
  return !has_ended_;
}

void Process::signal(int number) const {
  if (!has_ended_) kill(id_, number);
}

bool Process::ends_within(std::chrono::milliseconds limit) {
  pollfd ended{.fd = handle_, .events = POLLIN, .revents = 0};
  if (is_running()) poll(&ended, 1, static_cast<int>(limit.count()));
  return !is_running();
}

void Process::reap(int flags) {
  if (has_ended_) return;
  int status = 0;
  pid_t ended = -1;
  do {
    ended = waitpid(id_, &status, flags);
  } while (ended < 0 && errno == EINTR);
  if (ended == 0) return;
  has_ended_ = true;
  if (ended < 0) return;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Finished run(std::vector<std::string> arguments, const SystemUser& user) {
  std::array<int, 2> output{};
  if (pipe2(output.data(), O_CLOEXEC) != 0) throw_errno("cannot create a pipe");
  Finished finished;
  try {
    Process process({.arguments = std::move(arguments), .user = user, .output = output[1]});
    close(output[1]);
    output[1] = -1;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t bytes = read(output[0], buffer.data(), buffer.size());
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes <= 0) break;
      finished.output.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    while (!process.ends_within(std::chrono::seconds(10))) {
    }
    finished.status = process.status();
  } catch (...) {
    close(output[0]);
    if (output[1] >= 0) close(output[1]);
    throw;
  }
  close(output[0]);
  return finished;
}

}  // namespace emulator
