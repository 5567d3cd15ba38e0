#include "emulator/postgres/server.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unistd.h>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kStartLimit{120};
constexpr seconds kFastStopLimit{10};
constexpr seconds kImmediateStopLimit{5};
constexpr std::uintmax_t kLogLimit = 1 << 20;

/// A folder name as one entry of the list `unix_socket_directories`.
std::string list_entry(const std::string& folder) {
  std::string entry = "\"";
  for (const char c : folder) entry += c == '"' ? "\"\"" : std::string(1, c);
  return entry + "\"";
}

/// The last line that the server `id` wrote into postmaster.pid, for example "ready".
std::string postmaster_status(const fs::path& data, pid_t id) {
  std::ifstream file(data / "postmaster.pid");
  std::string line;
  std::string status;
  for (int number = 1; std::getline(file, line); ++number) {
    if (number == 1 && line != std::to_string(id)) return "";
    if (number == 8) status = line.substr(0, line.find(' '));
  }
  return status;
}

std::string last_lines(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const auto line_end = text.find('\n', text.size() - limit);
  return line_end == std::string::npos ? text.substr(text.size() - limit)
                                       : text.substr(line_end + 1);
}

}  // namespace

Server::Server(const Installation& installation, Place place)
    : installation_(installation), place_(std::move(place)) {}

Server::~Server() {
  stop();
}

void Server::start(const Settings& settings, Until until) {
  clear_leftovers();
  make_private_folder(place_.socket_folder, installation_.user);
  std::vector<std::string> arguments = {installation_.program("postgres"), "-D",
                                        place_.data.string()};
  Settings all = settings;
  all["listen_addresses"] = "";
  all["unix_socket_directories"] = list_entry(place_.socket_folder.string());
  all["unix_socket_permissions"] = "0700";
  all["port"] = "5432";
  all["fsync"] = "off";
  for (std::string& argument : as_arguments(all)) arguments.push_back(std::move(argument));
  const int log = open_log();
  try {
    process_ = std::make_unique<Process>(
        Command{.arguments = std::move(arguments), .user = installation_.user, .output = log});
  } catch (...) {
    close(log);
    throw;
  }
  close(log);
  await(until);
}

bool Server::stop() {
  if (process_ == nullptr) return true;
  bool was_in_order = process_->is_running();
  process_->signal(SIGINT);
  if (!process_->ends_within(kFastStopLimit)) {
    was_in_order = false;
    process_->signal(SIGQUIT);
    if (!process_->ends_within(kImmediateStopLimit)) process_->signal(SIGKILL);
  }
  was_in_order = was_in_order && process_->status() == 0;
  process_.reset();
  return was_in_order;
}

Lifeline Server::lifeline() const {
  return process_->lifeline();
}

bool Server::is_running() {
  return process_ != nullptr && process_->is_running();
}

void Server::clear_leftovers() {
  process_.reset();
  if (fs::exists(place_.data / "postmaster.pid")) {
    end_leftover_processes(place_.data);
    fs::remove(place_.data / "postmaster.pid");
  }
  remove_tree(place_.socket_folder);
}

int Server::open_log() {
  const int log =
      open(place_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (log < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open " + place_.log.string());
  }
  std::error_code unknown;
  log_start_ = fs::file_size(place_.log, unknown);
  if (log_start_ > kLogLimit && ftruncate(log, 0) == 0) log_start_ = 0;
  return log;
}

void Server::await(Until until) {
  // Also the word of a server that is still replaying and takes no sessions at all.
  const bool is_standby_enough = until == Until::kReadable;
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  for (;;) {
    const std::string status = postmaster_status(place_.data, process_->id());
    if (status == "ready" || (status == "standby" && is_standby_enough)) return;
    if (process_->ends_within(milliseconds(2))) break;
    if (std::chrono::steady_clock::now() > deadline) break;
  }
  stop();
  throw Failure(kInternalError,
                "PostgreSQL did not start:\n" + last_lines(log_since_start(), 2000));
}

std::string Server::log_since_start() const {
  std::ifstream file(place_.log, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(log_start_));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace emulator
