#include "emulator/postgres/front.h"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "emulator/postgres/failure.h"
#include "front_support.h"

namespace emulator::test {
namespace {

using ::std::string_literals::operator""s;

std::string startup_of(const std::string& parameters) {
  const std::string body = "\0\3\0\0"s + parameters;
  return "\0\0\0"s + static_cast<char>(body.size() + 4) + body;
}

/// An open libpq session, or the remains of one that was refused.
class Client {
 public:
  explicit Client(const std::string& connection) : session_(PQconnectdb(connection.c_str())) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { PQfinish(session_); }
  PGconn* get() const { return session_; }

 private:
  PGconn* session_;
};

TEST(Front, LetsATokenThroughWithACertificateThatVerifiesFully) {
  FrontWorld front;

  EXPECT_EQ(ask(front.connection(), "SELECT current_user || ' ' || current_database()"),
            "lakebase_test databricks_postgres");

  EXPECT_TRUE(becomes_true([&] { return front.gatekeeper->open_sessions() == 0; }));
  ASSERT_EQ(front.gatekeeper->attempts().size(), 1U);
  EXPECT_EQ(front.gatekeeper->attempts()[0].address, front.address);
  EXPECT_EQ(front.gatekeeper->attempts()[0].user, "lakebase_test");
}

TEST(Front, IsRefusedByClientsThatTrustAnotherAuthority) {
  FrontWorld front;
  const TemporaryFolder folder;
  const Authority stranger(folder.path());

  const std::string answer =
      ask(front.connection("sslrootcert=" + stranger.certificate_file().string()), "SELECT 1");

  EXPECT_NE(answer.find("certificate verify failed"), std::string::npos) << answer;
}

TEST(Front, PassesOnWhyTheGatekeeperRefuses) {
  FrontWorld front;

  const std::string answer = ask(front.connection("password=refuse-me"), "SELECT 1");

  EXPECT_NE(answer.find("the token has expired"), std::string::npos) << answer;
}

TEST(Front, ChecksNativePasswordsAgainstTheCluster) {
  FrontWorld front;
  sql(front.socket_folder, "ALTER ROLE lakebase_test PASSWORD 'open sesame'");

  EXPECT_EQ(ask(front.connection("password='open sesame'"), "SELECT 7"), "7");
  const std::string wrong = ask(front.connection("password='open barley'"), "SELECT 7");
  EXPECT_NE(wrong.find("password authentication failed"), std::string::npos) << wrong;
  EXPECT_TRUE(becomes_true([&] { return front.gatekeeper->open_sessions() == 0; }));
}

TEST(Front, RefusesNativeLoginsWithoutPasswordOrLogin) {
  FrontWorld front;
  sql(front.socket_folder, "CREATE ROLE nologin NOLOGIN PASSWORD 'x'");
  sql(front.socket_folder, "CREATE ROLE late LOGIN PASSWORD 'x' VALID UNTIL '2020-01-01'");

  for (const std::string user : {"lakebase_test", "nologin", "late", "nobody"}) {
    const std::string answer = ask(front.connection("user=" + user + " password=x"), "SELECT 1");
    EXPECT_NE(answer.find("password authentication failed"), std::string::npos) << answer;
  }
}

TEST(Front, NeverLetsTheInternalSuperuserIn) {
  FrontWorld front;

  const std::string answer = ask(front.connection("user=lakebase_internal"), "SELECT 1");

  EXPECT_NE(answer.find("password authentication failed"), std::string::npos) << answer;
  EXPECT_TRUE(front.gatekeeper->attempts().empty());
}

TEST(Front, TellsClientsWithoutTlsToUseIt) {
  FrontWorld front;

  const std::string answer = ask(front.connection("sslmode=disable"), "SELECT 1");

  EXPECT_NE(answer.find("requires TLS"), std::string::npos) << answer;
  EXPECT_NE(raw_exchange(front.address, startup_of("user\0a\0\0"s)).find("C28000"),
            std::string::npos);
}

TEST(Front, AnswersGarbageAndGoesOn) {
  FrontWorld front;
  const std::vector<std::string> garbage = {
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "\xFF\xFF\xFF\xFF____"s,
      "\0\0\0\x04"s,
      "\0\0\0\x08\0\0\0\0"s,
      startup_of("user\0a"s),
      startup_of("\0"s),
      "\0\0\0\x08\x04\xD2\x16\x2F"s + "not a TLS greeting at all"};

  for (const std::string& bytes : garbage) {
    const std::string answer = raw_exchange(front.address, bytes);
    EXPECT_EQ(answer.find("(no end)"), std::string::npos) << answer;
  }

  EXPECT_EQ(ask(front.connection(), "SELECT 1"), "1");
}

TEST(Front, RefusesOversizeStartupPackets) {
  FrontWorld front;

  const std::string answer =
      raw_exchange(front.address, "\0\x01\0\0\0\3\0\0"s + std::string(65528, 'x'));

  EXPECT_NE(answer.find("C08P01"), std::string::npos) << answer;
}

TEST(Front, HangsUpOnSlowHandshakes) {
  FrontWorld front({.handshake = std::chrono::milliseconds(200)});

  EXPECT_EQ(raw_exchange(front.address, "\0\0"s), "");
  EXPECT_EQ(raw_exchange(front.address, "\0\0\0\x08\x04\xD2\x16\x2F"s), "S");
}

TEST(Front, RefusesReplication) {
  FrontWorld front;

  const std::string answer = ask(front.connection("replication=database"), "IDENTIFY_SYSTEM");

  EXPECT_NE(answer.find("replication connections are not offered"), std::string::npos) << answer;
}

TEST(Front, ReportsADatabaseThatDoesNotExist) {
  FrontWorld front;

  const std::string answer = ask(front.connection("dbname=nowhere"), "SELECT 1");

  EXPECT_NE(answer.find("database \"nowhere\" does not exist"), std::string::npos) << answer;
}

TEST(Front, ForwardsCancelRequests) {
  FrontWorld front;
  const Client client(front.connection());
  PGconn* session = client.get();
  ASSERT_EQ(PQstatus(session), CONNECTION_OK) << PQerrorMessage(session);
  ASSERT_EQ(PQsendQuery(session, "SELECT pg_sleep(60)"), 1);
  ASSERT_TRUE(becomes_true([&] {
    return sql(front.socket_folder,
               "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' "
               "AND state = 'active'") == "1";
  }));

  PGcancel* cancel = PQgetCancel(session);
  char error[256];
  EXPECT_EQ(PQcancel(cancel, error, sizeof error), 1) << error;

  PGresult* result = PQgetResult(session);
  EXPECT_STREQ(PQresultErrorField(result, PG_DIAG_SQLSTATE), "57014");
  PQclear(result);
  PQfreeCancel(cancel);
}

TEST(Front, PassesBigResultsThrough) {
  FrontWorld front;

  EXPECT_EQ(ask(front.connection(), "SELECT repeat('x', 50000000)").size(), 50000000U);
}

TEST(Front, PassesABigCopyThrough) {
  FrontWorld front;
  const Client client(front.connection());
  PGconn* session = client.get();
  ASSERT_EQ(PQstatus(session), CONNECTION_OK) << PQerrorMessage(session);
  PQclear(PQexec(session, "CREATE TABLE lines (line text)"));
  PQclear(PQexec(session, "COPY lines FROM STDIN"));
  const std::string line = std::string(999, 'y') + "\n";
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(PQputCopyData(session, line.data(), static_cast<int>(line.size())), 1);
  }
  ASSERT_EQ(PQputCopyEnd(session, nullptr), 1);
  PGresult* result = PQgetResult(session);
  EXPECT_STREQ(PQcmdStatus(result), "COPY 20000") << PQerrorMessage(session);
  PQclear(result);
}

TEST(Front, ServesFiftySessionsAtOnce) {
  FrontWorld front;
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  clients.reserve(50);
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back([&, i] {
      const std::string wanted = std::to_string(i);
      if (ask(front.connection(), "SELECT " + wanted + " FROM pg_sleep(0.2)") == wanted) ++right;
    });
  }
  for (std::thread& client : clients) client.join();

  EXPECT_EQ(right, 50);
  EXPECT_TRUE(becomes_true([&] { return front.gatekeeper->open_sessions() == 0; }));
}

TEST(Front, TellsClientsOverTheLimitSo) {
  FrontWorld front({.sessions = 1});
  auto first = std::make_unique<Client>(front.connection());
  ASSERT_EQ(PQstatus(first->get()), CONNECTION_OK) << PQerrorMessage(first->get());

  const std::string answer = ask(front.connection(), "SELECT 1");

  EXPECT_NE(answer.find("too many clients"), std::string::npos) << answer;
  first.reset();
  EXPECT_TRUE(becomes_true([&] { return ask(front.connection(), "SELECT 1") == "1"; }));
}

TEST(Front, ListensOnLoopbackAddressesAlone) {
  FrontWorld front;
  TokenGatekeeper gatekeeper("");
  front.world.loop().do_on_loop([&] {
    Front second(front.world.loop().loop, gatekeeper, front.world.data_folder(), a_port());
    for (const std::string address : {"0.0.0.0", "128.0.0.1", "10.0.0.1", "::", "localhost", ""}) {
      EXPECT_THROW(second.open(address), Failure) << address;
    }
  });
}

}  // namespace
}  // namespace emulator::test
