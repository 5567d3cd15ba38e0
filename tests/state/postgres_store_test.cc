#include "state/postgres_store.h"

#include <chrono>
#include <future>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/state/postgres_place.h"
#include "tests/state/refusal.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/temporary_folder.h"

/// libpqxx 6 loses one result with every connection that breaks in the middle of a statement.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(readability-identifier-naming)
  return "leak:libpqxx";
}

namespace weir::test {
namespace {

using Cut = CuttingProxy::Cut;
using Way = PostgresServers::Way;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr LeaseTerms kShort{.length = milliseconds(300), .longest_request = seconds(30)};

/// Asks until the lease is free; the test fails when that takes longer than ten seconds.
void acquire_when_free(Store& store, const std::string& run) {
  const auto limit = std::chrono::steady_clock::now() + seconds(10);
  while (store.try_acquire(a_run(run))) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit) << "the lease does not end";
    std::this_thread::yield();
  }
}

class PostgresLease : public testing::TestWithParam<Way> {
 protected:
  PostgresPlace place_{GetParam()};
};

TEST_P(PostgresLease, EndsByItselfAndFencesItsHolder) {
  const auto first = place_.open(kShort);
  first->try_acquire(a_run("one"));
  first->commit({.prepared = {an_intent("1", "projects/a")}});
  EXPECT_LE(first->lease_left(), kShort.length);
  const auto second = place_.open(kShort);
  acquire_when_free(*second, "two");
  EXPECT_EQ(first->lease_left(), Duration::zero());
  EXPECT_THROW(first->commit({.closed = {"1"}}), LeaseLostError);
  EXPECT_EQ(second->head().epoch, 2);
  EXPECT_EQ(second->intents().size(), 1U);
}

TEST_P(PostgresLease, CannotBeRenewedWhenItIsOver) {
  const auto first = place_.open(kShort);
  first->try_acquire(a_run("one"));
  while (first->lease_left() > Duration::zero()) std::this_thread::yield();
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_FALSE(first->holder().has_value());
  EXPECT_THROW(first->keep_alive(), LeaseLostError);
}

TEST_P(PostgresLease, LastsAsLongAsItIsKeptAlive) {
  // Longer than a busy machine stands still.
  const LeaseTerms terms{.length = seconds(2), .longest_request = seconds(30)};
  const auto first = place_.open(terms);
  const auto second = place_.open(terms);
  first->try_acquire(a_run("one"));
  const auto end = std::chrono::steady_clock::now() + 2 * terms.length;
  while (std::chrono::steady_clock::now() < end) {
    first->keep_alive();
    ASSERT_TRUE(second->try_acquire(a_run("two")).has_value());
  }
  first->commit(remember("projects/a"));
  EXPECT_EQ(first->head().epoch, 1);
}

TEST_P(PostgresLease, MakesTheNextWaitForRequestsOfALostHolder) {
  place_.open(kShort)->try_acquire(a_run("killed"));
  const auto second = place_.open(kShort);
  acquire_when_free(*second, "two");
  EXPECT_GT(second->drain(), seconds(25));
  EXPECT_LE(second->drain(), seconds(30));
  second->release("succeeded");
  EXPECT_EQ(second->drain(), Duration::zero());
  const auto third = place_.open(kShort);
  third->try_acquire(a_run("three"));
  EXPECT_GT(third->drain(), seconds(20)) << "a clean release does not end the wait for another";
}

TEST_P(PostgresLease, MakesTheNextWaitAfterAnUnlock) {
  const auto first = place_.open();
  first->try_acquire(a_run("one"));
  const auto second = place_.open();
  second->unlock("bo@desk");
  second->try_acquire(a_run("two"));
  EXPECT_GT(second->drain(), seconds(55)) << "so long the first may believe in its lease";
  EXPECT_THROW(first->release("succeeded"), LeaseLostError);
}

