#include "providers/http/client.h"

#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace weir::http {
namespace {

using std::chrono::milliseconds;
using test::LoopbackServer;
using test::Peer;

constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

Answer get(const LoopbackServer& server, const ClientOptions& options = {}) {
  Client client(options);
  return client.send({.url = server.url() + "/x", .authorization = Secret("Bearer hunter2")});
}

TEST(Client, GivesStatusHeadersAndBody) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send(test::answer(418, "body", "X-One: 1\r\nx-TWO:  2 \r\n"));
  });
  const Answer answer = get(server);
  EXPECT_EQ(answer.failure, Failure::kNone) << answer.detail;
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.header("x-one"), "1");
  EXPECT_EQ(answer.header("x-two"), "2");
  EXPECT_EQ(answer.body, "body");
}

TEST(Client, SendsWhatItIsGivenAndNothingElseOfItsOwn) {
  test::Script script({test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  Client client;
  client.send({.method = "POST",
               .url = server.url() + "/a/../b%2Fc?d=e",
               .headers = {"Accept: application/json", "User-Agent: weir/1"},
               .authorization = Secret("Bearer hunter2"),
               .content_type = "application/x-www-form-urlencoded",
               .body = Secret("a=b")});
  EXPECT_EQ(script.requests().at(0),
            fmt::format("POST /a/../b%2Fc?d=e HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                        "Accept: application/json\r\nUser-Agent: weir/1\r\n"
                        "Authorization: Bearer hunter2\r\n"
                        "Content-Type: application/x-www-form-urlencoded\r\n"
                        "Content-Length: 3\r\n\r\na=b",
                        server.port()));
}

TEST(Client, SendsAsATargetOnlyWhatIsOne) {
  test::Script script({test::answer(200, "{}"), test::answer(200, "{}"), test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  Client client;
  for (const char* strange : {"/a b", "/a\r\nX-Two: 2", "/a\x7f", "/a\tb"}) {
    EXPECT_EQ(client.send({.url = server.url() + strange}).status, 0) << strange;
  }
  client.send({.url = server.url() + "/a#b"});
  client.send({.url = server.url()});
  client.send({.url = server.url() + "?a=/b"});
  ASSERT_EQ(script.requests().size(), 3U);
  EXPECT_TRUE(script.requests().at(0).starts_with("GET /a HTTP/1.1\r\n"));
  EXPECT_TRUE(script.requests().at(1).starts_with("GET / HTTP/1.1\r\n"));
  EXPECT_TRUE(script.requests().at(2).starts_with("GET /?a=/b HTTP/1.1\r\n"));
}

TEST(Client, KeepsItsConnection) {
  std::atomic<int> connections = 0;
  const LoopbackServer server([&](Peer& peer) {
    ++connections;
    while (!peer.read_request().empty())
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  });
  Client client;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.send({.url = server.url()}).status, 200);
  EXPECT_EQ(connections, 1);
}

TEST(Client, ServesManyThreads) {
  const LoopbackServer server([](Peer& peer) {
    while (!peer.read_request().empty())
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  });
  Client client;
  std::atomic<int> successes = 0;
  constexpr int kThreads = 6;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) successes += client.send({.url = server.url()}).is_success();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(successes, 120);
}

TEST(Client, ASlowDripEndsAtTheTotalLimit) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.send("x")) std::this_thread::sleep_for(milliseconds(10));
  });
  EXPECT_EQ(get(server, {.total_limit = milliseconds(300)}).failure, Failure::kTimeout);
}

TEST(Client, SilenceEndsAtTheLimitOfInactivity) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.read_request();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(get(server, {.inactivity_limit = std::chrono::seconds(1)}).failure, Failure::kTimeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Client, AnEndlessBodyEndsAtItsLimit) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send(kChunkedHead);
    while (peer.send("400\r\n" + std::string(1024, 'x') + "\r\n")) {
    }
  });
  const Answer answer = get(server, {.body_limit = 1'000'000});
  EXPECT_EQ(answer.failure, Failure::kTooLarge);
  EXPECT_EQ(answer.body, "");
}

TEST(Client, AFloodOfHeadersEndsAtItsLimit) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; peer.send(fmt::format("X-{}: {}\r\n", i, std::string(100, 'x'))); ++i) {
    }
  });
  EXPECT_EQ(get(server).failure, Failure::kHeadersTooLarge);
}

TEST(Client, HalfAnAnswerIsNone) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
  });
  const Answer answer = get(server);
  EXPECT_EQ(answer.failure, Failure::kLost);
  EXPECT_EQ(answer.body, "");
}

TEST(Client, AClosedConnectionIsLost) {
  const LoopbackServer server([](Peer& peer) { peer.read_request(); });
  EXPECT_EQ(get(server).failure, Failure::kLost);
}

TEST(Client, WhatIsNotHttpIsRefused) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("SSH-2.0-OpenSSH_9.2\r\n");
  });
  EXPECT_EQ(get(server).failure, Failure::kNotHttp);
}

