// One PostgreSQL server on one data directory: started and stopped quickly.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "emulator/postgres/installation.h"
#include "emulator/postgres/settings.h"

namespace emulator {

class Server {
 public:
  struct Place {
    std::filesystem::path data;
    std::filesystem::path socket_folder;  ///< made at the start, private
    std::filesystem::path log;
  };

  enum class Until {
    kWritable,
    kReadable,  ///< of a standby, which is never writable
  };

  Server(const Installation& installation, Place place);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Returns when connections are accepted; what an earlier life left over is cleared away first.
  /// Throws a Failure with the end of the log when the server does not come up.
  void start(const Settings& settings, Until until = Until::kWritable);
  /// Ends sessions and writes a checkpoint; answers whether the server ended in good order.
  bool stop();
  bool is_running();
  /// Of a server that was started.
  Lifeline lifeline() const;

  const Place& place() const { return place_; }

 private:
  void clear_leftovers();
  int open_log();
  void await(Until until);
  std::string log_since_start() const;

  const Installation& installation_;
  Place place_;
  std::uintmax_t log_start_ = 0;
  std::unique_ptr<Process> process_;
};

/// Ends the PostgreSQL processes that work in `data`. Looks at what processes are and where they
/// work, never at the number in postmaster.pid, which may belong to another program by now.
void end_leftover_processes(const std::filesystem::path& data);

}  // namespace emulator
