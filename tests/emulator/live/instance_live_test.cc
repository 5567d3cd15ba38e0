// Provisioned instances in the real program with real PostgreSQL: logins, stop and start, copies of
// the past, secondaries, roles, crashes.
#include <array>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/emulator/live/emulator_process.h"

namespace emulator {
namespace {

using test::becomes_true;
using test::EmulatorProcess;
using test::value_at;

constexpr const char* kDeveloper = "developer@example.com";
constexpr const char* kShop = "instances/shop-db";

std::string path(const std::string& target) {
  return "/api/2.0/database/" + target;
}

std::string get(const EmulatorProcess& emulator, const std::string& target) {
  return emulator.call("GET", path(target));
}

bool is_in_state(const EmulatorProcess& emulator, const std::string& instance,
                 const std::string& state) {
  return becomes_true([&] { return value_at(get(emulator, instance), "state") == state; });
}

void create(const EmulatorProcess& emulator, const std::string& body) {
  const std::string made = emulator.call("POST", path("instances"), body);
  EXPECT_EQ(value_at(made, "state"), "STARTING");
  EXPECT_TRUE(is_in_state(emulator, "instances/" + value_at(made, "name"), "AVAILABLE"));
}

void create_shop(const EmulatorProcess& emulator) {
  create(emulator, R"({"name":"shop-db"})");
}

void change(const EmulatorProcess& emulator, const std::string& mask, const std::string& value,
            const std::string& state = "AVAILABLE") {
  emulator.call("PATCH", path(std::string(kShop) + "?update_mask=" + mask),
                fmt::format(R"({{"{}":{}}})", mask, value));
  EXPECT_TRUE(is_in_state(emulator, kShop, state));
}

std::string credential_for(const test::Client& client, const std::string& instance) {
  const std::string body =
      fmt::format(R"({{"instance_names":["{}"]}})", instance.substr(instance.find('/') + 1));
  return value_at(client.call("POST", path("credentials"), body).body, "token");
}

std::string host_of(const EmulatorProcess& emulator, const std::string& instance) {
  return value_at(get(emulator, instance), "read_write_dns");
}

std::string query(const EmulatorProcess& emulator, const std::string& instance,
                  const std::string& sql) {
  return emulator.query_at(host_of(emulator, instance), kDeveloper,
                           credential_for(emulator.client(), instance), sql);
}

std::string refusal(const EmulatorProcess& emulator, const std::string& instance,
                    const std::string& user, const std::string& password) {
  return emulator.refusal_at(host_of(emulator, instance), user, password);
}

test::Client client_of(const EmulatorProcess& emulator, const std::string& user) {
  const std::string made =
      emulator.call("POST", "/_emulator/identities", fmt::format(R"({{"user_name":"{}"}})", user));
  return {.port = emulator.client().port, .token = value_at(made, "token")};
}

void advance(const EmulatorProcess& emulator, const std::string& time) {
  emulator.call("POST", "/_emulator/clock", fmt::format(R"({{"advance":"{}"}})", time));
}

TEST(LiveInstance, LetsItsCreatorCreateTables) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  EXPECT_EQ(query(emulator, kShop, "select current_user, current_database(), item from orders"),
            "developer@example.com|databricks_postgres|tea");
}

TEST(LiveInstance, RefusesTokensOfOthersAndOfTheOtherApi) {
  const EmulatorProcess emulator({"--clock", "virtual"});
  create_shop(emulator);
  create(emulator, R"({"name":"bakery-db"})");
  emulator.run("POST", "projects?project_id=shop", R"({"spec":{}})");
  const std::string bakery = credential_for(emulator.client(), "instances/bakery-db");
  const std::string primary = "projects/shop/branches/production/endpoints/primary";
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, bakery), "");
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, emulator.credential_for(primary)), "");
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, emulator.client().token), "");
  const std::string shop = credential_for(emulator.client(), kShop);
  EXPECT_NE(emulator.refusal(primary, kDeveloper, shop), "");
  EXPECT_EQ(refusal(emulator, kShop, kDeveloper, shop), "");
  advance(emulator, "3601s");
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, shop), "") << "it has expired";
}

