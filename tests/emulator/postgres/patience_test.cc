// Servers that hang and descriptors that run out; no PostgreSQL is needed to show it.
#include <arpa/inet.h>
#include <chrono>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "emulator/gatekeeper.h"
#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/front.h"
#include "tests/support/temporary_folder.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using weir::test::TemporaryFolder;

/// Listens where a cluster would, and says nothing.
int listen_silently(const fs::path& folder) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string file = (folder / ".s.PGSQL.5432").string();
  file.copy(name.sun_path, sizeof name.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  EXPECT_EQ(listen(listener, 5), 0);
  return listener;
}

TEST(AdminSession, GivesUpOnAServerThatDoesNotAnswer) {
  const TemporaryFolder folder;
  const int listener = listen_silently(folder.path());
  const auto start = steady_clock::now();
  EXPECT_THROW(AdminSession(folder.path(), "postgres", kShortPatience), SqlFailure);
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(8));
  close(listener);
}

class NoGatekeeper : public Gatekeeper {
 public:
  void admit(const LoginAttempt& /*attempt*/, Decided decided) override { decided({}); }
  void session_ended(const std::string& /*endpoint*/) override {}
  std::string awake_socket_folder(const std::string& /*address*/) override { return ""; }
};

constexpr const char* kAddress = "127.213.0.1";
constexpr std::uint16_t kPort = 54'321;

/// Begins to connect without waiting for anything.
void begin_connecting(int client) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(kPort);
  ASSERT_EQ(inet_pton(AF_INET, kAddress, &name.sin_addr), 1);
  ASSERT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
}

/// Asks for encryption, and turns the loop until there is an answer.
char answer_to_ssl_request(Loop& loop, int client) {
  const std::string request("\0\0\0\x08\x04\xd2\x16\x2f", 8);
  EXPECT_EQ(send(client, request.data(), request.size(), 0), 8);
  char answer = ' ';
  for (int i = 0; i < 400 && recv(client, &answer, 1, MSG_DONTWAIT) < 1; ++i) {
    loop.turn(std::chrono::milliseconds(50));
  }
  return answer;
}

/// Sanitizers need descriptors themselves when they meet a type for the first time. A session's
/// thread has met all of them when its front is gone.
void let_sanitizers_meet_the_types(Loop& loop, Gatekeeper& gatekeeper, const fs::path& folder) {
  Front front(loop, gatekeeper, folder, kPort);
  front.open(kAddress);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  begin_connecting(client);
  EXPECT_EQ(answer_to_ssl_request(loop, client), 'S');
  close(client);
}

TEST(Front, RestsWhileThereAreNoDescriptors) {
  const TemporaryFolder folder;
  Loop loop;
  NoGatekeeper gatekeeper;
  let_sanitizers_meet_the_types(loop, gatekeeper, folder.path());
  Front front(loop, gatekeeper, folder.path(), kPort);
  front.open(kAddress);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  rlimit scarce = usual;
  scarce.rlim_cur = 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &scarce), 0);
  begin_connecting(client);
  int turns = 0;
  const auto end = steady_clock::now() + std::chrono::milliseconds(450);
  for (; steady_clock::now() < end; ++turns) loop.turn(std::chrono::milliseconds(450));
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_LT(turns, 30);
  EXPECT_EQ(answer_to_ssl_request(loop, client), 'S') << "although there are descriptors again";
  close(client);
}

}  // namespace
}  // namespace emulator
