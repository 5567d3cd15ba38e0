// A small blocking HTTP client, so that tests see every byte and every cut connection.
#pragma once

#include <cstdint>
#include <string>

namespace emulator::test {

/// A connection to a server on this machine; closed at the end.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void send(const std::string& bytes) const;
  int descriptor() const { return socket_; }
  /// Tells the server that nothing more comes.
  void finish_sending() const;
  /// One answer, head and body, or what came before the server closed.
  std::string receive();
  /// Everything until the server closes.
  std::string receive_all();

 private:
  bool fill();

  int socket_;
  std::string buffer_;
};

struct Answer {
  int status = 0;  ///< 0 when the connection ended without an answer
  std::string body;
};

struct Client {
  std::uint16_t port = 0;
  std::string token;

  Answer call(const std::string& method, const std::string& target,
              const std::string& body = "") const;
};

}  // namespace emulator::test
