// A PostgreSQL server, and a pgbouncer before it that gives every transaction another session.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "emulator/postgres/process.h"
#include "tests/support/own_postgres.h"

namespace weir::test {

/// Started when first asked for, and gone with the program. Both listen on sockets in a folder.
class PostgresServers {
 public:
  static PostgresServers& get();
  PostgresServers();
  PostgresServers(const PostgresServers&) = delete;
  PostgresServers& operator=(const PostgresServers&) = delete;

  enum class Way {
    kDirect,
    kPooled,
  };
  /// What to connect with, as the cluster's owner.
  std::string address(const std::string& database, Way way) const;
  std::string new_database();
  /// The server's own socket.
  std::filesystem::path socket() const;
  /// Ends all sessions and the server; the pool stays.
  void stop();
  void start();
  void restart();

 private:
  void start_pool();

  OwnPostgres postgres_;
  std::unique_ptr<emulator::Process> pool_;
  int databases_ = 0;
};

}  // namespace weir::test