TEST(LiveInstance, OpensSeveralInstancesWithOneToken) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  create(emulator, R"({"name":"bakery-db"})");
  const std::string token = value_at(
      emulator.call("POST", path("credentials"), R"({"instance_names":["shop-db","bakery-db"]})"),
      "token");
  EXPECT_EQ(refusal(emulator, kShop, kDeveloper, token), "");
  EXPECT_EQ(refusal(emulator, "instances/bakery-db", kDeveloper, token), "");
}

TEST(LiveInstance, OpensNothingWithATokenOfClaimsAlone) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string body =
      R"({"claims":[{"permission_set":"READ_ONLY","resources":[{"table_name":"a.b.c"}]}]})";
  const std::string token = value_at(emulator.call("POST", path("credentials"), body), "token");
  EXPECT_NE(token, "");
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, token), "");
}

TEST(LiveInstance, StopsItsServerAndStartsItAgainWithItsData) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  const std::string token = credential_for(emulator.client(), kShop);
  change(emulator, "stopped", "true", "STOPPED");
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, token).find("is not available"),
            std::string::npos);
  change(emulator, "stopped", "false");
  EXPECT_EQ(query(emulator, kShop, "table orders"), "tea");
}

TEST(LiveInstance, StartsNoServerWhenItIsCreatedStopped) {
  const EmulatorProcess emulator;
  emulator.call("POST", path("instances"), R"({"name":"shop-db","stopped":true})");
  EXPECT_TRUE(is_in_state(emulator, kShop, "STOPPED"));
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  change(emulator, "stopped", "false");
  EXPECT_EQ(query(emulator, kShop, "select 1"), "1");
}

TEST(LiveInstance, GivesAChildThePastOfItsParentAndThenItsOwn) {
  const EmulatorProcess emulator({"--clock", "2026-08-20T12:00:00Z"});
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  query(emulator, kShop, "create role reporting");
  query(emulator, kShop, "create database stock");
  advance(emulator, "1h");
  query(emulator, kShop, "insert into orders values ('cake')");
  query(emulator, kShop, "create role later");
  advance(emulator, "1h");
  create(emulator, R"({"name":"past-db","parent_instance_ref":)"
                   R"({"name":"shop-db","branch_time":"2026-08-20T12:30:00Z"}})");
  const std::string past = "instances/past-db";
  EXPECT_EQ(query(emulator, past, "table orders"), "tea");
  query(emulator, past, "insert into orders values ('milk')");
  EXPECT_EQ(query(emulator, kShop, "table orders order by 1"), "cake,tea");
  const std::string roles = get(emulator, past + "/roles");
  EXPECT_NE(roles.find(R"("reporting")"), std::string::npos) << roles;
  EXPECT_EQ(roles.find(R"("later")"), std::string::npos) << roles;
  EXPECT_NE(get(emulator, past + "/databases").find(R"("stock")"), std::string::npos);
  const std::string child = get(emulator, past);
  EXPECT_NE(value_at(child, "parent_instance_ref.effective_lsn"), "");
  EXPECT_EQ(value_at(child, "parent_instance_ref.uid"), value_at(get(emulator, kShop), "uid"));
}

TEST(LiveInstance, RestoresAChildToAPositionAndDropsOneWhosePositionIsNotReached) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  const std::string lsn = query(emulator, kShop, "select pg_current_wal_insert_lsn()");
  query(emulator, kShop, "insert into orders values ('cake')");
  const std::string body =
      R"({{"name":"{}","parent_instance_ref":{{"name":"shop-db","lsn":"{}"}}}})";
  create(emulator, fmt::format(fmt::runtime(body), "past-db", lsn));
  EXPECT_EQ(query(emulator, "instances/past-db", "table orders"), "tea");
  emulator.call("POST", path("instances"),
                fmt::format(fmt::runtime(body), "ahead-db", "FFFFFFFF/0"));
  EXPECT_TRUE(becomes_true(
      [&] { return emulator.client().call("GET", path("instances/ahead-db")).status == 404; }));
  EXPECT_EQ(get(emulator, kShop).find("ahead-db"), std::string::npos);
}

TEST(LiveInstance, LetsTheCreatorOfAChildInWhoHadNoRoleInItsParent) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  const test::Client jane = client_of(emulator, "jane@example.com");
  jane.call("POST", path("instances"),
            R"({"name":"jane-db","parent_instance_ref":{"name":"shop-db"}})");
  EXPECT_TRUE(is_in_state(emulator, "instances/jane-db", "AVAILABLE"));
  const std::string token = credential_for(jane, "instances/jane-db");
  EXPECT_EQ(refusal(emulator, "instances/jane-db", "jane@example.com", token), "");
  EXPECT_NE(refusal(emulator, kShop, "jane@example.com", credential_for(jane, kShop)), "");
}

