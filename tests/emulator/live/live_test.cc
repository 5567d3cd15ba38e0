// The real program with real PostgreSQL: logins, sleep and wake-up, crashes.
#include <csignal>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/emulator/live/emulator_process.h"

namespace emulator {
namespace {

using test::becomes_true;
using test::EmulatorProcess;
using test::value_at;

const std::string kProduction = "projects/shop/branches/production";
const std::string kPrimary = kProduction + "/endpoints/primary";

/// A project whose computes sleep after a minute, with its endpoint ready for changes.
void create_shop(const EmulatorProcess& emulator) {
  emulator.run("POST", "projects?project_id=shop",
               R"({"spec":{"default_endpoint_settings":{"suspend_timeout_duration":"60s"}}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "ACTIVE"; }));
}

void advance(const EmulatorProcess& emulator, const std::string& time) {
  emulator.call("POST", "/_emulator/clock", fmt::format(R"({{"advance":"{}"}})", time));
}

TEST(LiveEmulator, LetsTheOwnerOfAProjectCreateTables) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders (item text)");
  emulator.query(kPrimary, "insert into orders values ('tea')");
  EXPECT_EQ(emulator.query(kPrimary, "select current_user, item from orders"),
            "developer@example.com|tea");
}

TEST(LiveEmulator, GivesABranchTheDataOfItsParentAndThenItsOwn) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  emulator.run("POST", "projects/shop/branches?branch_id=dev", R"({"spec":{"no_expiry":true}})");
  const std::string dev = "projects/shop/branches/dev/endpoints/primary";
  emulator.query(dev, "insert into orders values ('cake')");
  emulator.query(kPrimary, "insert into orders values ('milk')");
  EXPECT_EQ(emulator.query(dev, "table orders order by 1"), "cake,tea");
  EXPECT_EQ(emulator.query(kPrimary, "table orders order by 1"), "milk,tea");
}

TEST(LiveEmulator, RestoresABranchToAPastTimeOfTheVirtualClock) {
  const EmulatorProcess emulator({"--clock", "2026-08-20T12:00:00Z"});
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  advance(emulator, "1h");
  emulator.query(kPrimary, "insert into orders values ('cake')");
  advance(emulator, "1h");
  emulator.run("POST", "projects/shop/branches?branch_id=past",
               R"({"spec":{"no_expiry":true,"source_branch_time":"2026-08-20T12:30:00Z"}})");
  EXPECT_EQ(emulator.query("projects/shop/branches/past/endpoints/primary", "table orders"), "tea");
}

TEST(LiveEmulator, RefusesATokenThatHasExpired) {
  const EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  const std::string token = emulator.credential_for(kPrimary);
  EXPECT_EQ(emulator.refusal(kPrimary, "developer@example.com", token), "");
  advance(emulator, "3601s");
  EXPECT_NE(emulator.refusal(kPrimary, "developer@example.com", token)
                .find("password authentication failed"),
            std::string::npos);
}

TEST(LiveEmulator, RefusesATokenOfAnotherEndpoint) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("POST", "projects/shop/branches?branch_id=dev", R"({"spec":{"no_expiry":true}})");
  const std::string token = emulator.credential_for("projects/shop/branches/dev/endpoints/primary");
  EXPECT_NE(emulator.refusal(kPrimary, "developer@example.com", token), "");
}

TEST(LiveEmulator, RefusesATokenOfAnotherIdentityAndTheRestTokenItself) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string jane = value_at(
      emulator.call("POST", "/_emulator/identities", R"({"user_name":"jane@example.com"})"),
      "token");
  const test::Client as_jane{.port = emulator.client().port, .token = jane};
  const std::string token = value_at(as_jane
                                         .call("POST", EmulatorProcess::api("credentials"),
                                               fmt::format(R"({{"endpoint":"{}"}})", kPrimary))
                                         .body,
                                     "token");
  EXPECT_NE(emulator.refusal(kPrimary, "developer@example.com", token), "");
  EXPECT_NE(emulator.refusal(kPrimary, "jane@example.com", token), "") << "she has no role here";
  EXPECT_NE(emulator.refusal(kPrimary, "developer@example.com", emulator.client().token), "");
  emulator.run("POST", kProduction + "/roles?role_id=jane",
               R"({"spec":{"postgres_role":"jane@example.com","identity_type":"USER"}})");
  EXPECT_EQ(emulator.refusal(kPrimary, "jane@example.com", token), "");
  emulator.run("DELETE", kProduction + "/roles/jane");
  EXPECT_NE(emulator.refusal(kPrimary, "jane@example.com", token), "") << "the role is gone";
}

