// Ends servers that outlived the emulator that started them.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include "emulator/postgres/pidfd.h"
#include "emulator/postgres/server.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> process_number(const fs::path& folder) {
  const std::string name = folder.filename();
  pid_t number = 0;
  const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || rest != name.data() + name.size()) return std::nullopt;
  return number;
}

/// A server's processes all work in its data directory.
bool is_server_process(pid_t process, const fs::path& data) {
  const fs::path folder = "/proc/" + std::to_string(process);
  std::error_code gone;
  const fs::path working = fs::read_symlink(folder / "cwd", gone);
  if (gone || working != data) return false;
  const std::string program = fs::read_symlink(folder / "exe", gone).filename();
  return !gone && program.starts_with("postgres");
}

/// Handles of the processes: unlike numbers they are never reused for another program.
std::vector<int> handles_of_servers(const fs::path& data) {
  std::vector<int> handles;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const auto process = process_number(entry.path());
    if (!process || !is_server_process(*process, data)) continue;
    const int handle = pidfd_open(*process, 0);
    if (handle < 0) continue;
    if (is_server_process(*process, data)) {
      handles.push_back(handle);
    } else {
      close(handle);
    }
  }
  return handles;
}

bool end_within(const std::vector<int>& handles, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (const int handle : handles) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
    const int wait = static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
    if (poll(&ended, 1, wait) <= 0) return false;
  }
  return true;
}

void signal_all(const std::vector<int>& handles, int number) {
  for (const int handle : handles) pidfd_send_signal(handle, number, nullptr, 0);
}

}  // namespace

void end_leftover_processes(const fs::path& data) {
  std::error_code unknown;
  const fs::path folder = fs::canonical(data, unknown);
  if (unknown) return;
  const std::vector<int> handles = handles_of_servers(folder);
  signal_all(handles, SIGQUIT);
  if (!end_within(handles, std::chrono::seconds(3))) {
    signal_all(handles, SIGKILL);
    end_within(handles, std::chrono::seconds(3));
  }
  for (const int handle : handles) close(handle);
}

}  // namespace emulator