TEST(LiveInstance, ReadsFromSecondariesThatFollowAndRefuseWrites) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  emulator.call("PATCH", path(std::string(kShop)),
                R"({"node_count":2,"enable_readable_secondaries":true})");
  EXPECT_TRUE(is_in_state(emulator, kShop, "AVAILABLE"));
  query(emulator, kShop, "insert into orders values ('cake')");
  const std::string reader = value_at(get(emulator, kShop), "read_only_dns");
  const std::string token = credential_for(emulator.client(), kShop);
  EXPECT_TRUE(becomes_true([&] {
    return emulator.query_at(reader, kDeveloper, token, "select count(*) from orders") == "2";
  }));
  EXPECT_THROW(emulator.query_at(reader, kDeveloper, token,
                                 "set transaction_read_only = off; delete from orders"),
               std::runtime_error);
  change(emulator, "enable_readable_secondaries", "false");
  EXPECT_NE(emulator.refusal_at(reader, kDeveloper, token), "") << "nobody reads there any more";
  change(emulator, "enable_readable_secondaries", "true");
  EXPECT_EQ(emulator.query_at(reader, kDeveloper, token, "select count(*) from orders"), "2");
}

TEST(LiveInstance, CutsOffWhoIsConnectedWhenItFailsOver) {
  const EmulatorProcess emulator;
  create(emulator, R"({"name":"shop-db","node_count":2})");
  const std::string started = query(emulator, kShop, "select pg_postmaster_start_time()");
  emulator.call("POST", path(std::string(kShop) + "/failover"));
  EXPECT_TRUE(is_in_state(emulator, kShop, "AVAILABLE"));
  EXPECT_NE(query(emulator, kShop, "select pg_postmaster_start_time()"), started);
}

TEST(LiveInstance, TakesPasswordsOnlyWhereNativeLoginIsOn) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", path(std::string(kShop) + "/roles"),
                R"({"name":"app_owner","identity_type":"PG_ONLY"})");
  query(emulator, kShop, "alter role app_owner password 'correct horse'");
  EXPECT_NE(refusal(emulator, kShop, "app_owner", "correct horse"), "");
  change(emulator, "enable_pg_native_login", "true");
  EXPECT_EQ(refusal(emulator, kShop, "app_owner", "correct horse"), "");
  EXPECT_NE(refusal(emulator, kShop, "app_owner", "wrong horse"), "");
  change(emulator, "enable_pg_native_login", "false");
  EXPECT_NE(refusal(emulator, kShop, "app_owner", "correct horse"), "");
}

TEST(LiveInstance, HasARoleAsSoonAsItsRequestIsAnswered) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const test::Client jane = client_of(emulator, "jane@example.com");
  const std::string token = credential_for(jane, kShop);
  EXPECT_NE(refusal(emulator, kShop, "jane@example.com", token), "");
  const std::string roles = path(std::string(kShop) + "/roles");
  emulator.call("POST", roles,
                R"({"name":"jane@example.com","identity_type":"USER",)"
                R"("membership_role":"DATABRICKS_SUPERUSER","attributes":{"createdb":true}})");
  EXPECT_EQ(query(emulator, kShop,
                  "select rolcreatedb, rolcreaterole, pg_has_role(rolname, 'databricks_superuser', "
                  "'member') from pg_roles where rolname = 'jane@example.com'"),
            "t|f|t");
  EXPECT_EQ(refusal(emulator, kShop, "jane@example.com", token), "");
  emulator.call("PATCH",
                roles + "/jane@example.com?update_mask=attributes.createrole,membership_role",
                R"({"attributes":{"createrole":true}})");
  EXPECT_EQ(query(emulator, kShop,
                  "select rolcreatedb, rolcreaterole, pg_has_role(rolname, 'databricks_superuser', "
                  "'member') from pg_roles where rolname = 'jane@example.com'"),
            "t|t|f");
  emulator.call("DELETE", roles + "/jane@example.com");
  EXPECT_NE(refusal(emulator, kShop, "jane@example.com", token), "") << "the role is gone";
}

