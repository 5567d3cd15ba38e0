// The doors for PostgreSQL clients: one loopback address for each endpoint.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "emulator/gatekeeper.h"
#include "emulator/loop.h"
#include "emulator/postgres/authority.h"

namespace emulator {

struct FrontLimits {
  int sessions = 500;
  std::chrono::milliseconds handshake = std::chrono::seconds(10);
  std::chrono::milliseconds wake = std::chrono::seconds(150);
};

/// Accepts on the loop's thread; each session runs on a thread of its own.
class Front {
 public:
  /// Keeps its authority in `data_folder`. The gatekeeper and the loop must outlive the front, the
  /// gatekeeper also what the front has posted to the loop.
  Front(Loop& loop, Gatekeeper& gatekeeper, const std::filesystem::path& data_folder,
        std::uint16_t port, FrontLimits limits = {});
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;
  /// Ends all sessions.
  ~Front();

  /// The file that clients name as `sslrootcert`.
  const std::filesystem::path& certificate_file() const { return authority_.certificate_file(); }

  /// Listens on `address`, which must lie in 127.0.0.0/8. Throws a Failure or a system error.
  void open(const std::string& address);
  /// Stops listening; sessions go on until their cluster stops.
  void close(const std::string& address);

 private:
  struct Sessions;

  void accept(const std::string& address, int listener, const TlsContext& context);
  void rest(int listener);
  void begin(const std::string& address, int client, const TlsContext& context);

  Loop& loop_;
  Gatekeeper& gatekeeper_;
  Authority authority_;
  std::uint16_t port_;
  FrontLimits limits_;
  std::map<std::string, int> listeners_;
  std::map<int, Loop::TimerId> rests_;  // by listener
  std::shared_ptr<Sessions> sessions_;  // shared with the threads, which may be the last to leave
};

}  // namespace emulator
