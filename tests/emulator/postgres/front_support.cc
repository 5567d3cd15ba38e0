#include "front_support.h"

#include <arpa/inet.h>
#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <libpq-fe.h>

namespace emulator::test {

void TokenGatekeeper::admit(const LoginAttempt& attempt, Decided decided) {
  Verdict verdict{.kind = Verdict::Kind::kAdmitted,
                  .sqlstate = "",
                  .message = "",
                  .endpoint = "ep-main",
                  .socket_folder = socket_folder_};
  if (attempt.password == "refuse-me") {
    verdict = {.kind = Verdict::Kind::kRefused,
               .sqlstate = "28P01",
               .message = "the token has expired",
               .endpoint = "",
               .socket_folder = ""};
  } else if (attempt.password != "the-token") {
    verdict.kind = Verdict::Kind::kCheckPassword;
  }
  {
    const std::lock_guard lock(mutex_);
    attempts_.push_back(attempt);
    if (verdict.kind != Verdict::Kind::kRefused) ++open_sessions_;
  }
  decided(verdict);
}

void TokenGatekeeper::session_ended(const std::string& endpoint) {
  EXPECT_EQ(endpoint, "ep-main");
  const std::lock_guard lock(mutex_);
  --open_sessions_;
}

std::string TokenGatekeeper::awake_socket_folder(const std::string&) {
  return socket_folder_;
}

int TokenGatekeeper::open_sessions() const {
  const std::lock_guard lock(mutex_);
  return open_sessions_;
}

std::vector<LoginAttempt> TokenGatekeeper::attempts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

FrontWorld::FrontWorld(FrontLimits limits) : address(an_address()) {
  world.create_root("br-main");
  world.create_role("br-main", {.name = "lakebase_test", .is_member_of_superuser = true});
  socket_folder = world.wake("br-main");
  gatekeeper = std::make_unique<TokenGatekeeper>(socket_folder);
  world.loop().do_on_loop([&] {
    front_ = std::make_unique<Front>(world.loop().loop, *gatekeeper, world.data_folder(), a_port(),
                                     limits);
    front_->open(address);
  });
}

FrontWorld::~FrontWorld() {
  world.loop().do_on_loop([&] { front_.reset(); });
  world.loop().do_on_loop([] {});  // what the front has posted
}

std::string FrontWorld::connection(const std::string& rest) const {
  return "host=" + address + " port=" + std::to_string(a_port()) +
         " user=lakebase_test password=the-token dbname=databricks_postgres"
         " sslmode=verify-full sslrootcert=" +
         ca_file() + " connect_timeout=30 gssencmode=disable " + rest;
}

std::string ask(const std::string& connection, const std::string& statement) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> session(PQconnectdb(connection.c_str()),
                                                           PQfinish);
  if (PQstatus(session.get()) != CONNECTION_OK) {
    return std::string("ERROR: ") + PQerrorMessage(session.get());
  }
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
      PQexec(session.get(), statement.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK) return PQcmdStatus(result.get());
  if (status != PGRES_TUPLES_OK) return std::string("ERROR: ") + PQerrorMessage(session.get());
  return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
}

std::string raw_exchange(const std::string& address, const std::string& bytes,
                         std::chrono::milliseconds limit) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(a_port());
  inet_pton(AF_INET, address.c_str(), &name.sin_addr);
  if (connect(client, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    close(client);
    return "cannot connect";
  }
  send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd readable{.fd = client, .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, static_cast<int>(limit.count())) <= 0) {
      answer += "(no end)";
      break;
    }
    const ssize_t count = recv(client, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(client);
  return answer;
}

}  // namespace emulator::test