TEST(LiveInstance, MakesRolesSideBySide) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  std::array<int, 5> statuses{};
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    clients.emplace_back([&, i] {
      statuses[i] = emulator.client()
                        .call("POST", path(std::string(kShop) + "/roles"),
                              fmt::format(R"({{"name":"role_{}"}})", i))
                        .status;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(statuses, (std::array{200, 200, 200, 200, 200}));
  EXPECT_EQ(query(emulator, kShop, "select count(*) from pg_roles where rolname like 'role__'"),
            "5");
}

TEST(LiveInstance, AnswersARequestForARoleThatHungOnceTheFaultIsCleared) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string roles = path(std::string(kShop) + "/roles");
  emulator.call(
      "POST", "/_emulator/faults",
      R"({"faults":[{"do":"operation","fate":"hang","method":"POST","path":"**/roles"}]})");
  int status = 0;
  std::thread client(
      [&] { status = emulator.client().call("POST", roles, R"({"name":"reporting"})").status; });
  EXPECT_TRUE(becomes_true(
      [&] { return emulator.client().call("GET", roles + "/reporting").status == 200; }));
  EXPECT_EQ(query(emulator, kShop, "select count(*) from pg_roles where rolname = 'reporting'"),
            "0");
  emulator.call("DELETE", "/_emulator/faults");
  client.join();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(query(emulator, kShop, "select count(*) from pg_roles where rolname = 'reporting'"),
            "1");
}

TEST(LiveInstance, KeepsARoleThatOwnsTablesUntilThereIsAnHeir) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  const std::string role = path(std::string(kShop) + "/roles");
  emulator.call("POST", role, R"({"name":"app_owner"})");
  query(emulator, kShop,
        "grant app_owner to current_user; create schema stock authorization app_owner");
  query(emulator, kShop, "set role app_owner; create table stock.orders as select 'tea' as item");
  const test::Answer refused = emulator.client().call("DELETE", role + "/app_owner");
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(value_at(refused.body, "error_code"), "BAD_REQUEST");
  emulator.call("DELETE", role + "/app_owner?reassign_owned_to=developer@example.com");
  EXPECT_EQ(query(emulator, kShop, "table stock.orders"), "tea");
}

TEST(LiveInstance, ShowsRolesAndDatabasesThatSqlHasMade) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create role reporting createdb");
  query(emulator, kShop, "create database stock");
  const std::string role = get(emulator, std::string(kShop) + "/roles/reporting");
  EXPECT_EQ(value_at(role, "identity_type"), "PG_ONLY");
  EXPECT_EQ(value_at(role, "effective_attributes.createdb"), "true");
  EXPECT_EQ(get(emulator, std::string(kShop) + "/databases"),
            R"({"databases":[{"name":"databricks_postgres","is_usable_by_customer":true},)"
            R"({"name":"stock","is_usable_by_customer":true}]})");
  query(emulator, kShop, "drop role reporting");
  EXPECT_EQ(get(emulator, std::string(kShop) + "/roles").find("reporting"), std::string::npos);
}

TEST(LiveInstance, LeavesNoServerAndNoAddressBehind) {
  const EmulatorProcess emulator;
  create(emulator, R"({"name":"shop-db","node_count":2,"enable_readable_secondaries":true})");
  create(emulator, R"({"name":"child-db","parent_instance_ref":{"name":"shop-db"}})");
  const std::string host = host_of(emulator, kShop);
  const std::string token = credential_for(emulator.client(), kShop);
  EXPECT_EQ(emulator.client().call("DELETE", path(std::string(kShop))).status, 400);
  emulator.call("DELETE", path(std::string(kShop) + "?force=true&purge=true"));
  EXPECT_TRUE(becomes_true([&] { return get(emulator, "instances") == "{}"; }));
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  EXPECT_NE(emulator.refusal_at(host, kDeveloper, token), "");
  create_shop(emulator);
  EXPECT_NE(refusal(emulator, kShop, kDeveloper, token), "") << "the token of a namesake";
}

