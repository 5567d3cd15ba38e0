// Requests over HTTP with libcurl: blocking, from any thread, with limits on everything that a
// server could send.
#pragma once

#include <cstddef>
#include <memory>

#include "core/units.h"
#include "providers/http/message.h"

namespace weir::http {

struct ClientOptions {
  Duration connect_limit = std::chrono::seconds(10);
  Duration inactivity_limit = std::chrono::seconds(60);  ///< whole seconds
  Duration total_limit = std::chrono::minutes(5);
  std::size_t body_limit = 64UL << 20U;
  std::size_t headers_limit = 64UL << 10U;
  std::string authorities = {};  ///< file of trusted certificates; the system's when empty
};

/// Follows no redirects, keeps no cookies, reads no .netrc, asks for no compression, verifies every
/// certificate, and speaks plain HTTP with loopback addresses only.
class Client {
 public:
  explicit Client(ClientOptions options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// Sends one request once. What goes wrong is in the answer.
  Answer send(const Request& request);

 private:
  struct Pool;

  ClientOptions options_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace weir::http