TEST(LiveEmulator, TakesPasswordsOnlyWhereNativeLoginIsOn) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("POST", kProduction + "/roles?role_id=app-owner",
               R"({"spec":{"postgres_role":"app_owner"}})");
  emulator.query(kPrimary, "alter role app_owner password 'correct horse'");
  EXPECT_NE(emulator.refusal(kPrimary, "app_owner", "correct horse"), "");
  emulator.run("PATCH", "projects/shop?update_mask=spec.enable_pg_native_login",
               R"({"spec":{"enable_pg_native_login":true}})");
  EXPECT_EQ(emulator.refusal(kPrimary, "app_owner", "correct horse"), "");
  EXPECT_NE(emulator.refusal(kPrimary, "app_owner", "wrong horse"), "");
}

TEST(LiveEmulator, ShowsRolesAndDatabasesThatSqlHasMade) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create role reporting");
  emulator.query(kPrimary, "create database stock");
  EXPECT_NE(emulator.get(kProduction + "/roles").find(R"("postgres_role":"reporting")"),
            std::string::npos);
  EXPECT_NE(emulator.get(kProduction + "/databases").find(R"("postgres_database":"stock")"),
            std::string::npos);
  emulator.query(kPrimary, "drop role reporting");
  EXPECT_EQ(emulator.get(kProduction + "/roles").find("reporting"), std::string::npos);
}

TEST(LiveEmulator, StopsAComputeWithoutConnectionsAndWakesItForTheNextOne) {
  const EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  EXPECT_EQ(emulator.state_of(kPrimary), "ACTIVE");
  advance(emulator, "61s");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "IDLE"; }));
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  EXPECT_EQ(emulator.query(kPrimary, "select 1"), "1");
  EXPECT_EQ(emulator.state_of(kPrimary), "ACTIVE");
  EXPECT_EQ(value_at(emulator.call("GET", "/_emulator/metrics"), "wakes"),
            fmt::format(R"({{"{}":1}})", kPrimary));
}

TEST(LiveEmulator, ShowsAComputeAsleepWhoseServerHasDiedAndWakesItForTheNextConnection) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  emulator.kill_postgres();
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "IDLE"; }));
  EXPECT_EQ(emulator.query(kPrimary, "table orders"), "tea");
  EXPECT_EQ(emulator.state_of(kPrimary), "ACTIVE");
}

TEST(LiveEmulator, ListsRolesWhileTheirBranchIsBeingCopied) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary,
                 "create table filler as select repeat(md5(i::text), 30) "
                 "from generate_series(1, 300000) as i");
  emulator.call("POST", emulator.api("projects/shop/branches?branch_id=dev"),
                R"({"spec":{"no_expiry":true}})");
  emulator.get(kProduction + "/roles");
  const std::string dev = emulator.get("projects/shop/branches/dev");
  EXPECT_EQ(value_at(dev, "status.current_state"), "INIT");
}

TEST(LiveEmulator, ForgetsHistoryThatIsOlderThanItsProjectKeeps) {
  const EmulatorProcess emulator({"--clock", "2026-08-20T12:00:00Z"});
  create_shop(emulator);
  // A new copy is made when a compute wakes after much has been written and it has slept.
  for (const std::string table : {"one", "two"}) {
    emulator.query(kPrimary, "create table " + table +
                                 " as select repeat(md5(i::text), 30) "
                                 "from generate_series(1, 100000) as i");
    // The end of the session may reach the emulator after the leap.
    EXPECT_TRUE(becomes_true([&] {
      advance(emulator, "61s");
      return emulator.state_of(kPrimary) == "IDLE";
    }));
  }
  EXPECT_EQ(emulator.base_copies(), 2);
  // What is older than seven days goes, to the second of real time; so it may take another day.
  advance(emulator, "240h");
  EXPECT_TRUE(becomes_true([&] {
    advance(emulator, "24h");
    return emulator.base_copies() == 1;
  }));
}

TEST(LiveEmulator, RefusesConnectionsToADisabledEndpoint) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("PATCH", kPrimary + "?update_mask=spec.disabled", R"({"spec":{"disabled":true}})");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) == "IDLE"; }));
  EXPECT_NE(emulator.refusal(kPrimary, "developer@example.com", emulator.credential_for(kPrimary))
                .find("is disabled"),
            std::string::npos);
}

TEST(LiveEmulator, RefusesWritesOnAReadOnlyEndpointThatFollowsItsBranch) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  emulator.run("POST", kProduction + "/endpoints?endpoint_id=reader",
               R"({"spec":{"endpoint_type":"ENDPOINT_TYPE_READ_ONLY"}})");
  const std::string reader = kProduction + "/endpoints/reader";
  emulator.query(kPrimary, "insert into orders values ('cake')");
  EXPECT_TRUE(
      becomes_true([&] { return emulator.query(reader, "select count(*) from orders") == "2"; }));
  EXPECT_THROW(emulator.query(reader, "set transaction_read_only = off; delete from orders"),
               std::runtime_error);
}

