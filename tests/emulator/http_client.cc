#include "tests/emulator/http_client.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace emulator::test {

Connection::Connection(std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{.tv_sec = 60, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    close(socket_);
    throw std::system_error(error, std::generic_category(), "cannot connect");
  }
}

Connection::~Connection() {
  close(socket_);
}

void Connection::send(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;  // the server has closed: what it said is still there to be read
    sent += static_cast<std::size_t>(count);
  }
}

void Connection::finish_sending() const {
  shutdown(socket_, SHUT_WR);
}

bool Connection::fill() {
  std::array<char, 65536> bytes{};
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string Connection::receive() {
  std::size_t head = 0;
  while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::exchange(buffer_, "");
  }
  std::size_t length = 0;
  const std::size_t header = buffer_.find("Content-Length: ");
  if (header < head) length = std::stoul(buffer_.substr(header + 16));
  const std::size_t total = head + 4 + length;
  while (buffer_.size() < total && fill()) {
  }
  std::string answer = buffer_.substr(0, total);
  buffer_.erase(0, total);
  return answer;
}

std::string Connection::receive_all() {
  while (fill()) {
  }
  return std::exchange(buffer_, "");
}

Answer Client::call(const std::string& method, const std::string& target,
                    const std::string& body) const {
  Connection connection(port);
  connection.send(fmt::format(
      "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {}\r\n"
      "Content-Length: {}\r\n\r\n{}",
      method, target, token, body.size(), body));
  const std::string answer = connection.receive_all();
  if (answer.size() < 12) return {};
  const std::size_t head = answer.find("\r\n\r\n");
  return {.status = std::stoi(answer.substr(9, 3)),
          .body = head == std::string::npos ? "" : answer.substr(head + 4)};
}

}  // namespace emulator::test
