#include "emulator/postgres/front.h"

#include <arpa/inet.h>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <openssl/crypto.h>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/front_session.h"

namespace emulator {
namespace {

constexpr int kBacklog = 128;
constexpr std::chrono::milliseconds kRest{100};
/// Sessions over the limit that are told so politely; still more are cut off.
constexpr int kPoliteRefusals = 32;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  const bool is_address = inet_pton(AF_INET, address.c_str(), &result.sin_addr) == 1;
  if (!is_address || ntohl(result.sin_addr.s_addr) >> 24 != 127) {
    throw Failure(kInvalidParameter,
                  "\"" + address + "\" is not an address of this machine alone.");
  }
  return result;
}

int listen_on(const std::string& address, std::uint16_t port) {
  const sockaddr_in name = loopback(address, port);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) throw_errno("cannot create a socket");
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      listen(listener, kBacklog) != 0) {
    const int reason = errno;
    ::close(listener);
    throw std::system_error(reason, std::generic_category(),
                            "cannot listen on " + address + ":" + std::to_string(port));
  }
  return listener;
}

}  // namespace

struct Front::Sessions {
  Sessions() : stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stop < 0) throw_errno("cannot create an event descriptor");
  }
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  ~Sessions() { ::close(stop); }

  int begin() {
    const std::lock_guard lock(mutex);
    return ++count;
  }

  void end() {
    const std::lock_guard lock(mutex);
    --count;
    ended.notify_all();
  }

  void end_all() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto bytes = write(stop, &one, sizeof one);
    std::unique_lock lock(mutex);
    ended.wait(lock, [this] { return count == 0; });
  }

  const int stop;
  std::mutex mutex;
  std::condition_variable ended;
  int count = 0;
};

Front::Front(Loop& loop, Gatekeeper& gatekeeper, const std::filesystem::path& data_folder,
             std::uint16_t port, FrontLimits limits)
    : loop_(loop),
      gatekeeper_(gatekeeper),
      authority_(data_folder),
      port_(port),
      limits_(limits),
      sessions_(std::make_shared<Sessions>()) {
  // OpenSSL and libpq write to sockets whose other end may be gone.
  std::signal(SIGPIPE, SIG_IGN);
}

Front::~Front() {
  for (const auto& [listener, rest] : rests_) loop_.cancel(rest);
  for (const auto& [address, listener] : listeners_) {
    loop_.unwatch(listener);
    ::close(listener);
  }
  sessions_->end_all();
}

void Front::open(const std::string& address) {
  if (listeners_.contains(address)) return;
  const int listener = listen_on(address, port_);
  listeners_[address] = listener;
  const TlsContext context = authority_.context_for(address);
  loop_.watch(listener, EPOLLIN, [this, address, listener, context](std::uint32_t) {
    accept(address, listener, context);
  });
}

void Front::close(const std::string& address) {
  const auto found = listeners_.find(address);
  if (found == listeners_.end()) return;
  if (const auto rest = rests_.extract(found->second)) loop_.cancel(rest.mapped());
  loop_.unwatch(found->second);
  ::close(found->second);
  listeners_.erase(found);
}

void Front::accept(const std::string& address, int listener, const TlsContext& context) {
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0 && (errno == EMFILE || errno == ENFILE)) return rest(listener);
  if (client < 0) return;
  const int yes = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  begin(address, client, context);
}

/// Without free descriptors accepting fails at once, for ever: look again a little later.
void Front::rest(int listener) {
  loop_.change(listener, 0);
  rests_[listener] = loop_.after(kRest, [this, listener] {
    rests_.erase(listener);
    loop_.change(listener, EPOLLIN);
  });
}

void Front::begin(const std::string& address, int client, const TlsContext& context) {
  const int count = sessions_->begin();
  if (count > limits_.sessions + kPoliteRefusals) {
    ::close(client);
    sessions_->end();
    return;
  }
  FrontSession session{.loop = loop_,
                       .gatekeeper = gatekeeper_,
                       .limits = limits_,
                       .address = address,
                       .context = context,
                       .client = client,
                       .stop = sessions_->stop,
                       .is_one_too_many = count > limits_.sessions};
  try {
    std::thread([session = std::move(session), sessions = sessions_]() mutable {
      {
        const FrontSession served = std::move(session);
        serve(served);
      }
      // Who waits for the last session may end the program, and finds nothing of it left.
      OPENSSL_thread_stop();
      sessions->end();
    }).detach();
  } catch (const std::system_error&) {  // no more threads
    ::close(client);
    sessions_->end();
  }
}

}  // namespace emulator
