#include "emulator/http/message.h"

#include <gtest/gtest.h>

namespace emulator {
namespace {

const HttpLimits kLimits;

Request read_whole(const std::string& bytes) {
  const Reading reading = read_request(bytes, kLimits);
  EXPECT_TRUE(std::holds_alternative<Received>(reading)) << bytes;
  return std::holds_alternative<Received>(reading) ? std::get<Received>(reading).request
                                                   : Request{};
}

int refusal_of(const std::string& bytes, const HttpLimits& limits = kLimits) {
  const Reading reading = read_request(bytes, limits);
  const auto* problem = std::get_if<Malformed>(&reading);
  return problem == nullptr ? 0 : problem->status;
}

bool waits_for_more(const std::string& bytes) {
  return std::holds_alternative<NeedMore>(read_request(bytes, kLimits));
}

TEST(HttpRequest, HasItsPathQueryHeadersAndBody) {
  const Request request = read_whole(
      "PATCH /api/a%20b?update_mask=spec.a%2Cspec.b&x=1+2& HTTP/1.1\r\nHost: h\r\n"
      "X-Name:  value \r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.path, "/api/a b");
  EXPECT_EQ(request.query.at("update_mask"), "spec.a,spec.b");
  EXPECT_EQ(request.query.at("x"), "1 2");
  EXPECT_EQ(request.header("x-name"), "value");
  EXPECT_EQ(request.body, "{}");
}

TEST(HttpRequest, MayEndItsPathWithAnEmptyQuery) {
  EXPECT_EQ(read_whole("GET /a? HTTP/1.1\r\n\r\n").path, "/a");
}

TEST(HttpRequest, JoinsChunks) {
  EXPECT_EQ(read_whole("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
                .body,
            "abcde");
}

TEST(HttpRequest, TakesOnlyItsOwnBytesOfAPipeline) {
  const std::string first = "GET /a HTTP/1.1\r\n\r\n";
  const Reading reading = read_request(first + "GET /b HTTP/1.1\r\n\r\n", kLimits);
  EXPECT_EQ(std::get<Received>(reading).bytes, first.size());
}

TEST(HttpRequest, IsAwaitedByteByByte) {
  const std::string bytes = "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(waits_for_more(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(waits_for_more(bytes));
}

TEST(HttpRequest, AsksForContinueWhenTheClientWaitsForIt) {
  const Reading reading =
      read_request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", kLimits);
  EXPECT_TRUE(std::get<NeedMore>(reading).wants_continue);
}

TEST(HttpRequest, IsRefusedWhenMalformed) {
  struct Case {
    const char* bytes;
    int status;
  };
  const Case cases[] = {
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 505},
      {"G T / HTTP/1.1\r\n\r\n", 400},
      {"GET http://host/ HTTP/1.1\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n\r\n", 400},
      {"GET /?a=%4 HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nNo colon\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nBad Name: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413},
  };
  for (const Case& test : cases) EXPECT_EQ(refusal_of(test.bytes), test.status) << test.bytes;
}

TEST(HttpRequest, IsRefusedWhenItsHeadIsTooLongOrHasTooManyHeaders) {
  EXPECT_EQ(refusal_of("GET /" + std::string(40'000, 'a')), 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 101; ++i) many += "A: b\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431);
}

TEST(HttpRequest, MayHaveABodyOfExactlyTheLimit) {
  const HttpLimits limits{.body_bytes = 4};
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd", limits), 0);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", limits), 413);
}

}  // namespace
}  // namespace emulator
