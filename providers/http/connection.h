// One connection at a time: a transfer of libcurl and the sockets that it waits for.
#pragma once

#include <memory>
#include <poll.h>
#include <vector>

#include <curl/curl.h>

namespace weir::http {

/// Keeps its connection for the next transfer. libcurl's own blocking call looks at the sockets
/// about five times for each request; this one looks when there is something to wait for.
class Connection {
 public:
  Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  CURL* handle() const { return easy_.get(); }
  /// Does what the handle is set to, and waits for its end.
  CURLcode perform();

 private:
  struct CloseEasy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct CloseMulti {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };

  static int watch(CURL* handle, curl_socket_t socket, int what, void* context, void* unused);
  static int set_timer(CURLM* multi, long milliseconds, void* context);
  void act(curl_socket_t socket, int events);
  void wait();
  CURLcode result() const;

  std::unique_ptr<CURLM, CloseMulti> multi_;
  std::unique_ptr<CURL, CloseEasy> easy_;  // first to go: the other one may still hold it
  std::vector<pollfd> watched_;
  long timer_ = -1;  ///< milliseconds after which libcurl wants to be called; -1: no such wish
  int running_ = 0;
};

}  // namespace weir::http