TEST_P(PostgresLease, FencesAHolderWhoWasUnlocked) {
  const auto first = place_.open();
  first->try_acquire(a_run("one"));
  first->commit({.prepared = {an_intent("1", "projects/a")}});
  const auto second = place_.open();
  second->unlock("bo@desk");
  EXPECT_FALSE(second->holder().has_value());
  EXPECT_THROW(first->commit({.closed = {"1"}}), LeaseLostError);
  ASSERT_FALSE(second->try_acquire(a_run("two")).has_value());
  EXPECT_EQ(second->head().epoch, 3);
  EXPECT_THROW(first->commit(remember("projects/a")), LeaseLostError);
  EXPECT_THROW(first->keep_alive(), LeaseLostError);
  EXPECT_THROW(first->release("succeeded"), LeaseLostError);
  EXPECT_EQ(first->lease_left(), Duration::zero());
  ASSERT_EQ(second->intents().size(), 1U);
  EXPECT_EQ(second->intents()[0].id, "1");
  second->commit(remember("projects/b"));
  EXPECT_EQ(second->records().size(), 1U);
}

TEST_P(PostgresLease, NeedsNoWaitWhenTheLastRequestIsLongOver) {
  const LeaseTerms terms{.length = milliseconds(50), .longest_request = milliseconds(50)};
  place_.open(terms)->try_acquire(a_run("killed"));
  std::this_thread::sleep_for(milliseconds(200));
  const auto second = place_.open(terms);
  acquire_when_free(*second, "two");
  EXPECT_EQ(second->drain(), Duration::zero());
}

/// What one applier of several did, who now and then stops for longer than its lease lasts.
struct Deeds {
  int acknowledged = 0;
  int fenced = 0;
};

Deeds apply_with_pauses(PostgresPlace& place, int worker) {
  const LeaseTerms terms{.length = milliseconds(30), .longest_request = Duration::zero()};
  std::mt19937 random(static_cast<unsigned>(worker));
  Deeds deeds;
  const auto store = place.open(terms);
  for (int round = 0; round < 12; ++round) {
    acquire_when_free(*store, std::to_string(worker) + "-" + std::to_string(round));
    try {
      for (int number = 0; number < 4; ++number) {
        std::this_thread::sleep_for(milliseconds(random() % 4 == 0 ? 60 : 1));
        const std::string name = std::to_string(random() % 20);
        store->commit(remember("projects/p" + name, std::to_string(worker)));
        ++deeds.acknowledged;
      }
      store->release("succeeded");
    } catch (const LeaseLostError&) {
      ++deeds.fenced;
    }
  }
  return deeds;
}

TEST_P(PostgresLease, LetsNobodyCommitWhoseLeaseWentToAnother) {
  place_.open();
  constexpr int kWorkers = 6;
  std::vector<std::future<Deeds>> workers;
  workers.reserve(kWorkers);
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.push_back(std::async(std::launch::async,
                                 [this, worker] { return apply_with_pauses(place_, worker); }));
  }
  Deeds all;
  for (auto& worker : workers) {
    const Deeds deeds = worker.get();
    all.acknowledged += deeds.acknowledged;
    all.fenced += deeds.fenced;
  }
  const auto store = place_.open();
  const auto history = store->history(0);
  EXPECT_EQ(store->head().serial, all.acknowledged);
  EXPECT_EQ(static_cast<int>(history.size()), all.acknowledged);
  EXPECT_EQ(store->head().epoch, kWorkers * 12);
  EXPECT_GT(all.fenced, 0) << "nobody was late, so nothing was shown";
}

INSTANTIATE_TEST_SUITE_P(Direct, PostgresLease, testing::Values(Way::kDirect));
INSTANTIATE_TEST_SUITE_P(Pooled, PostgresLease, testing::Values(Way::kPooled));

/// A store whose words pass through a proxy.
struct Proxied {
  TemporaryFolder folder;
  PostgresPlace place{Way::kDirect};
  CuttingProxy proxy{folder.path(), PostgresServers::get().socket()};

  std::unique_ptr<Store> open() {
    return open_postgres_store(Secret("user=lakebase_internal host='" + folder.path().string() +
                                      "' dbname=" + place.database()),
                               "shop");
  }
};

