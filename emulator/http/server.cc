#include "emulator/http/server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr rlim_t kMostPeers = 4096;
constexpr std::size_t kMostDrainedBytes = std::size_t{64} * 1024 * 1024;
constexpr std::chrono::seconds kRequestTime{20};
constexpr std::chrono::seconds kIdleTime{300};

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

SocketAddress to_socket_address(const ListenAddress& address) {
  SocketAddress result{};
  if (address.host.find(':') != std::string::npos) {
    result.v6.sin6_family = AF_INET6;
    result.v6.sin6_port = htons(address.port);
    if (inet_pton(AF_INET6, address.host.c_str(), &result.v6.sin6_addr) == 1) return result;
  } else {
    result.v4.sin_family = AF_INET;
    result.v4.sin_port = htons(address.port);
    if (inet_pton(AF_INET, address.host.c_str(), &result.v4.sin_addr) == 1) return result;
  }
  throw std::invalid_argument(fmt::format(
      "--listen {}: the host must be an IP address, for example 127.0.0.1:8765", address.host));
}

socklen_t size_of(const SocketAddress& address) {
  return address.any.sa_family == AF_INET6 ? sizeof address.v6 : sizeof address.v4;
}

int listen_on(const ListenAddress& address) {
  const SocketAddress target = to_socket_address(address);
  const int listener = socket(target.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (listener < 0 || bind(listener, &target.any, size_of(target)) != 0 ||
      listen(listener, 512) != 0) {
    const int error = errno;
    if (listener >= 0) close(listener);
    throw std::system_error(error, std::generic_category(),
                            fmt::format("cannot listen on {}:{} (--listen chooses another)",
                                        address.host, address.port));
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  SocketAddress bound{};
  socklen_t size = sizeof bound;
  getsockname(listener, &bound.any, &size);
  return ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}

/// At most half of the descriptors: the endpoints' listeners, the sessions and the files need some.
std::size_t most_peers() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMostPeers;
  return std::clamp<rlim_t>(limit.rlim_cur / 2, 1, kMostPeers);
}

}  // namespace

ListenAddress parse_listen_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  ListenAddress result;
  if (colon != std::string::npos) {
    result.host = text.substr(0, colon);
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, result.port);
    if (parsed.ec == std::errc{} && parsed.ptr == end) {
      if (result.host.size() > 2 && result.host.front() == '[' && result.host.back() == ']') {
        result.host = result.host.substr(1, result.host.size() - 2);
      }
      to_socket_address(result);
      return result;
    }
  }
  throw std::invalid_argument(
      fmt::format("--listen {}: expected ADDRESS:PORT, for example 127.0.0.1:8765", text));
}

bool is_loopback(const ListenAddress& address) {
  const SocketAddress target = to_socket_address(address);
  if (target.any.sa_family == AF_INET6) return IN6_IS_ADDR_LOOPBACK(&target.v6.sin6_addr) != 0;
  return (ntohl(target.v4.sin_addr.s_addr) >> 24) == 127;
}

/// One client connection. It reads a request, waits for the answer, writes it, and reads the next.
struct HttpServer::Peer {
  enum class Phase { kReading, kAnswering, kDraining, kClosed };

  int socket = -1;
  Phase phase = Phase::kReading;
  std::string input = {};
  std::string output = {};
  std::size_t written = 0;
  std::size_t drained = 0;
  bool keep_alive = true;
  bool close_after_output = false;
  bool said_continue = false;
  bool has_ended = false;  ///< the client will send nothing more
  Loop::TimerId timer = 0;
};

HttpServer::HttpServer(Loop& loop, const ListenAddress& address, HttpLimits limits, Handler handler)
    : loop_(loop),
      limits_(limits),
      handler_(std::move(handler)),
      most_peers_(most_peers()),
      listener_(listen_on(address)) {
  port_ = port_of(listener_);
  loop_.watch(listener_, EPOLLIN, [this](std::uint32_t) { accept_all(); });
}

HttpServer::~HttpServer() {
  loop_.unwatch(listener_);
  close(listener_);
  while (!peers_.empty()) drop(*peers_.begin()->second);
}

void HttpServer::accept_all() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0 && (errno == EMFILE || errno == ENFILE)) return rest();
    if (socket < 0) return;
    if (peers_.size() >= most_peers_) make_room();
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto peer = std::make_shared<Peer>();
    peer->socket = socket;
    peers_[socket] = peer;
    loop_.watch(socket, EPOLLIN, [this, peer](std::uint32_t events) { ready(peer, events); });
    watch_clock(peer, kRequestTime);
  }
}

/// Drops a connection that waits for nothing, so that new clients are served.
void HttpServer::make_room() {
  for (const auto& [socket, peer] : peers_) {
    if (peer->phase == Peer::Phase::kReading && peer->output.empty()) return drop(*peer);
  }
}

/// Without free descriptors accepting fails at once, for ever: look again a little later.
void HttpServer::rest() {
  loop_.change(listener_, 0);
  loop_.after(std::chrono::milliseconds(100), [this] { loop_.change(listener_, EPOLLIN); });
}

void HttpServer::ready(const std::shared_ptr<Peer>& peer, std::uint32_t events) {
  if (peer->phase == Peer::Phase::kClosed) return;
  if ((events & EPOLLERR) != 0) return drop(*peer);
  if ((events & (EPOLLIN | EPOLLHUP)) != 0 && !receive(*peer)) return drop(*peer);
  go_on(peer);
}

