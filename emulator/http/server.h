// The HTTP/1.1 server: one listener on the loop, keep-alive, limits, and answers given later.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "emulator/http/message.h"
#include "emulator/loop.h"

namespace emulator {

struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8765;
};

/// "127.0.0.1:8765" or "[::1]:8765"; throws std::invalid_argument that says what is wrong.
ListenAddress parse_listen_address(const std::string& text);
bool is_loopback(const ListenAddress& address);

class HttpServer {
 public:
  /// Listens at once; throws std::system_error when the address cannot be had.
  HttpServer(Loop& loop, const ListenAddress& address, HttpLimits limits, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// The port in use, also when port 0 was asked for.
  std::uint16_t port() const { return port_; }

 private:
  struct Peer;

  void accept_all();
  void make_room();
  void rest();
  void ready(const std::shared_ptr<Peer>& peer, std::uint32_t events);
  void go_on(const std::shared_ptr<Peer>& peer);
  bool receive(Peer& peer);
  bool is_read(const Peer& peer) const;
  void take_requests(const std::shared_ptr<Peer>& peer);
  void answer(const std::shared_ptr<Peer>& peer, const Response& response);
  void refuse(const std::shared_ptr<Peer>& peer, const Malformed& problem);
  void flush(const std::shared_ptr<Peer>& peer);
  void watch_clock(const std::shared_ptr<Peer>& peer, std::chrono::seconds limit);
  void drop(Peer& peer);

  Loop& loop_;
  HttpLimits limits_;
  Handler handler_;
  std::size_t most_peers_;
  int listener_;
  std::uint16_t port_ = 0;
  std::map<int, std::shared_ptr<Peer>> peers_;
};

}  // namespace emulator
