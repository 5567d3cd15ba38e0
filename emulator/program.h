// The emulator as a whole: everything that `serve` wires together.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/clock.h"
#include "emulator/http/message.h"
#include "emulator/http/server.h"
#include "emulator/json.h"
#include "emulator/loop.h"

namespace emulator {

struct ProgramOptions {
  std::filesystem::path data = {};  ///< empty keeps everything in memory, which needs no_postgres
  std::string first_address = "127.100.0.0";
  std::uint16_t postgres_port = 5432;
  bool has_postgres = true;
  bool allows_remote = false;
  std::string postgres_user = "postgres";
  std::filesystem::path postgres_bin = {};
  ClockKind clock = ClockKind::kReal;
  std::optional<Instant> clock_start = {};  ///< of a virtual clock
  std::uint64_t seed = 0;
  std::vector<std::string> latencies = {};
  std::vector<std::string> assumptions = {};
  Json faults = Json();
  Json tables = Json();  ///< source tables, as for POST /_emulator/tables
};

/// Holds the world and answers requests. Runs on the loop's thread.
class Program {
 public:
  /// Reads the state in the data folder and takes up what was left undone. Throws
  /// std::invalid_argument for wrong options and std::runtime_error for a world that resists.
  Program(Loop& loop, const ProgramOptions& options);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void handle(Request request, const Reply& reply);
  /// The token of the first identity, whose name is `developer@example.com`.
  const std::string& token() const;
  /// Writes DATA/client.env for shells: host, token and where the certificate authority is.
  void write_client_environment(const std::string& url) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace emulator
