// Servers that prove who they are, servers that do not, and servers that want to trick us.
#include <fstream>
#include <sys/stat.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "providers/http/base64.h"
#include "providers/http/host.h"
#include "tests/providers/postgres/door.h"
#include "tests/support/loopback_server.h"

namespace weir::test {
namespace {

/// A host as the service names them, with a label that no name service can have.
std::string long_name() {
  return "ep-" + std::string(80, 'x') + ".database.example";
}

/// A server of that name, which insists on encryption.
class Encrypted {
 public:
  Encrypted() : port_(free_port()) {
    const auto& folder = folder_.path();
    chmod(folder.c_str(), 0755);
    write_certificate(certificate(), "DNS:" + long_name());
    chmod(certificate().c_str(), 0644);
    std::ofstream(folder / "users") << "\"weir\" \"canary\"\n";
    std::ofstream(folder / "pool.ini")
        << "[databases]\n* = host=" << PostgresServers::get().socket().parent_path().string()
        << " port=5432 user=lakebase_internal\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = "
        << port_ << "\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = "
        << (folder / "users").string()
        << "\npool_mode = transaction\nserver_tls_sslmode = disable\nclient_tls_sslmode = require\n"
        << "client_tls_cert_file = " << certificate() << "\nclient_tls_key_file = " << certificate()
        << "\n";
    process_ = std::make_unique<emulator::Process>(emulator::Command{
        .arguments = {"/usr/sbin/pgbouncer", (folder / "pool.ini").string()}, .user = user_});
  }

  std::string certificate() const { return folder_.path() / "server.pem"; }
  std::string address(const std::string& authority) const {
    return fmt::format("postgres://weir:canary@{}:{}/x?sslrootcert={}", long_name(), port_,
                       http::percent_encode(authority));
  }
  std::string address() const { return address(certificate()); }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  emulator::SystemUser user_ = emulator::find_system_user("postgres");
  std::uint16_t port_;
  std::unique_ptr<emulator::Process> process_;
};

postgres::Options knowing_the_name() {
  postgres::Options options;
  options.look_up = [](const std::string&) {
    return postgres::Addresses{.numeric = {"127.0.0.1"}};
  };
  return options;
}

TEST(PostgresDoor, ReachesANameThatIsTooLongForTheSystem) {
  const Door door;
  const Encrypted server;
  const auto own = door_at(server.address(), knowing_the_name());
  EXPECT_NE(own->snapshot(door.place()), "");
  own->change(door.place(), script_of({"CREATE SCHEMA a"}));
  EXPECT_TRUE(own->can_log_in(door.place(), "weir", Secret("canary")));
}

TEST(PostgresDoor, ShowsItsPasswordToNobodyWhoCannotProveWhoHeIs) {
  const Door door;
  const Encrypted server;
  const std::string wrong = server.folder().path() / "wrong.pem";
  write_certificate(wrong, "DNS:" + long_name());
  const auto own = door_at(server.address(wrong), knowing_the_name());
  const std::string said = refusal_of([&] { own->snapshot(door.place()); });
  EXPECT_EQ(said.substr(0, 3), "[-]") << said;
  EXPECT_TRUE(has(said, "cannot prove who it is")) << said;
  EXPECT_TRUE(has(said, "sslrootcert")) << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

TEST(PostgresDoor, DoesNotRepeatASecretThatAServerSendsBack) {
  const Secret password("hostile canary+/");
  LoopbackServer server([&](Peer& peer) {
    peer.read_some();  // asks for encryption
    peer.send("N");
    peer.read_some();
    const std::string body =
        fmt::format("SFATAL{0}C3D000{0}M{1} and {2} and {3} \x1b[2J{0}{0}", '\0', password.reveal(),
                    http::percent_encode(password.reveal()), http::base64_of(password.reveal()));
    const auto size = static_cast<char>(body.size() + 4);
    peer.send(std::string("E\0\0\0", 4) + size + body);
  });
  const auto own = door_at(fmt::format("postgres://weir:{}@127.0.0.1:{}/x",
                                       http::percent_encode(password.reveal()), server.port()));
  const std::string said =
      refusal_of([&] { own->snapshot({.branch = kBranch, .database = "app"}); });
  EXPECT_TRUE(has(said, "(password) and (password) and (password) [2J (3D000)")) << said;
}

TEST(PostgresDoor, SpeaksToNoServerElsewhereInTheClear) {
  LoopbackServer server([](Peer& peer) { peer.send("N"); });
  const std::string address = fmt::format("postgres://weir:canary@db.example:{}/x", server.port());
  const auto own = door_at(address, knowing_the_name());
  const std::string said =
      refusal_of([&] { own->snapshot({.branch = kBranch, .database = "app"}); });
  EXPECT_TRUE(has(said, "cannot prove who it is")) << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

}  // namespace
}  // namespace weir::test
