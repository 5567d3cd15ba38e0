// Which addresses weir talks to, by their resolved numbers and never by their names.
#pragma once

#include <string>

struct sockaddr;

namespace weir::http {

/// 127.0.0.0/8, ::1, or the first mapped into IPv6.
bool is_loopback(const sockaddr& address);
/// Addresses of the local link, where clouds serve credentials to whoever asks.
bool is_link_local(const sockaddr& address);
std::string text_of(const sockaddr& address);

}  // namespace weir::http
