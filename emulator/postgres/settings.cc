#include "emulator/postgres/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>
#include <string_view>

#include "emulator/postgres/failure.h"

namespace emulator {
namespace {

/// Beginnings of names that would change where a cluster lives, who reaches it, what it executes
/// or whether it can be restored.
constexpr std::array kReserved = {
    "allow_system_table_mods",
    "archive_",
    "cluster_name",
    "config_file",
    "data_directory",
    "data_sync_retry",
    "debug_",
    "dynamic_library_path",
    "external_pid_file",
    "extension_control",
    "fsync",
    "full_page_writes",
    "hba_file",
    "hot_standby",
    "ident_file",
    "ignore_",
    "jit_provider",
    "krb_",
    "listen_addresses",
    "local_preload",
    "log_destination",
    "log_directory",
    "log_file",
    "logging_collector",
    "max_wal_senders",
    "oauth_",
    "port",
    "primary_",
    "promote_",
    "recovery_",
    "restart_after",
    "restore_command",
    "session_preload",
    "shared_preload",
    "ssl",
    "stats_temp_directory",
    "summarize_wal",
    "synchronous_standby",
    "syslog",
    "unix_socket",
    "wal_init_zero",
    "wal_level",
    "wal_recycle",
    "wal_retrieve",
    "zero_damaged",
    "bonjour",
    "event_source",
    "wal_consistency",
};

bool is_name(const std::string& name) {
  const auto is_allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), is_allowed);
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void check_name(const std::string& name) {
  const std::string lower = lower_case(name);
  const bool is_reserved = std::any_of(kReserved.begin(), kReserved.end(),
                                       [&](const char* start) { return lower.starts_with(start); });
  if (!is_name(name)) {
    throw Failure(kInvalidParameter, "\"" + name + "\" is not the name of a PostgreSQL setting.");
  }
  if (is_reserved) {
    throw Failure(kInvalidParameter, "The setting \"" + name + "\" cannot be changed.");
  }
}

/// The part of PostgreSQL's complaint that says what is wrong.
std::string complaint(const std::string& output) {
  const auto fatal = output.find("FATAL:");
  std::string text = fatal == std::string::npos ? output : output.substr(fatal + 6);
  text.erase(0, text.find_first_not_of(' '));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

const Settings& lean_settings() {
  static const Settings settings = {
      {"bgwriter_lru_maxpages", "0"},
      {"dynamic_shared_memory_type", "posix"},
      {"huge_pages", "off"},
      {"jit", "off"},
      {"log_checkpoints", "off"},
      {"log_line_prefix", "%m [%p] "},
      {"log_timezone", "UTC"},
      {"max_connections", "100"},
      {"max_logical_replication_workers", "0"},
      {"max_parallel_workers_per_gather", "0"},
      {"max_wal_size", "64MB"},
      {"max_worker_processes", "4"},
      {"min_wal_size", "2MB"},
      {"password_encryption", "scram-sha-256"},
      {"shared_buffers", "16MB"},
      {"timezone", "UTC"},
      {"wal_compression", "on"},
  };
  return settings;
}

void check_settings(const Installation& installation, const std::filesystem::path& data,
                    const Settings& settings) {
  if (settings.empty()) return;
  for (const auto& [name, value] : settings) {
    check_name(name);
    if (value.find('\0') != std::string::npos || value.find('\n') != std::string::npos) {
      throw Failure(kInvalidParameter,
                    "The value of the setting \"" + name + "\" has a line break.");
    }
  }
  std::vector<std::string> arguments = {installation.program("postgres"), "-D", data.string()};
  for (std::string& argument : as_arguments(settings)) arguments.push_back(std::move(argument));
  arguments.insert(arguments.end(), {"-C", "data_directory"});
  const Finished finished = run(arguments, installation.user);
  if (finished.status != 0) throw Failure(kInvalidParameter, complaint(finished.output));
}

std::vector<std::string> as_arguments(const Settings& settings) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : settings) {
    arguments.emplace_back("-c");
    arguments.emplace_back(name).append("=").append(value);
  }
  return arguments;
}

void raise_to(Settings& settings, const Settings& minimum) {
  const auto number = [](const std::string& text) {
    long value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  for (const auto& [name, value] : minimum) {
    std::string& current = settings[name];
    if (current.empty() || number(current) < number(value)) current = value;
  }
}

std::string settings_text(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings)
    text.append(name).append("=").append(value).append("\n");
  return text;
}

Settings parse_settings_text(const std::string& text) {
  Settings settings;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return settings;
}

}  // namespace emulator
