// Child processes: started without a shell, as an unprivileged user, and never longer than us.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace emulator {

/// The account that PostgreSQL runs under.
struct SystemUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  bool is_another = false;  ///< we are root and change to it
};

/// The user called `name` when we are root, which PostgreSQL refuses to run as; otherwise us.
SystemUser find_system_user(const std::string& name);

/// Gives `path` to `user`; does nothing when we run as that user anyway.
void give_to(const SystemUser& user, const std::filesystem::path& path);

/// Tells on any thread whether a process still runs.
class Lifeline {
 public:
  /// Owns `handle`, a pidfd.
  explicit Lifeline(int handle) : handle_(handle) {}
  Lifeline(Lifeline&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;
  Lifeline& operator=(Lifeline&&) = delete;
  ~Lifeline();
  bool holds() const;
  /// Becomes readable when the process ends.
  int handle() const { return handle_; }

 private:
  int handle_;
};

struct Command {
  std::vector<std::string> arguments;  ///< the first is the program's path
  const SystemUser& user;
  int output = -1;  ///< descriptor for standard output and error; -1 drops both
};

/// One running child. The kernel ends it with SIGQUIT when the thread that started it ends, so it
/// must be started from a thread that lives as long as the program needs the child.
class Process {
 public:
  explicit Process(const Command& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// Kills the child if it still runs.
  ~Process();

  pid_t id() const { return id_; }
  Lifeline lifeline() const;
  bool is_running();
  void signal(int number) const;
  /// Answers whether the child has ended within `limit`.
  bool ends_within(std::chrono::milliseconds limit);
  /// Exit status of an ended child, or 128 + the signal that ended it.
  int status() const { return status_; }

 private:
  void reap(int flags);

  pid_t id_ = -1;
  int handle_ = -1;
  bool has_ended_ = false;
  int status_ = -1;
};

struct Finished {
  int status = -1;
  std::string output;
};

/// Runs a short command to its end and returns what it printed.
Finished run(std::vector<std::string> arguments, const SystemUser& user);

}  // namespace emulator
