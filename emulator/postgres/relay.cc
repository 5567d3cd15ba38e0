#include "emulator/postgres/relay.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace emulator {
namespace {

using Progress = ClientStream::Progress;

constexpr std::size_t kBufferSize = 32768;

Progress progress_of(ssize_t count) {
  if (count > 0) return Progress::kSome;
  if (count == 0) return Progress::kEnd;
  return errno == EAGAIN || errno == EINTR ? Progress::kWouldBlock : Progress::kBroken;
}

void add(short& events, int more) {
  events = static_cast<short>(events | more);
}

class Relay {
 public:
  Relay(ClientStream& client, int server, int stop)
      : client_(client), server_(server), stop_(stop) {}

  void run() {
    while (!is_over_) {
      const bool moved_up = pump_up();
      const bool moved_down = pump_down();
      if (!is_over_ && !moved_up && !moved_down && !wait()) return;
    }
  }

 private:
  /// Client to server; answers whether anything moved.
  bool pump_up() {
    client_events_ = 0;
    server_events_ = 0;
    if (up_.empty() && !client_has_ended_) {
      const Progress progress = client_.read_some(up_buffer_, kBufferSize);
      up_ = up_buffer_;
      if (progress == Progress::kWouldBlock) add(client_events_, client_.awaited());
      if (progress == Progress::kEnd || progress == Progress::kBroken) end_upwards();
    }
    if (up_.empty()) return false;
    const ssize_t count = send(server_, up_.data(), up_.size(), MSG_NOSIGNAL);
    const Progress progress = progress_of(count);
    if (progress == Progress::kSome) up_.remove_prefix(static_cast<std::size_t>(count));
    if (progress == Progress::kWouldBlock) add(server_events_, POLLOUT);
    if (progress == Progress::kBroken) drop_upwards();
    return progress == Progress::kSome;
  }

  /// Server to client; answers whether anything moved.
  bool pump_down() {
    if (down_.empty() && !server_has_ended_) {
      down_buffer_.resize(kBufferSize);
      const ssize_t count = recv(server_, down_buffer_.data(), down_buffer_.size(), 0);
      const Progress progress = progress_of(count);
      down_ =
          std::string_view(down_buffer_).substr(0, count > 0 ? static_cast<std::size_t>(count) : 0);
      if (progress == Progress::kWouldBlock) add(server_events_, POLLIN);
      if (progress == Progress::kEnd || progress == Progress::kBroken) server_has_ended_ = true;
    }
    if (down_.empty()) {
      is_over_ = is_over_ || server_has_ended_;
      return false;
    }
    const Progress progress = client_.write_some(down_);
    if (progress == Progress::kWouldBlock) add(client_events_, client_.awaited());
    if (progress == Progress::kBroken) is_over_ = true;
    return progress == Progress::kSome;
  }

  /// The server still answers what it has got, then ends by itself.
  void end_upwards() {
    client_has_ended_ = true;
    shutdown(server_, SHUT_WR);
  }

  /// The server takes no more, but its last words may wait to be read.
  void drop_upwards() {
    up_ = {};
    client_has_ended_ = true;
  }

  /// A side that nothing is expected of is not watched: its end would keep us awake.
  bool wait() const {
    std::array<pollfd, 3> fds{
        pollfd{
            .fd = client_events_ == 0 ? -1 : client_.fd(), .events = client_events_, .revents = 0},
        pollfd{.fd = server_events_ == 0 ? -1 : server_, .events = server_events_, .revents = 0},
        pollfd{.fd = stop_, .events = POLLIN, .revents = 0}};
    const int count = poll(fds.data(), fds.size(), -1);
    if (count < 0) return errno == EINTR;
    return fds[2].revents == 0;
  }

  ClientStream& client_;
  int server_;
  int stop_;
  std::string up_buffer_;
  std::string down_buffer_;
  std::string_view up_;    // what the server has not taken yet
  std::string_view down_;  // what the client has not taken yet
  short client_events_ = 0;
  short server_events_ = 0;
  bool client_has_ended_ = false;
  bool server_has_ended_ = false;
  bool is_over_ = false;
};

}  // namespace

void relay(ClientStream& client, int server, int stop) {
  Relay(client, server, stop).run();
}

}  // namespace emulator
