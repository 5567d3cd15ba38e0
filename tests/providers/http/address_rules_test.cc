#include "providers/http/address_rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

sockaddr_storage address_of(const std::string& text) {
  sockaddr_storage storage = {};
  auto& four = reinterpret_cast<sockaddr_in&>(storage);
  auto& six = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    storage.ss_family = AF_INET;
  } else if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    storage.ss_family = AF_INET6;
  }
  return storage;
}

bool is_loopback_text(const std::string& text) {
  const sockaddr_storage storage = address_of(text);
  return is_loopback(reinterpret_cast<const sockaddr&>(storage));
}
bool is_link_local_text(const std::string& text) {
  const sockaddr_storage storage = address_of(text);
  return is_link_local(reinterpret_cast<const sockaddr&>(storage));
}

TEST(AddressRules, KnowWhatIsLoopback) {
  for (const char* text : {"127.0.0.1", "127.200.3.4", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback_text(text)) << text;
  }
  for (const char* text : {"128.0.0.1", "10.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(is_loopback_text(text)) << text;
  }
}

TEST(AddressRules, KnowTheLocalLink) {
  for (const char* text : {"169.254.169.254", "fe80::1", "::ffff:169.254.169.254"}) {
    EXPECT_TRUE(is_link_local_text(text)) << text;
  }
  for (const char* text : {"169.253.0.1", "10.0.0.1", "127.0.0.1", "fd00::1"}) {
    EXPECT_FALSE(is_link_local_text(text)) << text;
  }
}

TEST(AddressRules, PrintTheAddress) {
  const sockaddr_storage four = address_of("192.0.2.7");
  const sockaddr_storage six = address_of("2001:db8::7");
  EXPECT_EQ(text_of(reinterpret_cast<const sockaddr&>(four)), "192.0.2.7");
  EXPECT_EQ(text_of(reinterpret_cast<const sockaddr&>(six)), "2001:db8::7");
}

}  // namespace
}  // namespace weir::http
