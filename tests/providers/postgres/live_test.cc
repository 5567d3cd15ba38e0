// The door with the real emulator: endpoints, tokens, TLS, sleep.
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "providers/postgres/postgres_databases.h"
#include "sql/read_catalogue.h"
#include "tests/emulator/live/emulator_process.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace weir::test {
namespace {

using emulator::test::becomes_true;
using emulator::test::EmulatorProcess;
using emulator::test::value_at;

const std::string kProduction = "projects/shop/branches/production";
const std::string kPrimary = kProduction + "/endpoints/primary";
const DatabasePlace kPlace = {.branch = kProduction, .database = "databricks_postgres"};

/// A project whose computes sleep after a minute, with its endpoint ready for changes.
void create_shop(const EmulatorProcess& emulator) {
  emulator.run("POST", "projects?project_id=shop",
               R"({"spec":{"default_endpoint_settings":{"suspend_timeout_duration":"60s"}}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "ACTIVE"; }));
}

void advance(const EmulatorProcess& emulator, const std::string& time) {
  emulator.call("POST", "/_emulator/clock", fmt::format(R"({{"advance":"{}"}})", time));
}

/// The door as a command of weir opens it.
class Door {
 public:
  explicit Door(const EmulatorProcess& emulator, std::map<std::string, std::string> more = {},
                postgres::Options options = {})
      : workspace_(http::resolve_configuration({}, variables(emulator, std::move(more)))),
        databases_(postgres::databases_of(workspace_, std::move(options))) {}

  Databases* operator->() const { return databases_.get(); }

 private:
  static http::Environment variables(const EmulatorProcess& emulator,
                                     std::map<std::string, std::string> more) {
    more.insert({{"DATABRICKS_HOST", fmt::format("http://127.0.0.1:{}", emulator.client().port)},
                 {"DATABRICKS_TOKEN", emulator.client().token},
                 {"WEIR_POSTGRES_PORT", std::to_string(emulator.postgres_port())},
                 {"WEIR_POSTGRES_CA", (emulator.folder() / "ca.pem").string()}});
    return [more](const std::string& name) {
      const auto found = more.find(name);
      return found == more.end() ? std::string() : found->second;
    };
  }

  http::Workspace workspace_;
  std::unique_ptr<Databases> databases_;
};

Databases::Script script_of(const std::string& statement) {
  return [statement](std::string_view) { return std::vector<SqlText>{{.shown = statement}}; };
}

std::string refusal_of(const std::function<void()>& action) {
  try {
    action();
    return "nothing was refused";
  } catch (const SqlError& error) {
    return fmt::format("[{}] {}", error.facts().sqlstate, error.what());
  }
}

TEST(PostgresDoorLive, ReachesABranchByItsNameAlone) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const Door door(emulator);
  door->change(kPlace, script_of("CREATE SCHEMA app"));
  const auto read = sql::read_catalogue(door->snapshot(kPlace));
  ASSERT_TRUE(read.catalogue) << read.problem;
  EXPECT_EQ(emulator.query(kPrimary,
                           "SELECT nspowner::regrole FROM pg_namespace"
                           " WHERE nspname = 'app'"),
            "\"developer@example.com\"");
}

TEST(PostgresDoorLive, IsToldByTheEmulatorHowEndpointsAreReached) {
  const EmulatorProcess emulator;
  std::ifstream stream(emulator.folder() / "client.env");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_NE(text.find(fmt::format("export WEIR_POSTGRES_PORT={}\n", emulator.postgres_port())),
            std::string::npos);
  EXPECT_NE(text.find(fmt::format("export WEIR_POSTGRES_CA='{}'\n",
                                  (emulator.folder() / "ca.pem").string())),
            std::string::npos);
}

TEST(PostgresDoorLive, WakesAnEndpointThatSleeps) {
  const EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  advance(emulator, "61s");
  ASSERT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "IDLE"; }));
  const Door door(emulator);
  EXPECT_NE(door->snapshot(kPlace), "");
}

TEST(PostgresDoorLive, MintsATokenAnewThatHasExpiredInTheMiddle) {
  const EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  const Door door(emulator);
  int asked = 0;
  door->change(kPlace, [&](std::string_view) {
    if (++asked == 1) {
      advance(emulator, "3601s");
      // Of the session that is open nobody asks for a token.
      emulator.kill_postgres();
    }
    return std::vector<SqlText>{{.shown = "CREATE SCHEMA app"}};
  });
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(emulator.query(kPrimary, "SELECT count(*) FROM pg_namespace WHERE nspname = 'app'"),
            "1");
}

TEST(PostgresDoorLive, SaysWhenWhoeverIsSignedInHasNoRole) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string token =
      value_at(emulator.call("POST", "/_emulator/identities",
                             R"({"user_name":"jane@example.com","groups":["admins"]})"),
               "token");
  const Door door(emulator, {{"DATABRICKS_TOKEN", token}});
  const std::string said = refusal_of([&] { door->snapshot(kPlace); });
  EXPECT_EQ(said.substr(0, 7), "[28P01]") << said;
  EXPECT_NE(said.find("does not let \"jane@example.com\" in"), std::string::npos) << said;
  EXPECT_NE(said.find("The branch must have a role for whoever is signed in"), std::string::npos);
  EXPECT_EQ(said.find(token), std::string::npos);
}

TEST(PostgresDoorLive, ShowsItsTokenToNobodyWithACertificateOfOthers) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const TemporaryFolder folder;
  const std::string other = folder.path() / "other.pem";
  write_certificate(other, "IP:127.0.0.1");
  const Door door(emulator, {{"WEIR_POSTGRES_CA", other}});
  const std::string said = refusal_of([&] { door->snapshot(kPlace); });
  EXPECT_NE(said.find("cannot prove who it is"), std::string::npos) << said;
  EXPECT_NE(said.find("WEIR_POSTGRES_CA"), std::string::npos) << said;
}

TEST(PostgresDoorLive, SaysWhenAnEndpointIsDisabledOrABranchIsNotThere) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("PATCH", kPrimary + "?update_mask=spec.disabled",
               R"({"spec":{"endpoint_type":"ENDPOINT_TYPE_READ_WRITE","disabled":true}})");
  const Door door(emulator);
  std::string said = refusal_of([&] { door->snapshot(kPlace); });
  EXPECT_NE(said.find("its endpoint primary is disabled"), std::string::npos) << said;
  said = refusal_of(
      [&] { door->snapshot({.branch = "projects/shop/branches/none", .database = "app"}); });
  EXPECT_NE(said.find("cannot reach database app of projects/shop/branches/none"),
            std::string::npos)
      << said;
}

TEST(PostgresDoorLive, FindsOutWhetherARoleCanLogIn) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("PATCH", "projects/shop?update_mask=spec.enable_pg_native_login",
               R"({"spec":{"enable_pg_native_login":true}})");
  const Door door(emulator);
  door->change(kPlace, script_of("CREATE ROLE app LOGIN PASSWORD 'canary'"));
  EXPECT_TRUE(door->can_log_in(kPlace, "app", Secret("canary")));
  EXPECT_FALSE(door->can_log_in(kPlace, "app", Secret("other")));
}

}  // namespace
}  // namespace weir::test
