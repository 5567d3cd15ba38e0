#include "emulator/postgres/startup_message.h"

#include <optional>

namespace emulator {
namespace {

constexpr std::uint32_t kCancelCode = 80877102;
constexpr std::uint32_t kTlsCode = 80877103;
constexpr std::uint32_t kGssCode = 80877104;
constexpr std::uint32_t kMajorVersion = 3;
constexpr std::uint32_t kVersion3 = kMajorVersion << 16;
/// Four bytes of process number and a key of 4 bytes, or up to 256 since protocol 3.2.
constexpr std::size_t kShortestCancel = 16;
constexpr std::size_t kLongestCancel = 12 + 256;
constexpr std::size_t kMostParameters = 64;

constexpr const char* kProtocolViolation = "08P01";
constexpr const char* kInvalidAuthorization = "28000";
constexpr const char* kNotSupported = "0A000";

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word = (word << 8) | static_cast<unsigned char>(bytes.at(at + i));
  }
  return word;
}

std::string word_bytes(std::uint32_t word) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(word >> shift & 0xFFU);
  return bytes;
}

MalformedStartup malformed(std::string message) {
  return {.sqlstate = kProtocolViolation, .message = std::move(message)};
}

/// Takes the text before the next zero byte off `rest`.
std::optional<std::string> take_text(std::string_view& rest) {
  const auto end = rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  std::string text(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  return text;
}

bool is_a_kind_of_yes(std::string_view value) {
  return value != "false" && value != "off" && value != "no" && value != "0";
}

/// Puts a parameter where it belongs; answers what is wrong with it.
std::optional<MalformedStartup> accept(StartupMessage& startup, std::string name,
                                       std::string value) {
  if (name == "user") {
    startup.user = std::move(value);
  } else if (name == "database") {
    startup.database = std::move(value);
  } else if (name == "replication") {
    if (!is_a_kind_of_yes(value)) return std::nullopt;
    return MalformedStartup{.sqlstate = kNotSupported,
                            .message = "replication connections are not offered"};
  } else if (name.starts_with("_pq_.")) {
    startup.protocol_options.push_back(std::move(name));
  } else {
    startup.parameters.emplace_back(std::move(name), std::move(value));
  }
  return std::nullopt;
}

Startup parse_parameters(std::string_view rest, std::uint16_t minor_version) {
  StartupMessage startup;
  startup.minor_version = minor_version;
  for (std::size_t count = 0;; ++count) {
    auto name = take_text(rest);
    if (!name) return malformed("invalid startup packet layout: expected terminator as last byte");
    if (name->empty()) break;
    auto value = take_text(rest);
    if (!value) return malformed("invalid startup packet layout: a parameter has no value");
    if (count == kMostParameters) return malformed("too many parameters in the startup packet");
    if (auto refusal = accept(startup, *std::move(name), *std::move(value))) return *refusal;
  }
  if (!rest.empty()) {
    return malformed("invalid startup packet layout: expected terminator as last byte");
  }
  if (startup.user.empty()) {
    return MalformedStartup{.sqlstate = kInvalidAuthorization,
                            .message = "no PostgreSQL user name specified in startup packet"};
  }
  if (startup.database.empty()) startup.database = startup.user;
  return startup;
}

void append(std::string& bytes, const std::string& name, const std::string& value) {
  bytes += name + '\0' + value + '\0';
}

}  // namespace

std::uint32_t announced_length(std::string_view four_bytes) {
  return word_at(four_bytes, 0);
}

Startup parse_startup(std::string_view message) {
  if (message.size() < kShortestStartup || message.size() > kLongestStartup ||
      announced_length(message) != message.size()) {
    return malformed("invalid length of startup packet");
  }
  const std::uint32_t code = word_at(message, 4);
  if (code == kTlsCode && message.size() == kShortestStartup) return TlsRequest{};
  if (code == kGssCode && message.size() == kShortestStartup) return GssRequest{};
  if (code == kCancelCode) {
    if (message.size() < kShortestCancel || message.size() > kLongestCancel) {
      return malformed("invalid length of cancel request");
    }
    return CancelRequest{std::string(message)};
  }
  if (code >> 16 != kMajorVersion) {
    return MalformedStartup{.sqlstate = kNotSupported,
                            .message = "unsupported frontend protocol " +
                                       std::to_string(code >> 16) + "." +
                                       std::to_string(code & 0xFFFFU) + ": server supports 3.0"};
  }
  return parse_parameters(message.substr(8), static_cast<std::uint16_t>(code & 0xFFFFU));
}

std::string startup_bytes(const StartupMessage& startup) {
  std::string body = word_bytes(kVersion3);
  append(body, "user", startup.user);
  append(body, "database", startup.database);
  for (const auto& [name, value] : startup.parameters) append(body, name, value);
  body += '\0';
  return word_bytes(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

}  // namespace emulator