TEST(LiveInstance, HasEverythingAfterKillAndRestart) {
  EmulatorProcess emulator;
  create(emulator, R"({"name":"shop-db","node_count":2,"enable_readable_secondaries":true,)"
                   R"("custom_tags":[{"key":"team","value":"shop"}]})");
  query(emulator, kShop, "create table orders as select 'tea' as item");
  const std::string before = get(emulator, kShop);
  const std::string token = credential_for(emulator.client(), kShop);
  emulator.stop(SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  emulator.start();
  EXPECT_EQ(get(emulator, kShop), before);
  EXPECT_EQ(emulator.query_at(value_at(before, "read_only_dns"), kDeveloper, token, "table orders"),
            "tea");
  EXPECT_EQ(query(emulator, kShop, "table orders"), "tea");
}

TEST(LiveInstance, ServesTheNextLoginAfterItsServerHasDied) {
  const EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "create table orders as select 'tea' as item");
  emulator.kill_postgres();
  EXPECT_TRUE(becomes_true([&] { return emulator.postgres_processes() == 0; }));
  EXPECT_EQ(value_at(get(emulator, kShop), "state"), "AVAILABLE");
  EXPECT_TRUE(becomes_true([&] {
    try {
      return query(emulator, kShop, "table orders") == "tea";
    } catch (const std::runtime_error&) {
      return false;
    }
  }));
}

TEST(LiveInstance, CountsALoginThatHadToStartItsServer) {
  EmulatorProcess emulator;
  create_shop(emulator);
  query(emulator, kShop, "select 1");
  EXPECT_EQ(value_at(emulator.call("GET", "/_emulator/metrics"), "wakes"), "{}");
  emulator.stop(SIGTERM);
  emulator.start();
  EXPECT_EQ(value_at(get(emulator, kShop), "state"), "AVAILABLE");
  query(emulator, kShop, "select 1");
  query(emulator, kShop, "select 1");
  EXPECT_EQ(value_at(emulator.call("GET", "/_emulator/metrics"), "wakes"),
            R"({"instances/shop-db":1})");
}

TEST(LiveInstance, ForgetsHistoryThatIsOlderThanItsRetentionWindow) {
  const EmulatorProcess emulator({"--clock", "2026-08-20T12:00:00Z"});
  create(emulator, R"({"name":"shop-db","retention_window_in_days":3})");
  // A new copy is made when a server starts after much has been written.
  query(emulator, kShop,
        "create table filler as select repeat(md5(i::text), 30) "
        "from generate_series(1, 100000) as i");
  change(emulator, "stopped", "true", "STOPPED");
  change(emulator, "stopped", "false");
  EXPECT_EQ(emulator.base_copies(), 2);
  advance(emulator, "48h");
  EXPECT_EQ(emulator.base_copies(), 2) << "both are within the window";
  EXPECT_TRUE(becomes_true([&] {
    advance(emulator, "24h");
    return emulator.base_copies() == 1;
  }));
}

TEST(LiveInstance, FinishesAfterARestartWhatAKillInterrupted) {
  EmulatorProcess emulator({"--latency", "instance.create=1s,instance.update=1s"});
  emulator.call("POST", path("instances"), R"({"name":"shop-db"})");
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_TRUE(is_in_state(emulator, kShop, "AVAILABLE"));
  EXPECT_EQ(query(emulator, kShop, "select 1"), "1");
  emulator.call("PATCH", path(std::string(kShop) + "?update_mask=stopped"), R"({"stopped":true})");
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_TRUE(is_in_state(emulator, kShop, "STOPPED"));
}

TEST(LiveInstance, HasTheRoleWhoseRequestAKillLeftWithoutAnswer) {
  EmulatorProcess emulator;
  create_shop(emulator);
  emulator.call("POST", "/_emulator/faults",
                R"({"faults":[{"do":"kill","when":"after","method":"POST","path":"**/roles"}]})");
  const test::Answer lost =
      emulator.client().call("POST", path(std::string(kShop) + "/roles"),
                             R"({"name":"jane@example.com","identity_type":"USER"})");
  EXPECT_EQ(lost.status, 0);
  emulator.stop(SIGKILL);
  emulator.start();
  EXPECT_EQ(
      query(emulator, kShop, "select count(*) from pg_roles where rolname = 'jane@example.com'"),
      "1");
  EXPECT_EQ(
      value_at(get(emulator, std::string(kShop) + "/roles/jane@example.com"), "identity_type"),
      "USER");
}

}  // namespace
}  // namespace emulator
