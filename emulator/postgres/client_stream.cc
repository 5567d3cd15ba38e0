#include "emulator/postgres/client_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace emulator {

bool wait_for(int fd, short events, int stop, Deadline deadline) {
  using std::chrono::milliseconds;
  for (;;) {
    const auto left =
        std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 2> fds{pollfd{.fd = fd, .events = events, .revents = 0},
                              pollfd{.fd = stop, .events = POLLIN, .revents = 0}};
    const int count = poll(fds.data(), fds.size(), static_cast<int>(std::min<long>(left, 1 << 30)));
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) return fds[1].revents == 0;
  }
}

ClientStream::ClientStream(int fd, int stop) : fd_(fd), stop_(stop), tls_(nullptr, SSL_free) {}

ClientStream::~ClientStream() {
  tls_.reset();
  close(fd_);
}

bool ClientStream::start_tls(const TlsContext& context, Deadline deadline) {
  context_ = context;
  tls_.reset(SSL_new(context.get()));
  if (tls_ == nullptr || SSL_set_fd(tls_.get(), fd_) != 1) return false;
  for (;;) {
    ERR_clear_error();
    const Progress progress = tls_progress(SSL_accept(tls_.get()));
    if (progress == Progress::kSome) return true;
    if (progress != Progress::kWouldBlock || !wait_for(fd_, awaited_, stop_, deadline))
      return false;
  }
}

bool ClientStream::read_exactly(std::string& bytes, std::size_t count, Deadline deadline) {
  bytes.clear();
  std::string part;
  while (bytes.size() < count) {
    const Progress progress = read_some(part, count - bytes.size());
    if (progress == Progress::kSome) {
      bytes += part;
    } else if (progress != Progress::kWouldBlock || !wait_for(fd_, awaited_, stop_, deadline)) {
      return false;
    }
  }
  return true;
}

bool ClientStream::write_all(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const Progress progress = write_some(bytes);
    if (progress == Progress::kSome) continue;
    if (progress != Progress::kWouldBlock || !wait_for(fd_, awaited_, stop_, deadline))
      return false;
  }
  return true;
}

void ClientStream::end(Deadline deadline) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  shutdown(fd_, SHUT_WR);
  // Unread input would turn our close into a reset, and the client would lose our last words.
  std::string rest;
  std::size_t drained = 0;
  constexpr std::size_t kMostDrained = 1 << 20;
  while (drained < kMostDrained && wait_for(fd_, POLLIN, stop_, deadline)) {
    std::array<char, 4096> buffer{};
    const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    drained += static_cast<std::size_t>(count);
  }
}

ClientStream::Progress ClientStream::read_some(std::string& bytes, std::size_t limit) {
  bytes.resize(limit);
  Progress progress = Progress::kBroken;
  long count = 0;
  if (tls_ != nullptr) {
    ERR_clear_error();
    count = SSL_read(tls_.get(), bytes.data(), static_cast<int>(limit));
    progress = tls_progress(static_cast<int>(count));
  } else {
    count = recv(fd_, bytes.data(), limit, 0);
    progress = plain_progress(count, POLLIN);
  }
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return progress;
}

ClientStream::Progress ClientStream::write_some(std::string_view& bytes) {
  if (bytes.empty()) return Progress::kSome;
  Progress progress = Progress::kBroken;
  long count = 0;
  if (tls_ != nullptr) {
    ERR_clear_error();
    constexpr std::size_t kMost = 1 << 20;
    count = SSL_write(tls_.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMost)));
    progress = tls_progress(static_cast<int>(count));
  } else {
    count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    progress = plain_progress(count, POLLOUT);
  }
  if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  return progress;
}

ClientStream::Progress ClientStream::tls_progress(int result) {
  if (result > 0) return Progress::kSome;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      awaited_ = POLLIN;
      return Progress::kWouldBlock;
    case SSL_ERROR_WANT_WRITE:
      awaited_ = POLLOUT;
      return Progress::kWouldBlock;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::kEnd;
    default:
      return Progress::kBroken;
  }
}

ClientStream::Progress ClientStream::plain_progress(long result, short event) {
  if (result > 0) return Progress::kSome;
  if (result == 0) return Progress::kEnd;
  if (errno != EAGAIN && errno != EINTR) return Progress::kBroken;
  awaited_ = event;
  return Progress::kWouldBlock;
}

}  // namespace emulator
