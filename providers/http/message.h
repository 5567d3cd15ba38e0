// One request to a server and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/secret.h"
#include "core/units.h"

namespace weir::http {

struct Request {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::string> headers = {};  ///< "Name: value", nothing secret
  Secret authorization = {};              ///< the value of that header
  std::string content_type = {};          ///< of the body
  Secret body = {};
  std::function<bool()> may_leave = {};  ///< asked right before it is sent; empty: it may
  Duration limit = {};                   ///< for all of it, where that is less than the client's
};

/// Why no answer came, or none that can be used.
enum class Failure : std::uint8_t {
  kNone,
  kUnresolved,   ///< the name has no address
  kUnreachable,  ///< no connection
  kForbidden,    ///< an address that weir does not talk to
  kUntrusted,    ///< the certificate does not verify
  kTls,
  kTimeout,
  kLost,  ///< the connection ended early
  kTooLarge,
  kHeadersTooLarge,
  kNotHttp,
  kWithheld,  ///< it might not leave any more
  kOther,
};

struct Answer {
  Failure failure = Failure::kNone;
  std::string detail = {};  ///< of the failure, in the library's words
  int status = 0;
  std::map<std::string, std::string> headers = {};  ///< by name in small letters
  std::string body = {};

  bool is_success() const { return failure == Failure::kNone && status >= 200 && status < 300; }
  /// The value of a header, named in small letters; "" when it is absent.
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

}  // namespace weir::http
