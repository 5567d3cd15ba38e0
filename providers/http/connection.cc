#include "providers/http/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

void check(CURLMcode code) {
  if (code == CURLM_OK) return;
  throw Error(fmt::format("libcurl cannot carry out a request: {}", curl_multi_strerror(code)));
}

int events_of(short ready) {
  const unsigned bits = static_cast<unsigned short>(ready);
  int events = 0;
  if ((bits & (POLLIN | POLLHUP)) != 0) events |= CURL_CSELECT_IN;
  if ((bits & POLLOUT) != 0) events |= CURL_CSELECT_OUT;
  if ((bits & (POLLERR | POLLNVAL)) != 0) events |= CURL_CSELECT_ERR;
  return events;
}

}  // namespace

Connection::Connection() : multi_(curl_multi_init()), easy_(curl_easy_init()) {
  if (multi_ == nullptr || easy_ == nullptr) throw Error("libcurl has no memory for a request");
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &watch));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &set_timer));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this));
}

int Connection::watch(CURL* /*handle*/, curl_socket_t socket, int what, void* context,
                      void* /*unused*/) {
  std::vector<pollfd>& watched = static_cast<Connection*>(context)->watched_;
  auto entry = std::ranges::find(watched, socket, &pollfd::fd);
  if (what == CURL_POLL_REMOVE) {
    if (entry != watched.end()) watched.erase(entry);
    return 0;
  }
  if (entry == watched.end()) entry = watched.insert(watched.end(), pollfd{socket, 0, 0});
  const bool reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  entry->events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
  return 0;
}

int Connection::set_timer(CURLM* /*multi*/, long milliseconds, void* context) {
  static_cast<Connection*>(context)->timer_ = milliseconds;
  return 0;
}

void Connection::act(curl_socket_t socket, int events) {
  check(curl_multi_socket_action(multi_.get(), socket, events, &running_));
}

/// Until a socket is ready or libcurl's time has come.
void Connection::wait() {
  const long longest = 60'000;
  const long patience = timer_ < 0 ? longest : std::min(timer_, longest);
  const int ready = poll(watched_.data(), watched_.size(), static_cast<int>(patience));
  if (ready < 0 && errno != EINTR) {
    throw Error(fmt::format("cannot wait for an answer: {}", std::strerror(errno)));
  }
  if (ready <= 0) return act(CURL_SOCKET_TIMEOUT, 0);
  // Acting changes what is watched.
  const std::vector<pollfd> seen = watched_;
  for (const pollfd& entry : seen) {
    if (entry.revents != 0) act(entry.fd, events_of(entry.revents));
  }
}

CURLcode Connection::result() const {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  throw Error("libcurl has ended a request without a result");
}

CURLcode Connection::perform() {
  timer_ = -1;
  check(curl_multi_add_handle(multi_.get(), easy_.get()));
  act(CURL_SOCKET_TIMEOUT, 0);
  while (running_ > 0) wait();
  const CURLcode code = result();
  check(curl_multi_remove_handle(multi_.get(), easy_.get()));
  return code;
}

}  // namespace weir::http
