// The door from the Postgres front to the REST side: who may connect where.
#pragma once

#include <functional>
#include <string>

namespace emulator {

/// One attempt to log in, as the front received it.
struct LoginAttempt {
  std::string address;  ///< loopback address the client connected to; it names the endpoint
  std::string user;
  std::string password;
};

struct Verdict {
  enum class Kind {
    kAdmitted,       ///< the token is good: pass the client through as this user
    kCheckPassword,  ///< native login: the password must match the role's verifier in the cluster
    kRefused,
  };
  Kind kind = Kind::kRefused;
  std::string sqlstate = {};       ///< of a refusal
  std::string message = {};        ///< of a refusal
  std::string endpoint = {};       ///< name of the endpoint, to be given back to `session_ended`
  std::string socket_folder = {};  ///< where the awake cluster listens
};

/// Decides on logins and wakes endpoints. Called on the loop's thread only.
class Gatekeeper {
 public:
  using Decided = std::function<void(Verdict)>;

  Gatekeeper() = default;
  Gatekeeper(const Gatekeeper&) = delete;
  Gatekeeper& operator=(const Gatekeeper&) = delete;
  virtual ~Gatekeeper() = default;

  /// Checks the attempt and, unless it is refused, wakes the compute before it answers.
  /// Every verdict but a refusal counts as an open session until `session_ended`.
  virtual void admit(const LoginAttempt& attempt, Decided decided) = 0;
  virtual void session_ended(const std::string& endpoint) = 0;
  /// Where a running query of `address` could be cancelled; empty while its compute sleeps.
  virtual std::string awake_socket_folder(const std::string& address) = 0;
};

}  // namespace emulator
