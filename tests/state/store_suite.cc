#include "tests/state/store_suite.h"

#include <array>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/state/refusal.h"

namespace weir::test {
namespace {

std::vector<std::string> ids(const std::vector<Intent>& intents) {
  std::vector<std::string> ids;
  ids.reserve(intents.size());
  for (const Intent& intent : intents) ids.push_back(intent.id);
  return ids;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_P(StoreSuite, HasNothingToReadBeforeTheFirstApply) {
  EXPECT_EQ(place_->read(), nullptr);
}

TEST_P(StoreSuite, BeginsEmptyWithALineageOfItsOwn) {
  const auto store = place_->open();
  const Head head = store->head();
  EXPECT_EQ(head.lineage.size(), 32U);
  EXPECT_EQ(head.serial, 0);
  EXPECT_EQ(head.epoch, 0);
  EXPECT_EQ(head.chain, "");
  EXPECT_EQ(head.host, "");
  EXPECT_TRUE(store->records().empty());
  EXPECT_TRUE(store->intents().empty());
  EXPECT_TRUE(store->history(0).empty());
  EXPECT_TRUE(store->runs().empty());
  EXPECT_FALSE(store->holder().has_value());
  EXPECT_EQ(place_->open()->head().lineage, head.lineage);
}

TEST_P(StoreSuite, KeepsDeploymentsApart) {
  const auto shop = place_->open("shop");
  const auto blog = place_->open("blog");
  ASSERT_FALSE(shop->try_acquire(a_run("one")).has_value());
  ASSERT_FALSE(blog->try_acquire(a_run("two")).has_value());
  shop->commit(remember("projects/a"));
  blog->commit(remember("projects/b"));
  blog->commit(remember("projects/c"));
  shop->commit(remember("projects/d"));
  EXPECT_NE(shop->head().lineage, blog->head().lineage);
  EXPECT_EQ(shop->head().serial, 2);
  EXPECT_EQ(shop->records().count(at("projects/b")), 0U);
  EXPECT_EQ(shop->history(0).size(), 2U);
  EXPECT_EQ(blog->history(0).size(), 2U);
  EXPECT_EQ(blog->runs().size(), 1U);
}

TEST_P(StoreSuite, DoesAllOfACommitAtOnce) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit({.prepared = {an_intent("1", "projects/a"), an_intent("2", "projects/b")}});
  EXPECT_EQ(store->head().serial, 0);
  store->commit(
      {.prepared = {an_intent("3", "projects/c")},
       .accepted = {{.intent = "2", .operation = "operations/x"}},
       .closed = {"1"},
       .remembered = {
           {.action = "create", .address = at("projects/a"), .record = a_record("projects/a")}}});
  EXPECT_EQ(store->head().serial, 1);
  EXPECT_EQ(ids(store->intents()), (Names{"2", "3"}));
  EXPECT_EQ(store->intents().at(0).operation, "operations/x");
  EXPECT_EQ(store->records().at(at("projects/a")), a_record("projects/a"));
}

TEST_P(StoreSuite, GivesIntentsBackAsTheyWere) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  Intent create = an_intent("b", "projects/a/branches/x%2Fy");
  Intent remove = an_intent("a", "projects/a");
  remove.record.reset();
  remove.action = "delete";
  remove.uid = "uid-1";
  store->commit({.prepared = {create, remove}});
  const auto read = place_->open()->intents();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read.at(0), create);
  EXPECT_EQ(read.at(1), remove);
}

TEST_P(StoreSuite, GivesRecordsBackAsTheyWere) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  Record record = a_record("projects/a/branches/ä");
  record.fields = Document{{"z", "last is first"}, {"a", "line\nand \"quote\" \u2028"}};
  record.is_protected = true;
  record.on_remove = "keep";
  const Record bare{.address = at("projects/b"), .kind = "project", .remote_name = "projects/b"};
  store->commit({.remembered = {
                     {.action = "adopt", .address = record.address, .record = record},
                     {.action = "create", .address = bare.address, .record = bare},
                 }});
  EXPECT_EQ(place_->open()->records(), (Records{{record.address, record}, {bare.address, bare}}));
  EXPECT_EQ(place_->read()->records().size(), 2U);
}

