// A front with a gatekeeper of the test's choosing, and PostgreSQL clients to try it with.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

#include "emulator/postgres/front.h"
#include "support.h"

namespace emulator::test {

/// Admits whoever knows the token; everybody else must have a password in the cluster.
class TokenGatekeeper : public Gatekeeper {
 public:
  explicit TokenGatekeeper(std::string socket_folder) : socket_folder_(std::move(socket_folder)) {}

  void admit(const LoginAttempt& attempt, Decided decided) override;
  void session_ended(const std::string& endpoint) override;
  std::string awake_socket_folder(const std::string& address) override;

  // For the test's thread.
  int open_sessions() const;
  std::vector<LoginAttempt> attempts() const;

 private:
  std::string socket_folder_;
  mutable std::mutex mutex_;  // the test's thread looks while the loop works
  int open_sessions_ = 0;
  std::vector<LoginAttempt> attempts_;
};

/// One awake branch "br-main" behind a front at `address`.
class FrontWorld {
 public:
  explicit FrontWorld(FrontLimits limits = {});
  FrontWorld(const FrontWorld&) = delete;
  FrontWorld& operator=(const FrontWorld&) = delete;
  ~FrontWorld();

  /// A libpq connection string of user "lakebase_test" with the right token and CA.
  std::string connection(const std::string& rest = "") const;
  std::string ca_file() const { return front_->certificate_file().string(); }

  World world;
  std::string socket_folder;
  std::string address;
  std::unique_ptr<TokenGatekeeper> gatekeeper;

 private:
  std::unique_ptr<Front> front_;
};

/// What libpq answers: the first field, or "ERROR: …".
std::string ask(const std::string& connection, const std::string& statement);

/// Sends raw bytes in clear text and returns all that comes back until the end or `limit`.
std::string raw_exchange(const std::string& address, const std::string& bytes,
                         std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace emulator::test
