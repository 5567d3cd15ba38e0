#include "tests/support/cutting_proxy.h"

#include <array>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace weir::test {
namespace {

sockaddr_un socket_address(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

int new_socket() {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool is_readable(int descriptor, int limit) {
  pollfd wish{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&wish, 1, limit) > 0;
}

/// Passes on what is there; false at the end.
bool pass(int from, int to) {
  std::array<char, 65536> buffer = {};
  const ssize_t size = read(from, buffer.data(), buffer.size());
  return size > 0 && send(to, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::filesystem::path& folder, std::filesystem::path server_socket)
    : server_socket_(std::move(server_socket)), listener_(new_socket()) {
  const sockaddr_un address = socket_address(folder / ".s.PGSQL.5432");
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 8) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
  is_over_ = true;
  thread_.join();
  close(listener_);
}

void CuttingProxy::serve() {
  while (!is_over_) {
    if (!is_readable(listener_, 10)) continue;
    const int client = accept(listener_, nullptr, nullptr);
    pass_on(client);
    close(client);
  }
}

/// One client at a time is enough: a store has one connection.
void CuttingProxy::pass_on(int client) {
  const int server = new_socket();
  const sockaddr_un address = socket_address(server_socket_);
  bool goes_on = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (goes_on && !is_over_) {
    std::array<pollfd, 2> wishes = {{{.fd = client, .events = POLLIN, .revents = 0},
                                     {.fd = server, .events = POLLIN, .revents = 0}}};
    if (poll(wishes.data(), wishes.size(), 10) <= 0) continue;
    if (wishes[0].revents != 0) goes_on = pass_from_client(client, server);
    if (goes_on && wishes[1].revents != 0) goes_on = pass(server, client);
  }
  close(server);
}

bool CuttingProxy::pass_from_client(int client, int server) {
  std::array<char, 65536> buffer = {};
  const ssize_t size = read(client, buffer.data(), buffer.size());
  if (size <= 0) return false;
  const std::string_view said(buffer.data(), static_cast<std::size_t>(size));
  const bool is_commit = said.find("COMMIT") != std::string_view::npos;
  const Cut cut = is_commit ? cut_.exchange(Cut::kNever) : Cut::kNever;
  if (cut == Cut::kBeforeCommit) return false;
  if (send(server, said.data(), said.size(), MSG_NOSIGNAL) != size) return false;
  if (cut != Cut::kAfterCommit) return true;
  is_readable(server, 10'000);  // its answer, which nobody gets
  return false;
}

}  // namespace weir::test