TEST_P(StoreSuite, TellsTheHistoryWithWhatWasBeforeAndAfter) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a", "first"));
  store->commit({.remembered = {{.action = "update",
                                 .address = at("projects/a"),
                                 .record = a_record("projects/a", "second")},
                                {.action = "forget", .address = at("projects/a")}}});
  const auto history = store->history(0);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].serial, 1);
  EXPECT_EQ(history[0].run, "one");
  EXPECT_EQ(history[0].before, std::nullopt);
  EXPECT_EQ(history[0].after, a_record("projects/a", "first"));
  EXPECT_EQ(history[1].serial, 2);
  EXPECT_EQ(history[1].before, a_record("projects/a", "first"));
  EXPECT_EQ(history[2].action, "forget");
  EXPECT_EQ(history[2].before, a_record("projects/a", "second"));
  EXPECT_EQ(history[2].after, std::nullopt);
  EXPECT_TRUE(parse_timestamp(history[2].at).has_value());
  EXPECT_TRUE(store->records().empty());
  EXPECT_EQ(store->history(1).size(), 2U);
  EXPECT_TRUE(store->history(2).empty());
}

TEST_P(StoreSuite, LetsTheLastChangeOfAnAddressCount) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a", "first"));
  store->commit(
      {.remembered = {
           {.action = "forget", .address = at("projects/a")},
           {.action = "create",
            .address = at("projects/a"),
            .record = a_record("projects/a", "second")},
           {.action = "create", .address = at("projects/b"), .record = a_record("projects/b")},
           {.action = "forget", .address = at("projects/b")}}});
  EXPECT_EQ(store->records(), (Records{{at("projects/a"), a_record("projects/a", "second")}}));
  const auto history = store->history(1);
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[0].before, a_record("projects/a", "first"));
  EXPECT_EQ(history[1].before, std::nullopt);
  EXPECT_EQ(history[3].before, a_record("projects/b"));
  EXPECT_EQ(store->head().serial, 2);
}

TEST_P(StoreSuite, TakesManyChangesAtOnce) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  Commit prepared;
  Commit accepted;
  Commit done;
  for (int number = 0; number < 300; ++number) {
    const std::string id = std::to_string(number);
    const std::string address = "projects/p" + id;
    prepared.prepared.push_back(an_intent(id, address));
    accepted.accepted.push_back({.intent = id, .operation = "operations/" + id});
    done.closed.push_back(id);
    done.remembered.push_back(
        {.action = "create", .address = at(address), .record = a_record(address)});
  }
  store->commit(prepared);
  store->commit(accepted);
  const auto intents = store->intents();
  ASSERT_EQ(intents.size(), 300U);
  EXPECT_EQ(intents[299].id, "299");
  EXPECT_EQ(intents[299].operation, "operations/299");
  store->commit(done);
  EXPECT_TRUE(store->intents().empty());
  EXPECT_EQ(store->records().size(), 300U);
  EXPECT_EQ(store->head().serial, 1);
}

TEST_P(StoreSuite, ChangesTheChainWithEveryRememberedChange) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a"));
  const std::string first = store->head().chain;
  EXPECT_EQ(first.size(), 64U);
  store->commit({.prepared = {an_intent("1", "projects/b")}});
  EXPECT_EQ(store->head().chain, first);
  store->commit(remember("projects/a"));
  EXPECT_NE(store->head().chain, first);
}

TEST_P(StoreSuite, RefusesToChangeItsHistory) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/a"));
  EXPECT_ANY_THROW(place_->execute("UPDATE " + place_->schema() + "history SET action = 'x'"));
  EXPECT_ANY_THROW(place_->execute("DELETE FROM " + place_->schema() + "history"));
  EXPECT_ANY_THROW(place_->execute("UPDATE " + place_->schema() + "blob SET body = '{}'"));
  EXPECT_EQ(store->history(0).size(), 1U);
}

