#include "emulator/http/server.h"

#include <sys/socket.h>
#include <thread>

#include <gtest/gtest.h>

#include "tests/emulator/http_client.h"

namespace emulator {
namespace {

using test::Connection;

/// A server that answers with what it was asked, on a thread of its own.
class EchoServer {
 public:
  explicit EchoServer(Fate fate = Fate::kDeliver)
      : server_(loop_, {.host = "127.0.0.1", .port = 0}, {.body_bytes = 1000},
                [fate](const Request& request, const Reply& reply) {
                  reply({.body = request.method + " " + request.path + " " + request.body,
                         .fate = fate});
                }),
        thread_([this] { loop_.run(); }) {}
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  ~EchoServer() {
    loop_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  Loop loop_;
  HttpServer server_;
  std::thread thread_;
};

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  const EchoServer server;
  Connection connection(server.port());
  for (const char* path : {"/a", "/b"}) {
    connection.send(std::string("GET ") + path + " HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(connection.receive().ends_with(std::string("GET ") + path + " "));
  }
}

TEST(HttpServer, AnswersAPipelineInOrder) {
  const EchoServer server;
  Connection connection(server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\n\r\n";
  connection.send(requests);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(connection.receive().ends_with("GET /" + std::to_string(i) + " ")) << i;
  }
}

TEST(HttpServer, ClosesWhenAskedTo) {
  const EchoServer server;
  Connection connection(server.port());
  connection.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(connection.receive_all().find("Connection: close"), std::string::npos);
}

TEST(HttpServer, AnswersAClientThatHasFinishedSending) {
  const EchoServer server;
  Connection connection(server.port());
  connection.send("GET /a HTTP/1.1\r\n\r\n");
  connection.finish_sending();
  EXPECT_TRUE(connection.receive_all().ends_with("GET /a "));
}

TEST(HttpServer, AnswersAWholePipelineOfAClientThatHasFinishedSending) {
  const EchoServer server;
  Connection connection(server.port());
  std::string requests;
  for (int i = 0; i < 5; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\n\r\n";
  connection.send(requests);
  connection.finish_sending();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(connection.receive().ends_with("GET /" + std::to_string(i) + " ")) << i;
  }
  EXPECT_EQ(connection.receive_all(), "");
}

/// Answers nothing before it is told to.
class PatientServer {
 public:
  PatientServer()
      : server_(loop_, {.host = "127.0.0.1", .port = 0}, {.body_bytes = 1000},
                [this](const Request&, const Reply& reply) { replies_.push_back(reply); }) {}
  std::uint16_t port() const { return server_.port(); }
  void turn() {
    for (int i = 0; i < 20; ++i) loop_.turn(std::chrono::milliseconds(5));
  }
  /// Answers the request that waits, once there is one.
  void answer_next() {
    while (replies_.empty()) loop_.turn(std::chrono::milliseconds(100));
    const Reply reply = replies_.back();
    replies_.pop_back();
    reply({.body = "{}"});
  }

 private:
  Loop loop_;
  std::vector<Reply> replies_;
  HttpServer server_;
};

/// Sends until the other side takes no more; gives how much it took.
std::size_t send_until_full(PatientServer& server, int socket, const std::string& bytes) {
  std::size_t sent = 0;
  for (int i = 0; i < 100; ++i) {
    const ssize_t count = send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) sent += static_cast<std::size_t>(count);
    server.turn();
    if (count < 0) break;
  }
  return sent;
}

TEST(HttpServer, ReadsNoFurtherAheadWhileAnAnswerIsAwaited) {
  PatientServer server;
  const Connection connection(server.port());
  connection.send("GET /a HTTP/1.1\r\n\r\n");
  server.turn();
  // What the kernel takes in its own buffers is some megabytes; without a limit there is no end.
  const std::string much(1'000'000, 'x');
  EXPECT_LT(send_until_full(server, connection.descriptor(), much), 50'000'000U);
}

TEST(HttpServer, ReadsOnWhenTheAnswerAwaitedHasCome) {
  PatientServer server;
  Connection connection(server.port());
  const std::string body(900, 'x');
  const std::string request = "POST /a HTTP/1.1\r\nContent-Length: 900\r\n\r\n" + body;
  for (int i = 0; i < 100; ++i) connection.send(request);
  for (int i = 0; i < 100; ++i) {
    server.answer_next();
    ASSERT_TRUE(connection.receive().ends_with("{}")) << i;
  }
}

TEST(HttpServer, SaysContinueBeforeALateBody) {
  const EchoServer server;
  Connection connection(server.port());
  connection.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 100 Continue"));
  connection.send("ok");
  EXPECT_TRUE(connection.receive().ends_with("POST /a ok"));
}

TEST(HttpServer, RefusesABodyOverItsLimitWith413AndStaysUp) {
  const EchoServer server;
  Connection connection(server.port());
  connection.send("POST /a HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n" +
                  std::string(5'000'000, 'x'));
  EXPECT_TRUE(connection.receive_all().starts_with("HTTP/1.1 413 "));
  Connection next(server.port());
  next.send("GET /b HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(next.receive().ends_with("GET /b "));
}

TEST(HttpServer, ServesOthersWhileHundredsSendHalfARequest) {
  const EchoServer server;
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 300; ++i) {
    slow.push_back(std::make_unique<Connection>(server.port()));
    slow.back()->send("GET /slow HTTP/1.1\r\nX: ");
  }
  Connection connection(server.port());
  connection.send("GET /a HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(connection.receive().ends_with("GET /a "));
}

TEST(HttpServer, LosesAnAnswerOnDemand) {
  const EchoServer server(Fate::kLose);
  Connection connection(server.port());
  connection.send("GET /a HTTP/1.1\r\n\r\n");
  EXPECT_EQ(connection.receive_all(), "");
}

TEST(HttpServer, CutsAnAnswerHalfwayOnDemand) {
  const EchoServer server(Fate::kCutHalfway);
  Connection connection(server.port());
  connection.send("POST /a HTTP/1.1\r\nContent-Length: 20\r\n\r\n01234567890123456789");
  const std::string answer = connection.receive_all();
  EXPECT_NE(answer.find("POST /a"), std::string::npos);
  EXPECT_FALSE(answer.ends_with("9"));
}

TEST(ListenAddresses, AreReadAndRefused) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:80").port, 80);
  EXPECT_EQ(parse_listen_address("[::1]:80").host, "::1");
  EXPECT_TRUE(is_loopback(parse_listen_address("127.9.9.9:0")));
  EXPECT_TRUE(is_loopback(parse_listen_address("[::1]:0")));
  EXPECT_FALSE(is_loopback(parse_listen_address("0.0.0.0:0")));
  for (const char* wrong : {"", "80", "127.0.0.1", "host:80", "127.0.0.1:", "127.0.0.1:99999"}) {
    EXPECT_THROW(parse_listen_address(wrong), std::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace emulator