/// Looks at what has arrived, and closes when a client that sends no more has all its answers.
void HttpServer::go_on(const std::shared_ptr<Peer>& peer) {
  if (peer->phase == Peer::Phase::kReading) take_requests(peer);
  if (peer->phase == Peer::Phase::kReading && peer->has_ended) peer->close_after_output = true;
  if (peer->phase != Peer::Phase::kClosed) flush(peer);
}

/// Takes what has arrived. False when the connection is of no use any more.
bool HttpServer::receive(Peer& peer) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t count = recv(peer.socket, buffer.data(), buffer.size(), 0);
    if (count == 0) {
      peer.has_ended = true;
      loop_.change(peer.socket, 0);
      return peer.phase != Peer::Phase::kDraining;
    }
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (peer.phase == Peer::Phase::kDraining) {
      peer.drained += static_cast<std::size_t>(count);
      if (peer.drained > kMostDrainedBytes) return false;
      continue;
    }
    peer.input.append(buffer.data(), static_cast<std::size_t>(count));
    if (!is_read(peer)) {
      loop_.change(peer.socket, 0);
      return true;
    }
  }
}

/// A client may send ahead while it waits for an answer; beyond this it is read no further until
/// it has one.
bool HttpServer::is_read(const Peer& peer) const {
  return !peer.has_ended && peer.input.size() <= limits_.head_bytes + 2 * limits_.body_bytes;
}

void HttpServer::take_requests(const std::shared_ptr<Peer>& peer) {
  while (peer->phase == Peer::Phase::kReading && !peer->input.empty()) {
    Reading reading = read_request(peer->input, limits_);
    if (const auto* problem = std::get_if<Malformed>(&reading)) return refuse(peer, *problem);
    if (const auto* more = std::get_if<NeedMore>(&reading)) {
      if (more->wants_continue && !peer->said_continue) {
        peer->said_continue = true;
        peer->output += "HTTP/1.1 100 Continue\r\n\r\n";
      }
      return;
    }
    auto& received = std::get<Received>(reading);
    peer->input.erase(0, received.bytes);
    peer->keep_alive = received.keep_alive;
    peer->said_continue = false;
    peer->phase = Peer::Phase::kAnswering;
    loop_.cancel(peer->timer);
    handler_(std::move(received.request),
             [this, weak = std::weak_ptr(peer)](const Response& response) {
               const auto alive = weak.lock();
               if (alive && alive->phase == Peer::Phase::kAnswering) answer(alive, response);
             });
  }
}

void HttpServer::answer(const std::shared_ptr<Peer>& peer, const Response& response) {
  if (response.fate == Fate::kLose) return drop(*peer);
  const bool is_last = peer->has_ended && peer->input.empty();
  const bool keep_alive = peer->keep_alive && !is_last && response.fate == Fate::kDeliver;
  std::string bytes = serialize(response, keep_alive ? Connection::kKeepAlive : Connection::kClose);
  if (response.fate == Fate::kCutHalfway) bytes.resize(bytes.size() - response.body.size() / 2 - 1);
  peer->output += bytes;
  peer->close_after_output = !keep_alive;
  peer->phase = Peer::Phase::kReading;
  watch_clock(peer, kIdleTime);
  // The rest of a pipelined input is looked at from the loop, not from here, so that a client
  // that sends many requests at once cannot make the stack deep.
  if (!peer->input.empty() && keep_alive) {
    loop_.post([this, peer] { go_on(peer); });
  }
  flush(peer);
}

/// Answers what cannot be read, then drains what still arrives: closing at once would reset the
/// connection and the client would lose the answer.
void HttpServer::refuse(const std::shared_ptr<Peer>& peer, const Malformed& problem) {
  const nlohmann::ordered_json body = {
      {"error_code", problem.status == 413 ? "BAD_REQUEST" : "MALFORMED_REQUEST"},
      {"message", fmt::format("The request cannot be read: {}.", problem.reason)}};
  peer->phase = Peer::Phase::kDraining;
  peer->input.clear();
  peer->close_after_output = true;
  peer->output += serialize({.status = problem.status, .body = body.dump()}, Connection::kClose);
}

void HttpServer::flush(const std::shared_ptr<Peer>& peer) {
  const std::uint32_t reading = is_read(*peer) ? std::uint32_t{EPOLLIN} : 0U;
  while (peer->written < peer->output.size()) {
    const ssize_t count = send(peer->socket, peer->output.data() + peer->written,
                               peer->output.size() - peer->written, MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) return loop_.change(peer->socket, reading | EPOLLOUT);
    if (count < 0) return drop(*peer);
    peer->written += static_cast<std::size_t>(count);
  }
  peer->output.clear();
  peer->written = 0;
  if (!peer->close_after_output) return loop_.change(peer->socket, reading);
  if (peer->phase != Peer::Phase::kDraining) return drop(*peer);
  shutdown(peer->socket, SHUT_WR);
  peer->close_after_output = false;
  loop_.change(peer->socket, EPOLLIN);
}

/// Closes the connection unless it makes progress within `limit`.
void HttpServer::watch_clock(const std::shared_ptr<Peer>& peer, std::chrono::seconds limit) {
  loop_.cancel(peer->timer);
  peer->timer = loop_.after(limit, [this, weak = std::weak_ptr(peer)] {
    const auto alive = weak.lock();
    if (alive && alive->phase != Peer::Phase::kClosed) drop(*alive);
  });
}

void HttpServer::drop(Peer& peer) {
  if (peer.phase == Peer::Phase::kClosed) return;
  peer.phase = Peer::Phase::kClosed;
  loop_.cancel(peer.timer);
  loop_.unwatch(peer.socket);
  close(peer.socket);
  const int socket = peer.socket;
  peers_.erase(socket);
}

}  // namespace emulator
