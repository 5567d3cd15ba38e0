// The first message of a PostgreSQL client, as it comes and with its length put right.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/postgres/server_message.h"
#include "emulator/postgres/startup_message.h"
#include "tests/fuzz/stage.h"

namespace emulator {
namespace {

/// So many parameters are read in any case, with user and database.
constexpr std::size_t kMostForwarded = 62;

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

std::vector<std::string> texts_of(const StartupMessage& startup) {
  std::vector<std::string> texts = startup.protocol_options;
  texts.push_back(startup.user);
  texts.push_back(startup.database);
  for (const auto& [name, value] : startup.parameters) {
    texts.push_back(name);
    texts.push_back(value);
  }
  return texts;
}

/// What we would tell the cluster means what the client told us.
void check_forwarding(StartupMessage startup, const std::string& message) {
  const std::string bytes = startup_bytes(startup);
  expect(announced_length(bytes) == bytes.size(), "the length of our message is wrong", message);
  // Ours names the database as well, so what was just short enough may now be too long.
  if (bytes.size() > kLongestStartup || startup.parameters.size() > kMostForwarded) return;
  const Startup again = parse_startup(bytes);
  startup.protocol_options.clear();  // the cluster does not hear of them
  startup.minor_version = 0;
  const auto* same = std::get_if<StartupMessage>(&again);
  expect(same != nullptr && *same == startup, "our message means something else", message);
}

void check_startup(const StartupMessage& startup, const std::string& message) {
  expect(!startup.user.empty() && !startup.database.empty(), "user or database is empty", message);
  const std::vector<std::string> texts = texts_of(startup);
  expect(std::none_of(texts.begin(), texts.end(), has_nul), "a text hides a NUL", message);
  check_forwarding(startup, message);
  const std::string notice = negotiate_version(startup.protocol_options);
  expect(announced_length(notice.substr(1)) == notice.size() - 1, "wrong notice", message);
}

void check(const std::string& message) {
  // A copy of the exact size on the heap: reading beyond it is an error that the sanitizer sees.
  const std::vector<char> exact(message.begin(), message.end());
  const Startup startup = parse_startup({exact.data(), exact.size()});
  if (const auto* malformed = std::get_if<MalformedStartup>(&startup)) {
    expect(malformed->sqlstate.size() == 5 && !malformed->message.empty(), "no reason", message);
    const std::string error = fatal_error(malformed->sqlstate, malformed->message);
    expect(announced_length(error.substr(1)) == error.size() - 1, "wrong error", message);
    return;
  }
  expect(message.size() >= kShortestStartup && message.size() <= kLongestStartup &&
             announced_length(message) == message.size(),
         "a wrong length is accepted", message);
  if (const auto* cancel = std::get_if<CancelRequest>(&startup)) {
    expect(cancel->bytes == message, "a cancel request is changed", message);
  }
  if (const auto* whole = std::get_if<StartupMessage>(&startup)) check_startup(*whole, message);
}

std::string with_right_length(std::string message) {
  for (std::size_t i = 0; i < 4; ++i) {
    message[i] = static_cast<char>(message.size() >> (24 - 8 * i) & 0xFFU);
  }
  return message;
}

}  // namespace
}  // namespace emulator

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string message(data, data + size);
  emulator::check(message);
  if (size >= 4) emulator::check(emulator::with_right_length(message));
  return 0;
}
