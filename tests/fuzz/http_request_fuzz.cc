// Bytes from a connection: they are read as requests, and what can be read is answered.
// The first byte of an input chooses what is true of the connection, see `Flag`.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "tests/fuzz/stage.h"

namespace emulator {
namespace {

enum Flag : unsigned { kHasToken = 1, kHasHost = 2, kHasSmallLimits = 4 };

constexpr HttpLimits kSmallLimits = {.head_bytes = 512, .header_count = 8, .body_bytes = 64};
constexpr int kMostRequests = 8;
constexpr int kInputsPerStage = 500;  ///< keeps the world small

/// A stage that is replaced now and then.
Stage& stage() {
  static std::unique_ptr<Stage> current;
  static int inputs = 0;
  if (!current || ++inputs % kInputsPerStage == 0) {
    current.reset();
    current = std::make_unique<Stage>();
  }
  return *current;
}

bool has_same_content(const Request& left, const Request& right) {
  return left.method == right.method && left.path == right.path && left.query == right.query &&
         left.headers == right.headers && left.body == right.body;
}

/// A request reads the same with and without what follows it, and is never complete too early.
void check_boundaries(const std::string& input, const Received& received,
                      const HttpLimits& limits) {
  expect(received.bytes > 0 && received.bytes <= input.size(), "more was taken than came", input);
  const Reading alone = read_request(std::string_view(input).substr(0, received.bytes), limits);
  const auto* same = std::get_if<Received>(&alone);
  expect(same != nullptr && has_same_content(same->request, received.request),
         "the next request changes this one", input);
  for (const std::size_t missing : {std::size_t{1}, received.bytes / 2}) {
    const Reading part =
        read_request(std::string_view(input).substr(0, received.bytes - missing), limits);
    expect(!std::holds_alternative<Received>(part) || missing == 0,
           "half a request counts as a whole", input);
  }
}

void check_limits(const Request& request, const HttpLimits& limits, const std::string& input) {
  expect(request.body.size() <= limits.body_bytes, "the body is over the limit", input);
  expect(request.headers.size() <= limits.header_count, "too many headers", input);
  expect(request.path.find('\0') == std::string::npos, "the path hides a NUL", input);
}

void answer(Request request, unsigned flags) {
  if ((flags & kHasToken) != 0) {
    request.headers["authorization"] = "Bearer " + stage().token();
  }
  if ((flags & kHasHost) != 0) request.headers["host"] = "127.0.0.1:8765";
  const Response response = stage().say(std::move(request));
  const std::string bytes = serialize(response, Connection::kKeepAlive);
  const std::string length = fmt::format("\r\nContent-Length: {}\r\n", response.body.size());
  expect(bytes.find(length) < bytes.find("\r\n\r\n"), "the answer has another length", bytes);
}

void run(std::string input, unsigned flags) {
  const HttpLimits limits = (flags & kHasSmallLimits) != 0 ? kSmallLimits : HttpLimits{};
  for (int i = 0; i < kMostRequests; ++i) {
    const Reading reading = read_request(input, limits);
    if (const auto* problem = std::get_if<Malformed>(&reading)) {
      expect(problem->status >= 400 && problem->status <= 505, "a refusal without status", input);
    }
    const auto* received = std::get_if<Received>(&reading);
    if (received == nullptr) return;
    check_boundaries(input, *received, limits);
    check_limits(received->request, limits, input);
    answer(received->request, flags);
    input.erase(0, received->bytes);
  }
}

}  // namespace
}  // namespace emulator

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  emulator::run(std::string(data + 1, data + size), data[0]);
  return 0;
}