TEST_P(StoreSuite, LeavesNothingOfACommitThatFails) {
  const auto store = place_->open();
  store->try_acquire(a_run("one"));
  store->commit({.prepared = {an_intent("1", "projects/a")}});
  Commit bad = remember("projects/a");
  bad.prepared = {an_intent("2", "projects/b")};
  bad.closed = {"1", "no such intent"};
  EXPECT_NE(refusal([&] { store->commit(bad); }).find("no such intent"), std::string::npos);
  EXPECT_EQ(ids(store->intents()), Names{"1"});
  EXPECT_EQ(store->head().serial, 0);
  EXPECT_TRUE(store->records().empty());
  EXPECT_THROW(store->commit({.prepared = {an_intent("1", "projects/b")}}), StateError);
  EXPECT_THROW(store->commit({.accepted = {{.intent = "9", .operation = "x"}}}), StateError);
  bad.closed = {"1"};
  store->commit(bad);
  EXPECT_EQ(ids(store->intents()), Names{"2"});
  EXPECT_EQ(store->head().serial, 1);
}

TEST_P(StoreSuite, TellsTheSecondWhoHoldsTheLease) {
  const auto first = place_->open();
  const auto second = place_->open();
  ASSERT_FALSE(first->try_acquire(a_run("one")).has_value());
  const auto holder = second->try_acquire(a_run("two"));
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->actor, "ana@laptop, process 1");
  EXPECT_EQ(holder->run, "one");
  EXPECT_TRUE(parse_timestamp(holder->since).has_value());
  ASSERT_TRUE(place_->read()->holder().has_value());
  EXPECT_EQ(place_->read()->holder()->run, "one");
  EXPECT_GT(first->lease_left(), Duration::zero());
  EXPECT_EQ(second->lease_left(), Duration::zero());
  EXPECT_THROW(second->commit(remember("projects/a")), LeaseLostError);
  EXPECT_THROW(second->keep_alive(), LeaseLostError);
  EXPECT_THROW(second->release("done"), LeaseLostError);
  EXPECT_EQ(first->runs().size(), 1U);
}

TEST_P(StoreSuite, RaisesTheEpochWithEveryLease) {
  const auto first = place_->open();
  first->try_acquire(a_run("one"));
  EXPECT_EQ(first->head().epoch, 1);
  first->keep_alive();
  first->release("succeeded");
  EXPECT_FALSE(first->holder().has_value());
  EXPECT_EQ(first->lease_left(), Duration::zero());
  const auto second = place_->open();
  ASSERT_FALSE(second->try_acquire(a_run("two")).has_value());
  EXPECT_EQ(second->head().epoch, 2);
  EXPECT_EQ(second->drain(), Duration::zero());
  EXPECT_THROW(first->commit(remember("projects/a")), LeaseLostError);
  second->release("failed");
  ASSERT_FALSE(first->try_acquire(a_run("three")).has_value());
  first->commit(remember("projects/a"));
  const auto runs = first->runs();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].id, "one");
  EXPECT_EQ(runs[0].outcome, "succeeded");
  EXPECT_TRUE(parse_timestamp(runs[0].ended_at).has_value());
  EXPECT_EQ(runs[1].outcome, "failed");
  EXPECT_EQ(runs[2].outcome, "");
  EXPECT_EQ(runs[2].plan_hash, "sha256:0");
  EXPECT_EQ(runs[2].started_at, "2026-11-21T10:00:00Z");
}

TEST_P(StoreSuite, NotesAnUnlockInTheHistory) {
  auto killed = place_->open();
  killed->unlock("nobody holds it");
  EXPECT_TRUE(killed->history(0).empty());
  killed->try_acquire(a_run("one"));
  killed->commit(remember("projects/a"));
  killed.reset();
  const auto store = place_->open();
  store->unlock("bo@desk");
  const auto history = store->history(1);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].action, "unlock");
  EXPECT_TRUE(history[0].address.is_root());
  const auto runs = store->runs();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1].id, history[0].run);
  EXPECT_EQ(runs[1].actor, "bo@desk");
  EXPECT_EQ(runs[1].outcome, "unlocked");
}

