// Who is let in, and what those are told who are not.
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "providers/http/base64.h"
#include "providers/http/host.h"
#include "tests/providers/postgres/door.h"
#include "tests/support/loopback_server.h"

namespace weir::test {
namespace {

constexpr const char* kCanary = "can'ary pass=word/+";

postgres::Options impatient() {
  postgres::Options options;
  // Time passes with the first pause.
  options.timing.sleep = [](Duration) {};
  options.timing.elapsed = [past = Duration::zero()]() mutable {
    return past += std::chrono::hours(1);
  };
  return options;
}

std::string quoted(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? std::string("''") : std::string(1, c);
  return literal + "'";
}

/// A role whose password the server asks for; the one of every other role it does not.
std::string new_role(const Door& door) {
  const std::string file = door.execute("SHOW hba_file");
  std::ofstream(file) << "local all +passworded scram-sha-256\nlocal all all trust\n";
  door.execute(
      "DO $$ BEGIN CREATE ROLE passworded; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  door.execute("SELECT pg_reload_conf()");
  std::string role = door.place().database + "_role";
  door.execute(
      fmt::format("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE passworded", role, quoted(kCanary)));
  return role;
}

std::string address_of(const std::string& role, const std::string& password) {
  return fmt::format("postgres://{}:{}@/x?host={}", role, http::percent_encode(password),
                     http::percent_encode(PostgresServers::get().socket().parent_path().string()));
}

std::unique_ptr<Databases> door_at(const std::string& address,
                                   postgres::Options options = impatient()) {
  return postgres::databases_at({{kBranch, Secret(address)}}, std::move(options));
}

/// A port on which nobody listens.
std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe, general, size) != 0 || getsockname(probe, general, &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  close(probe);
  return ntohs(address.sin_port);
}

TEST(PostgresDoor, LetsInWhoHasTheRightPassword) {
  const Door door;
  const auto own = door_at(address_of(new_role(door), kCanary));
  EXPECT_NE(own->snapshot(door.place()), "");
}

TEST(PostgresDoor, SaysWhoWasNotLetIn) {
  const Door door;
  const std::string role = new_role(door);
  const auto own = door_at(address_of(role, "wrong-canary"));
  const std::string said = refusal_of([&] { own->snapshot(door.place()); });
  EXPECT_EQ(said.substr(0, 7), "[28P01]") << said;
  EXPECT_TRUE(has(said, "does not let \"" + role + "\" in: password authentication failed"))
      << said;
  EXPECT_TRUE(has(said, "Check the role and the password of the address")) << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

TEST(PostgresDoor, SaysWhenThereIsNoSuchRole) {
  const Door door;
  const auto own = door_at(address_of("nobody", "canary"));
  const std::string said = refusal_of([&] { own->snapshot(door.place()); });
  EXPECT_EQ(said.substr(0, 7), "[28000]") << said;
  EXPECT_TRUE(has(said, "role \"nobody\" does not exist")) << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

TEST(PostgresDoor, SaysWhenThereIsNoSuchDatabase) {
  const Door door;
  const std::string said =
      refusal_of([&] { door->snapshot({.branch = kBranch, .database = "no'ne"}); });
  EXPECT_EQ(said.substr(0, 7), "[3D000]") << said;
  EXPECT_TRUE(has(said, "there is no database no'ne of projects/shop/branches/dev")) << said;
}

TEST(PostgresDoor, SaysWhenARoleMayNotConnect) {
  const Door door;
  const std::string role = new_role(door);
  door.execute("REVOKE CONNECT ON DATABASE " + door.place().database + " FROM PUBLIC");
  const auto own = door_at(address_of(role, kCanary));
  const std::string said = refusal_of([&] { own->snapshot(door.place()); });
  EXPECT_EQ(said.substr(0, 7), "[42501]") << said;
  EXPECT_TRUE(has(said, "Grant it CONNECT")) << said;
}

TEST(PostgresDoor, SaysWhenNobodyAnswers) {
  const std::string said = refusal_of([] {
    door_at(fmt::format("postgres://weir:canary@127.0.0.1:{}/x", free_port()))
        ->snapshot({.branch = kBranch, .database = "app"});
  });
  EXPECT_EQ(said.substr(0, 3), "[-]") << said;
  EXPECT_TRUE(has(said, "cannot reach database app of projects/shop/branches/dev at 127.0.0.1:"))
      << said;
  EXPECT_TRUE(has(said, "Connection refused")) << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

TEST(PostgresDoor, SaysWhenANameIsUnknown) {
  postgres::Options options = impatient();
  options.look_up = [](const std::string&) {
    return postgres::Addresses{.problem = "Name or service not known"};
  };
  const std::string said = refusal_of([&] {
    door_at("postgres://weir@db.example/x", options)
        ->snapshot({.branch = kBranch, .database = "app"});
  });
  EXPECT_EQ(said.substr(0, 3), "[-]") << said;
  EXPECT_TRUE(has(said, "at db.example:5432: the name is unknown here (Name or service not known)"))
      << said;
}

TEST(PostgresDoor, ComesBackToAServerThatHasNoRoomAtFirst) {
  const Door door;
  const std::string role = door.place().database + "_narrow";
  door.execute("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 0");
  postgres::Options options;
  int pauses = 0;
  options.timing.sleep = [&](Duration) {
    if (++pauses == 2) door.execute("ALTER ROLE " + role + " CONNECTION LIMIT 2");
  };
  const auto own = door_at(address_of(role, ""), options);
  EXPECT_NE(own->snapshot(door.place()), "");
  EXPECT_EQ(pauses, 2);
  door.execute("ALTER ROLE " + role + " CONNECTION LIMIT 0");
  const auto late = door_at(address_of(role, ""));
  const std::string said = refusal_of([&] { late->snapshot(door.place()); });
  EXPECT_EQ(said.substr(0, 8), "[53300-]") << said;
}

TEST(PostgresDoor, FindsOutWhetherARoleCanLogIn) {
  const Door door;
  const std::string role = new_role(door);
  EXPECT_TRUE(door->can_log_in(door.place(), role, Secret(kCanary)));
  EXPECT_FALSE(door->can_log_in(door.place(), role, Secret("wrong")));
  EXPECT_FALSE(door->can_log_in(door.place(), role, Secret("")));
  EXPECT_FALSE(door->can_log_in(door.place(), "nobody", Secret(kCanary)));
  door.execute("ALTER ROLE " + role + " NOLOGIN");
  EXPECT_FALSE(door->can_log_in(door.place(), role, Secret(kCanary)));
}

TEST(PostgresDoor, ThrowsWhenItCannotFindOutWhetherARoleCanLogIn) {
  const auto own = door_at(fmt::format("postgres://weir:canary@127.0.0.1:{}/x", free_port()));
  const std::string said = refusal_of([&] {
    own->can_log_in({.branch = kBranch, .database = "app"}, "app", Secret("other canary"));
  });
  EXPECT_EQ(said.substr(0, 3), "[-]") << said;
  EXPECT_FALSE(has(said, "canary")) << said;
}

TEST(PostgresDoor, NeverShowsASecretOfAStatement) {
  const Door door;
  const std::string canary = "SCRAM-SHA-256$4096:canary+/==";
  // The server quotes what it does not understand, and libpq the line it stands in.
  for (const char* form : {"ALTER ROLE x PASSWORD '{0}' '{0}'", "SELECT \"{0}\" FROM nowhere",
                           "DO $$ BEGIN RAISE EXCEPTION 'no %', '{0}'; END $$"}) {
    const std::string sent = fmt::format(fmt::runtime(form), canary);
    const std::string shown = sent.substr(0, sent.find(canary)) + "(secret)";
    const std::string said = refusal_of([&] {
      door->change(door.place(), [&](std::string_view) {
        return std::vector<SqlText>{{.shown = shown, .sent = Secret(sent)}};
      });
    });
    EXPECT_FALSE(has(said, "canary")) << said;
    EXPECT_TRUE(has(said, "(secret)`: the server's words are left out")) << said;
  }
}

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
