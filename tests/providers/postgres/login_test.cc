// Who is let in, and what those are told who are not.
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "providers/http/host.h"
#include "tests/providers/postgres/door.h"

namespace weir::test {
namespace {

constexpr const char* kCanary = "can'ary pass=word/+";

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

/// Leads to the right server once its first answer was doubted.
class MovingRoutes : public postgres::Routes {
 public:
  explicit MovingRoutes(std::string right) : right_(std::move(right)) {}

  postgres::Route route_to(const DatabasePlace& place) override {
    const std::string wrong = fmt::format("postgres://weir@127.0.0.1:{}/x", free_port());
    postgres::Route route;
    route.address = read_postgres_address(Secret(is_doubted_ ? right_ : wrong), "the address");
    route.address.keywords["dbname"] = place.database;
    return route;
  }
  Key key_to(const DatabasePlace& place) override { return {route_to(place).address.password}; }
  void doubt(const DatabasePlace& /*place*/) override { is_doubted_ = true; }
  bool renew(const DatabasePlace& /*place*/, const Secret& /*refused*/) override { return false; }
  Duration patience() const override { return std::chrono::seconds(10); }

 private:
  std::string right_;
  bool is_doubted_ = false;
};

TEST(PostgresDoor, AsksAgainWhereAServerIsThatDoesNotAnswer) {
  const Door door;
  postgres::PostgresDatabases moved(std::make_unique<MovingRoutes>(door.address()));
  EXPECT_NE(moved.snapshot(door.place()), "");
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
  door.execute("ALTER ROLE " + role + " NOLOGIN");
  const std::string said =
      refusal_of([&] { door->can_log_in(door.place(), role, Secret(kCanary)); });
  EXPECT_EQ(said.substr(0, 7), "[28000]") << "it was not the password that decided: " << said;
  door.execute("ALTER ROLE " + role + " LOGIN CONNECTION LIMIT 0");
  EXPECT_EQ(refusal_of([&] { door->can_log_in(door.place(), role, Secret(kCanary)); }).substr(0, 7),
            "[53300]");
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

}  // namespace
}  // namespace weir::test
