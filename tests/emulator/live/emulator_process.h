// The real program, started in a folder of its own, and PostgreSQL clients for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/emulator/http_client.h"

namespace emulator::test {

/// Starts weir-emulator and stops it at the end. Addresses and ports are this process's own.
class EmulatorProcess {
 public:
  explicit EmulatorProcess(std::vector<std::string> options = {});
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;
  ~EmulatorProcess();

  void start();
  /// Ends it with `signal` and waits until it is gone.
  void stop(int signal);

  const std::filesystem::path& folder() const { return folder_; }
  const Client& client() const { return client_; }
  int postgres_port() const { return postgres_port_; }
  std::string log() const;

  /// Sends a request that must be answered with 200; gives the body.
  std::string call(const std::string& method, const std::string& target,
                   const std::string& body = "") const;
  /// The same for what begins an operation; waits until it is done and gives the operation.
  std::string run(const std::string& method, const std::string& target,
                  const std::string& body = "") const;
  std::string get(const std::string& target) const { return call("GET", api(target)); }
  static std::string api(const std::string& target) { return "/api/2.0/postgres/" + target; }

  std::string host_of(const std::string& endpoint) const;
  std::string state_of(const std::string& endpoint) const;
  std::string credential_for(const std::string& endpoint) const;
  /// The rows of `sql`, fields joined by '|' and rows by ','. Throws std::runtime_error with what
  /// PostgreSQL or libpq said.
  std::string query(const std::string& endpoint, const std::string& user,
                    const std::string& password, const std::string& sql) const;
  std::string query(const std::string& endpoint, const std::string& sql) const;
  /// The same at a host that is known.
  std::string query_at(const std::string& host, const std::string& user,
                       const std::string& password, const std::string& sql) const;
  /// What the server says to a login that it refuses; "" when it lets it in.
  std::string refusal(const std::string& endpoint, const std::string& user,
                      const std::string& password) const;
  std::string refusal_at(const std::string& host, const std::string& user,
                         const std::string& password) const;
  /// PostgreSQL processes that work below the folder.
  int postgres_processes() const { return static_cast<int>(postgres_ids().size()); }
  /// Ends them all at once, as nothing but a crash does.
  void kill_postgres() const;
  /// How many copies for restoring the past there are, of all branches together.
  int base_copies() const;

 private:
  std::vector<pid_t> postgres_ids() const;

  std::filesystem::path folder_;
  std::vector<std::string> options_;
  Client client_;
  pid_t pid_ = -1;
  int postgres_port_ = 0;
  std::string network_;
};

/// The value at a dotted path in JSON text, printed.
std::string value_at(const std::string& json, const std::string& path);

/// Waits until `condition` holds, a minute at most; answers whether it does.
bool becomes_true(const std::function<bool()>& condition);

}  // namespace emulator::test
