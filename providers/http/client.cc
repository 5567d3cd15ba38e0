#include "providers/http/client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/address_rules.h"
#include "providers/http/connection.h"
#include "providers/http/rate_limit.h"

namespace weir::http {
namespace {

/// A slower answer counts as none.
constexpr long kLeastBytesPerSecond = 100;

/// The headers of a request; wiped, because one of them may be a token.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() {
    for (curl_slist* entry = list_; entry != nullptr; entry = entry->next) {
      explicit_bzero(entry->data, std::strlen(entry->data));
    }
    curl_slist_free_all(list_);
  }

  /// A header with a line break would be two, and a request of its own could follow.
  void add(const std::string& header) {
    if (std::ranges::any_of(header, [](char c) { return c == '\r' || c == '\n' || c == '\0'; })) {
      throw ConfigurationError(fmt::format(
          "the header {} of a request has a line break or a zero byte in its value and is not "
          "sent; correct the setting that it comes from",
          header.substr(0, header.find(':'))));
    }
    list_ = curl_slist_append(list_, header.c_str());
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

/// Keeps a write to a closed connection from ending the program. libcurl leaves that to its caller
/// when it may not touch signals; a mask is this thread's alone.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;
  ~WithoutPipeSignal() {
    const timespec now = {};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_ = {};
  sigset_t before_ = {};
};

/// What the callbacks of one transfer work on.
struct Transfer {
  const ClientOptions& options;
  const Request& request;
  bool is_plain = false;  ///< http, not https
  Answer answer = {};
  std::size_t headers_size = 0;
  Failure stop = Failure::kNone;  ///< why a callback ended it
  int requests = 0;               ///< sent for it so far
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (transfer.answer.body.size() + size * count > transfer.options.body_limit) {
    transfer.stop = Failure::kTooLarge;
    return 0;
  }
  transfer.answer.body.append(bytes, size * count);
  return size * count;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t start = text.find_first_not_of(kSpaces);
  if (start == std::string_view::npos) return "";
  return text.substr(start, text.find_last_not_of(kSpaces) - start + 1);
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  transfer.headers_size += size * count;
  if (transfer.headers_size > transfer.options.headers_limit) {
    transfer.stop = Failure::kHeadersTooLarge;
    return 0;
  }
  const std::string_view line(bytes, size * count);
  // A new status line: what came before was an interim answer, or a proxy's.
  if (line.starts_with("HTTP/")) transfer.answer.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  std::string name(trimmed(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  transfer.answer.headers[name] = trimmed(line.substr(colon + 1));
  return size * count;
}

/// Called with the resolved address, before anything is sent.
curl_socket_t open_socket(void* context, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(context);
  const bool is_allowed =
      transfer.is_plain ? is_loopback(address->addr) : !is_link_local(address->addr);
  if (!is_allowed) {
    transfer.stop = Failure::kForbidden;
    transfer.answer.detail = text_of(address->addr);
    return CURL_SOCKET_BAD;
  }
  // A refusal of an earlier address of the same name is forgotten.
  transfer.stop = Failure::kNone;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Called before each request. The library sends one again by itself when a connection that was
/// kept has closed; whether that may be is not for it to decide.
int allow_request(void* context, char* /*address*/, char* /*local*/, int /*port*/,
                  int /*local_port*/) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (++transfer.requests > 1) {
    transfer.stop = Failure::kLost;
  } else if (transfer.request.may_leave && !transfer.request.may_leave()) {
    transfer.stop = Failure::kWithheld;
  } else {
    return CURL_PREREQFUNC_OK;
  }
  return CURL_PREREQFUNC_ABORT;
}

Failure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Failure::kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Failure::kUnresolved;
    case CURLE_COULDNT_CONNECT:
      return Failure::kUnreachable;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CACERT_BADFILE:
      return Failure::kUntrusted;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
      return Failure::kTls;
    case CURLE_OPERATION_TIMEDOUT:
      return Failure::kTimeout;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Failure::kLost;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Failure::kNotHttp;
    default:
      return Failure::kOther;
  }
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code != CURLE_OK) {
    throw Error(fmt::format("libcurl refuses its option {}: {}", static_cast<int>(option),
                            curl_easy_strerror(code)));
  }
}

long milliseconds_of(Duration duration) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

void set_safety(CURL* handle, const ClientOptions& options, bool is_plain) {
  set(handle, CURLOPT_PROTOCOLS_STR, is_plain ? "http" : "https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PATH_AS_IS, 1L);
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(handle, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(handle, CURLOPT_HTTP09_ALLOWED, 0L);
  // The token is for the workspace, not for a proxy on the way.
  set(handle, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (is_plain) set(handle, CURLOPT_NOPROXY, "*");
  if (!options.authorities.empty()) {
    set(handle, CURLOPT_CAINFO, options.authorities.c_str());
    set(handle, CURLOPT_PROXY_CAINFO, options.authorities.c_str());
  }
}

void set_limits(CURL* handle, const ClientOptions& options, Duration limit) {
  if (limit == Duration::zero() || limit > options.total_limit) limit = options.total_limit;
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(options.connect_limit));
  set(handle, CURLOPT_TIMEOUT_MS, milliseconds_of(limit));
  set(handle, CURLOPT_LOW_SPEED_LIMIT, kLeastBytesPerSecond);
  set(handle, CURLOPT_LOW_SPEED_TIME, milliseconds_of(options.inactivity_limit) / 1000);
}

void set_callbacks(CURL* handle, Transfer& transfer) {
  set(handle, CURLOPT_WRITEFUNCTION, &take_body);
  set(handle, CURLOPT_WRITEDATA, &transfer);
  set(handle, CURLOPT_HEADERFUNCTION, &take_header);
  set(handle, CURLOPT_HEADERDATA, &transfer);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  set(handle, CURLOPT_PREREQFUNCTION, &allow_request);
  set(handle, CURLOPT_PREREQDATA, &transfer);
}

/// Where the path of a URL begins, when all behind it may be sent as it is; else npos.
std::size_t path_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return scheme;
  const std::size_t path = url.find_first_of("/?#", scheme + 3);
  if (path == std::string::npos || url[path] != '/') return std::string::npos;
  const bool is_as_sent = std::all_of(url.begin() + static_cast<std::ptrdiff_t>(path), url.end(),
                                      [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
  return is_as_sent ? path : std::string::npos;
}

/// The library takes a URL apart and puts it together again, which is a third of its work for a
/// request: it gets no more of it than it needs.
void set_address(CURL* handle, const std::string& url) {
  const std::size_t path = path_of(url);
  set(handle, CURLOPT_URL, url.substr(0, path).c_str());
  if (path != std::string::npos) set(handle, CURLOPT_REQUEST_TARGET, url.c_str() + path);
}

void set_request(CURL* handle, const Request& request, HeaderList& headers) {
  set_address(handle, request.url);
  set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  for (const std::string& header : request.headers) headers.add(header);
  if (!request.authorization.is_empty()) {
    std::string header = "Authorization: " + request.authorization.reveal();
    headers.add(header);
    Secret::wipe(header);
  }
  if (!request.content_type.empty()) {
    headers.add("Content-Type: " + request.content_type);
    // Without this, a larger body waits for a "100 Continue" that few servers send.
    headers.add("Expect:");
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
    set(handle, CURLOPT_POSTFIELDS, request.body.reveal().c_str());
  }
  set(handle, CURLOPT_HTTPHEADER, headers.get());
}

void start_library() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error("libcurl does not start");
  const curl_version_info_data& version = *curl_version_info(CURLVERSION_NOW);
  constexpr unsigned kLeastVersion = 0x075800;  // 7.88
  if (version.version_num < kLeastVersion) {
    throw ConfigurationError(
        fmt::format("libcurl {} is too old to be safe: weir needs 7.88 or later", version.version));
  }
}

}  // namespace

struct Client::Pool {
  std::unique_ptr<Connection> take() {
    auto connection = idle.with([](auto& connections) {
      if (connections.empty()) return std::unique_ptr<Connection>();
      auto last = std::move(connections.back());
      connections.pop_back();
      return last;
    });
    if (connection == nullptr) connection = std::make_unique<Connection>();
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    curl_easy_reset(connection->handle());
    idle.with([&](auto& connections) { connections.push_back(std::move(connection)); });
  }

  Guarded<std::vector<std::unique_ptr<Connection>>> idle;
};

Client::Client(ClientOptions options) : options_(std::move(options)) {
  start_library();
  pool_ = std::make_unique<Pool>();
  if (!options_.authorities.empty() && access(options_.authorities.c_str(), R_OK) != 0) {
    throw ConfigurationError(fmt::format(
        "the file of trusted certificates {} cannot be read; correct or unset SSL_CERT_FILE, "
        "CURL_CA_BUNDLE or REQUESTS_CA_BUNDLE",
        options_.authorities));
  }
}

Client::~Client() {
  // Closing says goodbye to servers that may be gone.
  const WithoutPipeSignal without_signal;
  pool_.reset();
}

Answer Client::send(const Request& request) {
  Transfer transfer = {
      .options = options_, .request = request, .is_plain = request.url.starts_with("http://")};
  HeaderList headers;
  std::array<char, CURL_ERROR_SIZE> error_text = {};
  const WithoutPipeSignal without_signal;
  auto connection = pool_->take();
  CURL* handle = connection->handle();
  set_safety(handle, options_, transfer.is_plain);
  set_limits(handle, options_, request.limit);
  set_callbacks(handle, transfer);
  set_request(handle, request, headers);
  set(handle, CURLOPT_ERRORBUFFER, error_text.data());
  const CURLcode code = connection->perform();
  Answer& answer = transfer.answer;
  long status = 0;
  long sent = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
  pool_->give_back(std::move(connection));
  answer.status = static_cast<int>(status);
  if (code == CURLE_OK) return std::move(answer);
  answer.failure = transfer.stop != Failure::kNone ? transfer.stop : failure_of(code);
  // Time ran out while connecting: that is no slow answer, and seldom mends itself.
  if (answer.failure == Failure::kTimeout && sent == 0) answer.failure = Failure::kUnreachable;
  // Half an answer is none.
  answer.body.clear();
  answer.status = 0;
  if (answer.detail.empty()) {
    answer.detail = error_text[0] != '\0' ? error_text.data() : curl_easy_strerror(code);
  }
  return std::move(answer);
}

}  // namespace weir::http