TEST(PostgresStore, CommitsOnceWhenTheAnswerIsLost) {
  Proxied world;
  const auto store = world.open();
  world.proxy.cut(Cut::kAfterCommit);
  ASSERT_FALSE(store->try_acquire(a_run("one")).has_value());
  EXPECT_TRUE(world.proxy.has_cut());
  for (const Cut cut : {Cut::kAfterCommit, Cut::kBeforeCommit}) {
    const std::int64_t serial = store->head().serial;
    world.proxy.cut(cut);
    store->commit(remember("projects/a" + std::to_string(serial)));
    EXPECT_TRUE(world.proxy.has_cut());
    EXPECT_EQ(store->head().serial, serial + 1);
    EXPECT_EQ(store->history(serial).size(), 1U);
  }
  EXPECT_EQ(store->drain(), Duration::zero());
  EXPECT_EQ(store->runs().size(), 1U);
  world.proxy.cut(Cut::kAfterCommit);
  store->release("succeeded");
  EXPECT_EQ(store->runs().at(0).outcome, "succeeded");
  EXPECT_FALSE(store->holder().has_value());
}

TEST(PostgresStore, GoesOnAfterTheServerWasRestarted) {
  PostgresPlace place(Way::kDirect);
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a"));
  PostgresServers::get().restart();
  store->commit(remember("projects/b"));
  store->keep_alive();
  EXPECT_EQ(store->head().serial, 2);
  EXPECT_EQ(store->records().size(), 2U);
}

TEST(PostgresStore, GoesOnWhenItsSessionWasEnded) {
  PostgresPlace place(Way::kDirect);
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  for (int number = 0; number < 3; ++number) {
    place.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    store->commit(remember("projects/p" + std::to_string(number)));
  }
  EXPECT_EQ(store->head().serial, 3);
}

TEST(PostgresStore, CountsItsLeaseAsLostWhenNobodyAnswers) {
  PostgresPlace place(Way::kDirect);
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  PostgresServers::get().stop();
  EXPECT_THROW(store->commit(remember("projects/a")), LeaseLostError);
  EXPECT_EQ(store->lease_left(), Duration::zero());
  PostgresServers::get().start();
  EXPECT_EQ(store->head().serial, 0);
}

TEST(PostgresStore, RefusesTablesOfANewerWeir) {
  PostgresPlace place(Way::kDirect);
  place.open();
  place.execute("UPDATE weir.format SET version = 2");
  EXPECT_NE(refusal([&] { place.open(); }).find("newer weir (format 2"), std::string::npos);
  EXPECT_NE(refusal([&] { place.read(); }).find("newer weir (format 2"), std::string::npos);
}

TEST(PostgresStore, RefusesASchemaThatOthersMade) {
  PostgresPlace place(Way::kDirect);
  place.execute("CREATE SCHEMA weir; CREATE TABLE weir.fish (name text)");
  EXPECT_NE(refusal([&] { place.open(); }).find("tables that weir did not make"),
            std::string::npos);
  EXPECT_EQ(place.read(), nullptr);
}

TEST(PostgresStore, NeedsNoRightToMakeASchemaThatIsThere) {
  PostgresPlace place(Way::kDirect);
  const std::string role = "team_" + place.database();
  place.execute("CREATE ROLE " + role + " LOGIN");
  const Secret address("user=" + role + " dbname=" + place.database() + " host='" +
                       PostgresServers::get().socket().parent_path().string() + "'");
  const std::string said = refusal([&] { open_postgres_store(address, "shop"); });
  EXPECT_NE(said.find("Grant the role what is missing"), std::string::npos) << said;
  place.execute("CREATE SCHEMA weir AUTHORIZATION " + role);
  const auto store = open_postgres_store(address, "shop");
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a"));
  EXPECT_EQ(store->records().size(), 1U);
}

TEST(PostgresStore, SaysWhenTheServerOnlyReads) {
  PostgresPlace place(Way::kDirect);
  const auto store = place.open();
  place.execute("ALTER DATABASE " + place.database() + " SET default_transaction_read_only = on");
  const auto reader = place.read();
  EXPECT_TRUE(reader->records().empty());
  const std::string said = refusal([&] { place.open()->try_acquire(a_run("one")); });
  EXPECT_NE(said.find("only reads"), std::string::npos) << said;
}

TEST(PostgresStore, SeesRecordsThatWereAltered) {
  PostgresPlace place(Way::kDirect);
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a"));
  place.execute(
      "ALTER TABLE weir.blob DISABLE TRIGGER ALL;"
      " UPDATE weir.blob SET body = replace(body, '7d', '8d')");
  EXPECT_NE(refusal([&] { store->records(); }).find("is not the one that was written"),
            std::string::npos);
  EXPECT_NE(refusal([&] { store->history(0); }), "nothing was refused");
}

}  // namespace
}  // namespace weir::test
