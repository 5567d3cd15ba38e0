#include "emulator/postgres/control_file.h"

#include <sstream>

#include "emulator/postgres/failure.h"

namespace emulator {
namespace {

std::map<std::string, std::string> labelled_lines(const std::string& text) {
  std::map<std::string, std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto start = line.find_first_not_of(' ', colon + 1);
    lines[line.substr(0, colon)] = start == std::string::npos ? "" : line.substr(start);
  }
  return lines;
}

}  // namespace

ControlFile read_control_file(const Installation& installation, const std::filesystem::path& data) {
  const Finished finished =
      run({installation.program("pg_controldata"), "-D", data.string()}, installation.user);
  auto lines = labelled_lines(finished.output);
  const auto checkpoint = parse_lsn(lines["Latest checkpoint location"]);
  if (finished.status != 0 || !checkpoint) {
    throw Failure(kInternalError,
                  "The control file of " + data.string() + " cannot be read: " + finished.output);
  }
  const std::string state = lines["Database cluster state"];
  return {.was_stopped_cleanly = state == "shut down" || state == "shut down in recovery",
          .checkpoint = *checkpoint,
          .redo_segment = lines["Latest checkpoint's REDO WAL file"],
          .minimum_settings = {{"max_connections", lines["max_connections setting"]},
                               {"max_worker_processes", lines["max_worker_processes setting"]},
                               {"max_wal_senders", lines["max_wal_senders setting"]},
                               {"max_prepared_transactions", lines["max_prepared_xacts setting"]},
                               {"max_locks_per_transaction", lines["max_locks_per_xact setting"]}}};
}

}  // namespace emulator