TEST(Client, DoesNotFollowRedirects) {
  test::Script elsewhere({test::answer(200, "{}")});
  const LoopbackServer other(std::ref(elsewhere));
  const LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(test::answer(307, "", "Location: " + other.url() + "/\r\n"));
  });
  EXPECT_EQ(get(server).status, 307);
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(Client, DoesNotUnpackWhatIsCompressed) {
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send(test::answer(200, "\x1f\x8b not really", "Content-Encoding: gzip\r\n"));
  });
  EXPECT_EQ(get(server).body, "\x1f\x8b not really");
}

TEST(Client, SendsNoHeaderThatWouldBeTwo) {
  test::Script script({test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  Client client;
  for (const std::string& token :
       {std::string("x\r\nX-Evil: 1"), std::string("x\ny"), std::string("x\0y", 3)}) {
    EXPECT_THROW(client.send({.url = server.url(), .authorization = Secret("Bearer " + token)}),
                 ConfigurationError);
    EXPECT_THROW(client.send({.url = server.url(), .headers = {"X-Id: " + token}}),
                 ConfigurationError);
  }
  EXPECT_TRUE(script.requests().empty());
  EXPECT_EQ(client.send({.url = server.url()}).status, 200);
}

TEST(Client, KeepsNoCookies) {
  test::Script script({test::answer(200, "{}", "Set-Cookie: a=b\r\n"), test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script));
  Client client;
  client.send({.url = server.url()});
  client.send({.url = server.url()});
  EXPECT_EQ(script.requests().at(1).find("Cookie"), std::string::npos);
}

TEST(Client, SpeaksPlainHttpWithLoopbackAddressesOnly) {
  Client client({.connect_limit = milliseconds(500)});
  const Answer far = client.send({.url = "http://192.0.2.1:1/"});
  EXPECT_EQ(far.failure, Failure::kForbidden);
  EXPECT_EQ(far.detail, "192.0.2.1");
  // A name is judged by its address.
  const LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send(test::answer(200, "{}"));
  });
  EXPECT_EQ(client.send({.url = fmt::format("http://localhost:{}/", server.port())}).status, 200);
}

TEST(Client, StaysAwayFromTheLocalLink) {
  Client client({.connect_limit = milliseconds(500)});
  setenv("NO_PROXY", "*", 1);
  EXPECT_EQ(client.send({.url = "https://169.254.169.254/"}).failure, Failure::kForbidden);
}

TEST(Client, KnowsOnlyHttpAndHttps) {
  Client client;
  EXPECT_NE(client.send({.url = "file:///etc/passwd"}).failure, Failure::kNone);
  EXPECT_NE(client.send({.url = "ftp://127.0.0.1/"}).failure, Failure::kNone);
}

TEST(Client, TellsAnUnknownNameFromARefusedConnection) {
  setenv("NO_PROXY", "*", 1);
  Client client({.connect_limit = std::chrono::seconds(5)});
  EXPECT_EQ(client.send({.url = "https://nowhere.invalid/"}).failure, Failure::kUnresolved);
  std::uint16_t port = 0;
  {
    const LoopbackServer server([](Peer&) {});
    port = server.port();
  }
  EXPECT_EQ(client.send({.url = fmt::format("http://127.0.0.1:{}/", port)}).failure,
            Failure::kUnreachable);
}

TEST(Client, RefusesACertificateThatNobodyVouchesFor) {
  setenv("NO_PROXY", "*", 1);
  const test::TemporaryFolder folder;
  const std::string certificate = folder.path() / "server.pem";
  test::write_certificate(certificate);
  test::Script script({test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script), certificate);
  EXPECT_EQ(get(server).failure, Failure::kUntrusted);
  EXPECT_TRUE(script.requests().empty());
  EXPECT_EQ(get(server, {.authorities = certificate}).status, 200);
}

TEST(Client, RefusesACertificateForAnotherName) {
  setenv("NO_PROXY", "*", 1);
  const test::TemporaryFolder folder;
  const std::string certificate = folder.path() / "server.pem";
  test::write_certificate(certificate);
  test::Script script({test::answer(200, "{}")});
  const LoopbackServer server(std::ref(script), certificate);
  Client client({.authorities = certificate});
  const Answer answer = client.send({.url = fmt::format("https://localhost:{}/", server.port())});
  EXPECT_EQ(answer.failure, Failure::kUntrusted);
  EXPECT_TRUE(script.requests().empty());
}

TEST(Client, AServerThatNeverShakesHandsIsUnreachable) {
  // What comes is no request, so the server goes on waiting for one.
  const LoopbackServer server([](Peer& peer) { peer.read_request(); });
  Client client({.connect_limit = milliseconds(300)});
  const Answer answer = client.send({.url = fmt::format("https://127.0.0.1:{}/", server.port())});
  EXPECT_EQ(answer.failure, Failure::kUnreachable) << answer.detail;
}

TEST(Client, APlainServerIsNoTlsServer) {
  setenv("NO_PROXY", "*", 1);
  const LoopbackServer server([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  Client client;
  const Answer answer = client.send({.url = fmt::format("https://127.0.0.1:{}/", server.port())});
  EXPECT_EQ(answer.failure, Failure::kTls);
}

TEST(Client, NamesAFileOfAuthoritiesThatIsNotThere) {
  EXPECT_THROW(Client({.authorities = "/nowhere/ca.pem"}), ConfigurationError);
}

}  // namespace
}  // namespace weir::http
