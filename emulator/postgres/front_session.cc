#include "emulator/postgres/front_session.h"

#include <cstring>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/password.h"
#include "emulator/postgres/relay.h"
#include "emulator/postgres/server_message.h"

namespace emulator {
namespace {

constexpr std::size_t kLongestPassword = 16384;
constexpr std::chrono::seconds kGoodbye{2};

Deadline in(std::chrono::milliseconds span) {
  return std::chrono::steady_clock::now() + span;
}

/// Thrown to end a session with a word to the client.
struct Refusal {
  std::string sqlstate;
  std::string message;
};

/// Thrown to end a session whose client is gone, too slow or not a PostgreSQL client.
struct Silence {};

/// The gatekeeper's answer on its way from the loop to the waiting session.
class Answer {
 public:
  Answer() : arrived_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { close(arrived_); }

  /// Answers false when nobody waits any more.
  bool give(Verdict verdict) {
    const std::lock_guard lock(mutex_);
    if (is_abandoned_) return false;
    verdict_ = std::move(verdict);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto bytes = write(arrived_, &one, sizeof one);
    return true;
  }

  std::optional<Verdict> await(int stop, Deadline deadline) {
    wait_for(arrived_, POLLIN, stop, deadline);
    const std::lock_guard lock(mutex_);
    is_abandoned_ = !verdict_.has_value();
    return verdict_;
  }

