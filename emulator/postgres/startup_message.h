// The first message of a PostgreSQL client: a pure function of its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {

inline constexpr std::size_t kLongestStartup = 10000;
inline constexpr std::size_t kShortestStartup = 8;

struct TlsRequest {};
struct GssRequest {};

struct CancelRequest {
  std::string bytes;  ///< the whole message, to be forwarded as it is
};

struct StartupMessage {
  std::string user;
  std::string database;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< all others that we pass on
  std::vector<std::string> protocol_options;                    ///< "_pq_." names, none known
  std::uint16_t minor_version = 0;

  bool operator==(const StartupMessage&) const = default;
};

struct MalformedStartup {
  std::string sqlstate;
  std::string message;
};

using Startup =
    std::variant<TlsRequest, GssRequest, CancelRequest, StartupMessage, MalformedStartup>;

/// Length that the first four bytes of a message announce, themselves included.
std::uint32_t announced_length(std::string_view four_bytes);

/// Reads a whole message, its length word included.
Startup parse_startup(std::string_view message);

/// The message with which we open the session in the cluster.
std::string startup_bytes(const StartupMessage& startup);

}  // namespace emulator
