#include "providers/http/address_rules.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace weir::http {
namespace {

using Bytes4 = std::array<unsigned char, 4>;

in6_addr six_of(const sockaddr& address) {
  sockaddr_in6 whole = {};
  std::memcpy(&whole, &address, sizeof(whole));
  return whole.sin6_addr;
}

/// The IPv4 address, also of one that is mapped into IPv6.
std::optional<Bytes4> four_of(const sockaddr& address) {
  Bytes4 bytes = {};
  if (address.sa_family == AF_INET) {
    sockaddr_in whole = {};
    std::memcpy(&whole, &address, sizeof(whole));
    std::memcpy(bytes.data(), &whole.sin_addr, bytes.size());
    return bytes;
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  const in6_addr six = six_of(address);
  if (!IN6_IS_ADDR_V4MAPPED(&six)) return std::nullopt;
  std::memcpy(bytes.data(), &six.s6_addr[12], bytes.size());
  return bytes;
}

}  // namespace

bool is_loopback(const sockaddr& address) {
  if (const auto four = four_of(address)) return four->front() == 127;
  if (address.sa_family != AF_INET6) return false;
  const in6_addr six = six_of(address);
  return IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_link_local(const sockaddr& address) {
  if (const auto four = four_of(address)) return (*four)[0] == 169 && (*four)[1] == 254;
  if (address.sa_family != AF_INET6) return false;
  const in6_addr six = six_of(address);
  return IN6_IS_ADDR_LINKLOCAL(&six);
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (const auto four = four_of(address)) {
    inet_ntop(AF_INET, four->data(), text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    const in6_addr six = six_of(address);
    inet_ntop(AF_INET6, &six, text.data(), text.size());
  }
  return text.data();
}

}  // namespace weir::http
