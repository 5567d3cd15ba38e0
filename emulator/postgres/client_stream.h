// A client's socket, which begins in clear text and may become TLS.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "emulator/postgres/authority.h"

struct ssl_st;

namespace emulator {

using Deadline = std::chrono::steady_clock::time_point;

/// Waits until one of `events` holds for `fd`; answers false at the deadline or when `stop`, a
/// descriptor, becomes readable.
bool wait_for(int fd, short events, int stop, Deadline deadline);

class ClientStream {
 public:
  enum class Progress { kSome, kWouldBlock, kEnd, kBroken };

  /// Owns `fd`, which must not block. Waits end early when `stop` becomes readable.
  ClientStream(int fd, int stop);
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;
  ~ClientStream();

  // Each answers false when the client is too slow, gone or speaks nonsense.
  bool start_tls(const TlsContext& context, Deadline deadline);
  bool read_exactly(std::string& bytes, std::size_t count, Deadline deadline);
  bool write_all(std::string_view bytes, Deadline deadline);
  /// Says goodbye, so that the client does not take the end for an attack.
  void end(Deadline deadline);

  /// Replaces `bytes` by what has arrived, up to `limit`.
  Progress read_some(std::string& bytes, std::size_t limit);
  /// Takes off `bytes` what could be sent.
  Progress write_some(std::string_view& bytes);
  /// What the last call that would block waits for, as events of poll.
  short awaited() const { return awaited_; }

  bool is_tls() const { return tls_ != nullptr; }
  int fd() const { return fd_; }

 private:
  Progress tls_progress(int result);
  Progress plain_progress(long result, short event);

  int fd_;
  int stop_;
  short awaited_ = 0;
  TlsContext context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
};

}  // namespace emulator
