#include "providers/postgres/name_service.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace weir::postgres {
namespace {

struct Free {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

bool is_name(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address = {};
  const bool is_socket = host.starts_with('/') || host.starts_with('@');
  const bool is_list = host.find(',') != std::string::npos;
  return !host.empty() && !is_socket && !is_list &&
         inet_pton(AF_INET, host.c_str(), address.data()) != 1 &&
         inet_pton(AF_INET6, host.c_str(), address.data()) != 1;
}

}  // namespace

Addresses look_up(const std::string& name) {
  addrinfo wish = {};
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(name.c_str(), nullptr, &wish, &list);
  const std::unique_ptr<addrinfo, Free> owned(list);
  if (code != 0) return {.problem = gai_strerror(code)};
  Addresses found;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text = {};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      found.numeric.emplace_back(text.data());
    }
  }
  if (found.numeric.empty()) found.problem = "it has no address";
  return found;
}

std::string add_addresses(PostgresKeywords& keywords, const LookUp& look_up) {
  const std::string host = keywords.at("host");
  if (!is_name(host) || !keywords["hostaddr"].empty()) return "";
  const Addresses found = look_up(host);
  if (!found.problem.empty()) return found.problem;
  // libpq wants a host for each address.
  const std::vector<std::string> hosts(found.numeric.size(), host);
  keywords["host"] = fmt::format("{}", fmt::join(hosts, ","));
  keywords["hostaddr"] = fmt::format("{}", fmt::join(found.numeric, ","));
  return "";
}

}  // namespace weir::postgres
