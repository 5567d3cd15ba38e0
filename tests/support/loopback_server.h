// A small server on this machine that answers what a test tells it, however wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace weir::test {

/// The server's end of one connection.
class Peer {
 public:
  Peer(int socket, ssl_st* tls) : socket_(socket), tls_(tls) {}

  /// One request, head and body; "" when the client closed.
  std::string read_request();
  /// What comes next, of any form; "" when the client closed.
  std::string read_some();
  /// Answers whether the client still takes bytes.
  bool send(const std::string& bytes);

 private:
  int socket_;
  ssl_st* tls_;
  std::string buffer_;
};

/// Calls `session` in a thread for each connection and closes it afterwards.
class LoopbackServer {
 public:
  using Session = std::function<void(Peer&)>;

  explicit LoopbackServer(Session session) : LoopbackServer(std::move(session), "") {}
  /// With TLS; `certificate` is a PEM file with a certificate and its key.
  LoopbackServer(Session session, const std::string& certificate);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  /// "http://127.0.0.1:54321".
  std::string url() const;
  std::uint16_t port() const { return port_; }

 private:
  void accept_all();
  void serve(int socket);

  Session session_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> sessions_;
  std::thread acceptor_;  // last: it uses the members above
};

/// Gives each request the next of `answers`, and the last one to all that follow; keeps requests.
class Script {
 public:
  explicit Script(std::vector<std::string> answers) : answers_(std::move(answers)) {}

  void operator()(Peer& peer);
  std::vector<std::string> requests();

 private:
  std::mutex mutex_;
  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
};

/// A whole answer with its length, after which the connection is closed.
std::string answer(int status, const std::string& body, const std::string& headers = "");
/// Makes a self-signed certificate with its key, in one PEM file; for 127.0.0.1 or what else is
/// named as OpenSSL names it.
void write_certificate(const std::string& file, const std::string& subject = "IP:127.0.0.1");

}  // namespace weir::test