TEST_P(StoreSuite, BelongsToOneWorkspace) {
  const auto store = place_->open();
  store->bind("https://one.example", "17");
  store->bind("https://one.example", "17");
  store->bind("https://one-under-another-name.example", "17");
  EXPECT_EQ(place_->open()->head().host, "https://one.example");
  EXPECT_EQ(store->head().workspace_id, "17");
  const std::string said = refusal([&] { store->bind("https://two.example", "18"); });
  EXPECT_NE(said.find("https://one.example"), std::string::npos) << said;
  EXPECT_NE(said.find("https://two.example"), std::string::npos) << said;
  EXPECT_THROW(store->bind("https://one.example", "18"), StateError);
  EXPECT_EQ(store->head().workspace_id, "17");
}

TEST_P(StoreSuite, IsNotChangedByWhoOnlyReads) {
  place_->open();
  const auto reader = place_->read();
  EXPECT_THROW(reader->try_acquire(a_run("one")), StateError);
  EXPECT_THROW(reader->bind("https://one.example", "17"), StateError);
  EXPECT_THROW(reader->unlock("ana"), StateError);
  EXPECT_THROW(reader->commit(remember("projects/a")), StateError);
  EXPECT_TRUE(place_->read("unknown")->records().empty());
  EXPECT_EQ(place_->read("unknown")->head().lineage, "");
}

TEST_P(StoreSuite, LosesNoSerialWhenFourApplyAtOnce) {
  constexpr int kWorkers = 4;
  constexpr int kCommits = 25;
  place_->open();
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([this, worker] {
      const auto store = place_->open();
      for (int number = 0; number < kCommits; ++number) {
        const std::string name = std::to_string(worker) + "-" + std::to_string(number);
        while (store->try_acquire(a_run(name))) std::this_thread::yield();
        const std::int64_t before = store->head().serial;
        store->commit(remember("projects/" + name));
        EXPECT_EQ(store->head().serial, before + 1);
        store->release("succeeded");
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  const auto store = place_->open();
  EXPECT_EQ(store->head().serial, kWorkers * kCommits);
  EXPECT_EQ(store->head().epoch, kWorkers * kCommits);
  EXPECT_EQ(store->records().size(), std::size_t{kWorkers} * kCommits);
  EXPECT_EQ(store->history(0).size(), std::size_t{kWorkers} * kCommits);
}

TEST_P(StoreSuite, KeepsEveryAcknowledgedCommitOfAKilledProcess) {
  std::array<int, 2> ends = {};
  ASSERT_EQ(pipe(ends.data()), 0);
  place_->open();
  const pid_t child = fork();
  if (child == 0) {
    const auto store = place_->open();
    if (store->try_acquire(a_run("killed"))) _exit(1);
    for (std::int64_t number = 1;; ++number) {
      store->commit(remember("projects/p" + std::to_string(number)));
      if (write(ends[1], &number, sizeof number) != sizeof number) _exit(1);
    }
  }
  close(ends[1]);
  std::int64_t acknowledged = 0;
  while (acknowledged < 40 && read(ends[0], &acknowledged, sizeof acknowledged) > 0) {
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (read(ends[0], &acknowledged, sizeof acknowledged) > 0) {
  }
  close(ends[0]);
  const auto store = place_->open();
  EXPECT_GE(acknowledged, 40);
  EXPECT_GE(store->head().serial, acknowledged);
  EXPECT_LE(store->head().serial, acknowledged + 1);
  EXPECT_EQ(static_cast<std::int64_t>(store->records().size()), store->head().serial);
  EXPECT_EQ(static_cast<std::int64_t>(store->history(0).size()), store->head().serial);
  EXPECT_EQ(store->runs().at(0).outcome, "");
}

}  // namespace weir::test