 private:
  int arrived_;
  std::mutex mutex_;
  bool is_abandoned_ = false;
  std::optional<Verdict> verdict_;
};

int connect_to(const std::string& socket_folder) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string path = socket_folder + "/.s.PGSQL.5432";
  if (path.size() >= sizeof name.sun_path) return -1;
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server < 0) return -1;
  if (connect(server, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0) return server;
  close(server);
  return -1;
}

bool send_all(int server, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(server, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

class Conversation {
 public:
  explicit Conversation(const FrontSession& session)
      : session_(session),
        client_(session.client, session.stop),
        deadline_(in(session.limits.handshake)) {}

  void hold() {
    try {
      const std::optional<StartupMessage> startup = receive_startup();
      if (!startup) return;
      if (session_.is_one_too_many) throw Refusal{"53300", "sorry, too many clients already"};
      log_in(*startup);
    } catch (const Refusal& refusal) {
      client_.write_all(fatal_error(refusal.sqlstate, refusal.message), in(kGoodbye));
    } catch (const Silence&) {
      return;
    }
    client_.end(in(kGoodbye));
  }

 private:
  /// Nothing when the connection only served to cancel a query.
  std::optional<StartupMessage> receive_startup() {
    for (;;) {
      const Startup startup = parse_startup(receive_packet());
      if (const auto* message = std::get_if<StartupMessage>(&startup)) {
        if (client_.is_tls()) return *message;
        throw Refusal{"28000", "connection requires TLS: use sslmode=require or verify-full"};
      }
      if (const auto* malformed = std::get_if<MalformedStartup>(&startup)) {
        throw Refusal{malformed->sqlstate, malformed->message};
      }
      if (const auto* cancel = std::get_if<CancelRequest>(&startup)) {
        forward(*cancel);
        return std::nullopt;
      }
      answer(std::holds_alternative<TlsRequest>(startup) ? Encryption::kTls : Encryption::kGss);
    }
  }

  enum class Encryption { kTls, kGss };

  void answer(Encryption asked_for) {
    const bool is_tls = asked_for == Encryption::kTls;
    if (client_.is_tls() || (!is_tls && has_asked_for_gss_)) {
      throw Refusal{"08P01", "unexpected request for encryption"};
    }
    if (!client_.write_all(is_tls ? "S" : "N", deadline_)) throw Silence();
    if (!is_tls) has_asked_for_gss_ = true;
    // Bytes sent ahead of the handshake are read as part of it, so nobody can slip any in.
    if (is_tls && !client_.start_tls(session_.context, deadline_)) throw Silence();
  }

  std::string receive_packet() {
    const std::string head = receive(4);
    const std::uint32_t length = announced_length(head);
    if (length < kShortestStartup || length > kLongestStartup) {
      throw Refusal{"08P01", "invalid length of startup packet"};
    }
    return head + receive(length - 4);
  }

  std::string receive(std::size_t count) {
    std::string bytes;
    if (!client_.read_exactly(bytes, count, deadline_)) throw Silence();
    return bytes;
  }

  void forward(const CancelRequest& cancel) {
    const auto folder =
        on_loop<std::string>([&gatekeeper = session_.gatekeeper, address = session_.address] {
          return gatekeeper.awake_socket_folder(address);
        });
    if (!folder || folder->empty()) return;
    const int server = connect_to(*folder);
    if (server < 0) return;
    // The server closes when the signal is sent; the client's library waits for our close.
    if (send_all(server, cancel.bytes)) wait_for(server, POLLIN, session_.stop, deadline_);
    close(server);
  }

  template <typename Value>
  std::optional<Value> on_loop(std::function<Value()> question) {
    struct Reply {
      Answer arrived;
      Value value;
    };
    const auto reply = std::make_shared<Reply>();  // the loop may answer after we have left
    session_.loop.post([reply, question = std::move(question)] {
      reply->value = question();
      reply->arrived.give({});
    });
    if (!reply->arrived.await(session_.stop, deadline_)) return std::nullopt;
    return reply->value;
  }

  void log_in(const StartupMessage& startup) {
    if (startup.minor_version > 0 || !startup.protocol_options.empty()) {
      if (!client_.write_all(negotiate_version(startup.protocol_options), deadline_)) {
        throw Silence();
      }
    }
    const std::string password = receive_password();
    // The internal superuser is nobody's role, whatever the gatekeeper thinks.
    if (startup.user == kInternalUser) throw wrong_password(startup.user);
    const Verdict verdict = ask({session_.address, startup.user, password});
    if (verdict.kind == Verdict::Kind::kRefused) throw Refusal{verdict.sqlstate, verdict.message};
    const Ended ended{session_, verdict.endpoint};
    if (verdict.kind == Verdict::Kind::kCheckPassword) {
      check_password(verdict, startup.user, password);
    }
    pass_through(verdict, startup);
  }

  /// Tells the gatekeeper, however the session ends.
  struct Ended {
    const FrontSession& session;
    std::string endpoint;
    ~Ended() {
      session.loop.post(
          [&gatekeeper = session.gatekeeper, name = endpoint] { gatekeeper.session_ended(name); });
    }
  };

  static Refusal wrong_password(const std::string& user) {
    return {"28P01", "password authentication failed for user \"" + user + "\""};
  }

  std::string receive_password() {
    if (!client_.write_all(ask_for_password(), deadline_)) throw Silence();
    const std::string head = receive(5);
    const std::uint32_t length = announced_length(std::string_view(head).substr(1));
    if (head[0] != 'p') throw Refusal{"08P01", "expected password response"};
    if (length < 5 || length > kLongestPassword)
      throw Refusal{"08P01", "invalid password packet size"};
    std::string password = receive(length - 4);
    if (password.find('\0') != password.size() - 1) {
      throw Refusal{"08P01", "invalid password packet"};
    }
    password.pop_back();
    if (password.empty()) throw Refusal{"28P01", "empty password returned by client"};
    return password;
  }

  Verdict ask(const LoginAttempt& attempt) {
    const auto answer = std::make_shared<Answer>();  // the loop may answer after we have left
    Gatekeeper& gatekeeper = session_.gatekeeper;
    session_.loop.post([answer, attempt, &gatekeeper] {
      gatekeeper.admit(attempt, [answer, &gatekeeper](const Verdict& verdict) {
        const bool is_open = verdict.kind != Verdict::Kind::kRefused;
        if (!answer->give(verdict) && is_open) gatekeeper.session_ended(verdict.endpoint);
      });
    });
    const auto verdict = answer->await(session_.stop, in(session_.limits.wake));
    if (!verdict) throw Refusal{"57P03", "the compute did not start in time, try again"};
    return *verdict;
  }

  static void check_password(const Verdict& verdict, const std::string& user,
                             const std::string& password) {
    bool is_right = false;
    try {
      is_right = may_log_in(verdict.socket_folder, user, password);
    } catch (const Failure&) {
      throw Refusal{"57P03", "the compute cannot check the password, try again"};
    }
    if (!is_right) throw wrong_password(user);
  }

  void pass_through(const Verdict& verdict, const StartupMessage& startup) {
    const int server = connect_to(verdict.socket_folder);
    if (server < 0) throw Refusal{"57P03", "the compute is not reachable, try again"};
    if (send_all(server, startup_bytes(startup)) && fcntl(server, F_SETFL, O_NONBLOCK) == 0) {
      relay(client_, server, session_.stop);
    }
    close(server);
  }

  const FrontSession& session_;
  ClientStream client_;
  Deadline deadline_;
  bool has_asked_for_gss_ = false;
};

}  // namespace

void serve(const FrontSession& session) {
  try {
    Conversation(session).hold();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): out of memory, sockets, …
    // Only this session ends.
  }
}

}  // namespace emulator
