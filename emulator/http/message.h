// HTTP/1.1 messages as values, and the pure function that reads a request from received bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {

struct Request {
  std::string method;
  std::string path;                                 ///< percent-decoded, without the query
  std::string raw_query = {};                       ///< as sent
  std::map<std::string, std::string> query = {};    ///< decoded
  std::map<std::string, std::string> headers = {};  ///< names in lower case
  std::string body = {};
  std::optional<std::int64_t> list_order = {};  ///< a fault's seed: lists come in another order

  /// The header's value, or an empty text.
  std::string header(const std::string& lower_case_name) const;
};

/// What becomes of an answer on its way to the client; anything but `kDeliver` is a fault.
enum class Fate { kDeliver, kCutHalfway, kLose };

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  Fate fate = Fate::kDeliver;
};

/// Gives the answer to a request, at once or later; must be called exactly once.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

struct HttpLimits {
  std::size_t head_bytes = std::size_t{32} * 1024;
  std::size_t header_count = 100;
  std::size_t body_bytes = std::size_t{1024} * 1024;
};

struct NeedMore {
  bool wants_continue = false;  ///< the client waits for "100 Continue" before it sends the body
};
struct Received {
  Request request;
  std::size_t bytes = 0;  ///< how much of the input the request took
  bool keep_alive = true;
};
struct Malformed {
  int status = 400;
  std::string reason;
};
using Reading = std::variant<NeedMore, Received, Malformed>;

/// Reads the first request of `input`; never looks beyond the limits.
Reading read_request(std::string_view input, const HttpLimits& limits);

/// Decodes %XX (and "+" as a space in queries); nothing when malformed or when it hides a NUL.
enum class PlusSign { kLiteral, kSpace };
std::optional<std::string> percent_decode(std::string_view text, PlusSign plus);
/// Splits and decodes a form or query; the last of two equal keys wins. Nothing when malformed.
std::optional<std::map<std::string, std::string>> parse_form(std::string_view text);

enum class Connection { kKeepAlive, kClose };
/// The bytes of an answer.
std::string serialize(const Response& response, Connection connection);

}  // namespace emulator