TEST(LiveEmulator, ShowsOnAReadOnlyEndpointWhatWasCommittedRightBeforeAKill) {
  EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  emulator.run("POST", kProduction + "/endpoints?endpoint_id=reader",
               R"({"spec":{"endpoint_type":"ENDPOINT_TYPE_READ_ONLY"}})");
  const std::string reader = kProduction + "/endpoints/reader";
  advance(emulator, "61s");
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(reader) == "IDLE"; }));
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_EQ(emulator.query(reader, "table orders"), "tea");
  EXPECT_EQ(emulator.state_of(kPrimary), "IDLE") << "its own endpoint still sleeps";
}

TEST(LiveEmulator, KeepsAnEndpointAsItWasWhenItsNewSettingsAreRefused) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string before = value_at(emulator.get(kPrimary), "status.settings");
  const std::string name =
      value_at(emulator.call("PATCH", EmulatorProcess::api(kPrimary + "?update_mask=spec.settings"),
                             R"({"spec":{"settings":{"pg_settings":{"work_mem":"banana"}}}})"),
               "name");
  EXPECT_TRUE(becomes_true([&] { return value_at(emulator.get(name), "done") == "true"; }));
  EXPECT_EQ(value_at(emulator.get(name), "error.error_code"), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(value_at(emulator.get(kPrimary), "status.settings"), before);
  EXPECT_EQ(emulator.query(kPrimary, "select 1"), "1");
}

TEST(LiveEmulator, TakesUpNewSettingsOfAnEndpoint) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.run("PATCH", kPrimary + "?update_mask=spec.settings",
               R"({"spec":{"settings":{"pg_settings":{"work_mem":"7MB"}}}})");
  EXPECT_EQ(emulator.query(kPrimary, "show work_mem"), "7MB");
}

TEST(LiveEmulator, RefusesTheTokenOfANamesakeThatIsGone) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string branch = "projects/shop/branches?branch_id=dev";
  const std::string endpoint = "projects/shop/branches/dev/endpoints/primary";
  emulator.run("POST", branch, R"({"spec":{"no_expiry":true}})");
  const std::string token = emulator.credential_for(endpoint);
  emulator.run("DELETE", "projects/shop/branches/dev?purge=true");
  emulator.run("POST", branch, R"({"spec":{"no_expiry":true}})");
  EXPECT_NE(emulator.refusal(endpoint, "developer@example.com", token), "");
}

TEST(LiveEmulator, HasEverythingAfterKillAndRestart) {
  EmulatorProcess emulator;
  create_shop(emulator);
  emulator.query(kPrimary, "create table orders as select 'tea' as item");
  const std::string before = emulator.get("projects/shop");
  emulator.stop(SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }))
      << "no server outlives the emulator";
  emulator.start();
  EXPECT_EQ(value_at(emulator.get("projects/shop"), "uid"), value_at(before, "uid"));
  EXPECT_EQ(emulator.state_of(kPrimary), "IDLE");
  EXPECT_EQ(emulator.query(kPrimary, "table orders"), "tea");
}

TEST(LiveEmulator, FinishesAfterARestartWhatAKillInterrupted) {
  EmulatorProcess emulator({"--latency", "branch.create=1s"});
  create_shop(emulator);
  const std::string operation =
      value_at(emulator.call("POST", EmulatorProcess::api("projects/shop/branches?branch_id=dev"),
                             R"({"spec":{"no_expiry":true}})"),
               "name");
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_TRUE(becomes_true([&] { return value_at(emulator.get(operation), "done") == "true"; }));
  EXPECT_EQ(emulator.query("projects/shop/branches/dev/endpoints/primary", "select 1"), "1");
}

TEST(LiveEmulator, SpendsNoProcessOnAHundredSleepingBranches) {
  const EmulatorProcess emulator({"--clock", "virtual", "--assume", "branches_per_project=200"});
  create_shop(emulator);
  for (int i = 0; i < 100; ++i) {
    emulator.run("POST", fmt::format("projects/shop/branches?branch_id=b{}", i),
                 R"({"spec":{"no_expiry":true}})");
    advance(emulator, "61s");
  }
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
}

TEST(LiveEmulator, AnswersAfterAFaultThatKilledItBeforeItsAnswer) {
  EmulatorProcess emulator;
  emulator.call("POST", "/_emulator/faults",
                R"({"faults":[{"do":"kill","when":"after","method":"POST"}]})");
  const test::Answer answer = emulator.client().call(
      "POST", EmulatorProcess::api("projects?project_id=shop"), R"({"spec":{}})");
  EXPECT_EQ(answer.status, 0);
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_TRUE(becomes_true([&] { return emulator.state_of(kPrimary) != "INIT"; }));
  EXPECT_EQ(emulator.query(kPrimary, "select 1"), "1");
}

}  // namespace
}  // namespace emulator
