// What an apply asks of its doors, and above all statements as its steps.
#include "engine/applier.h"

#include <gtest/gtest.h>

#include "tests/engine/script_fakes.h"

namespace weir::test {
namespace {

using State = StepResult::State;
using Texts = std::vector<std::string>;

class Scripts : public testing::Test {
 public:
  Scripts() { store.try_acquire({.id = "run", .actor = "test"}); }

  ApplyDoors doors() {
    return {.catalogue = lakebase_catalogue(),
            .store = store,
            .provider = service,
            .performer = *performer,
            .calls = calls,
            .reporter = reporter,
            .databases = &databases,
            .verifier_of = [](const PasswordSource&) { return Secret("verifier"); }};
  }
  ApplyResult run(const std::vector<Step>& steps) {
    plan.steps = steps;
    return apply(plan, doors(), {});
  }

  void let_the_disk_be_full_after(int commits) {
    store.before_commit = [commits]() mutable {
      if (commits-- == 0) throw StateError("the disk is full");
    };
  }

  Plan plan;
  Disk disk;
  ShortStore store{disk};
  NoService service;
  Performer* performer = &service;
  FakeCalls calls;
  NotingReporter reporter;
  FakeDatabases databases;
};

/// A step after it, which only forgets something.
Step a_follower() {
  return {.action = Action::kForget,
          .address = Address::parse(kDevBranch + "/roles/old").value(),
          .kind = &kRole,
          .after = {0}};
}

/// Has no time for anybody.
class BusyService : public NoService {
 public:
  Operation start(const Request& /*request*/, const MayLeave& may_leave) override {
    if (may_leave()) ++requests;
    throw ApiError("conflicting operations in progress", {.status = 409, .is_busy = true});
  }

  int requests = 0;
};

class Requests : public Scripts {};

TEST_F(Requests, AreNotSentAfterAnInterruptionWhenTheServiceWasTooBusyForThem) {
  BusyService busy;
  performer = &busy;
  const Step step = {.action = Action::kCreate,
                     .address = Address::parse(kDevBranch).value(),
                     .kind = &kBranch,
                     .remote_name = kDevBranch,
                     .request = Request{.method = "POST", .target = "/dev"}};
  plan.steps = {step};
  const ApplyResult result =
      apply(plan, doors(), {.interruptions = [&] { return busy.requests > 2 ? 1 : 0; }});
  EXPECT_EQ(busy.requests, 3);
  EXPECT_EQ(result.steps[0].state, State::kNotBegun);
  EXPECT_EQ(result.stopped, "it was interrupted");
  EXPECT_TRUE(disk.intents.empty()) << "surely not begun";
  EXPECT_EQ(reporter.news.back(), "left dev: not begun");
}

TEST_F(Scripts, AreToldToBeDoneWhenThatIsOnDisk) {
  let_the_disk_be_full_after(1);
  const ApplyResult result = run({a_script_step(), a_follower()});
  EXPECT_EQ(result.stopped, "the disk is full");
  EXPECT_EQ(result.steps[0].state, State::kUnfinished);
  EXPECT_EQ(disk.intents.size(), 1U);
  EXPECT_EQ(reporter.news.front(), "begun sql");
  EXPECT_EQ(reporter.news[1], "left sql: its end is not recorded; the next apply finds out");
  EXPECT_EQ(std::ranges::count(reporter.news, "done sql"), 0);
}

TEST_F(Scripts, AreNotToldToBeginBeforeTheirIntentIsOnDisk) {
  let_the_disk_be_full_after(0);
  const ApplyResult result = run({a_script_step()});
  EXPECT_EQ(result.stopped, "the disk is full");
  EXPECT_EQ(result.steps[0].state, State::kNotBegun);
  EXPECT_TRUE(databases.changed.empty());
  EXPECT_EQ(reporter.news, Texts{"left sql: not begun"});
}

TEST_F(Scripts, AreRememberedWhenTheyAreDone) {
  const Step step = a_script_step();
  const ApplyResult result = run({step});
  EXPECT_TRUE(result.is_complete());
  EXPECT_EQ(databases.executed, Texts{kCreateMain});
  EXPECT_EQ(databases.changed, std::vector<DatabasePlace>{kPlace});
  EXPECT_EQ(disk.records.at(step.address), *step.record);
  EXPECT_TRUE(disk.intents.empty());
  EXPECT_EQ(reporter.news, (Texts{"begun sql", "done sql"}));
}

TEST_F(Scripts, HaveTheirIntentOnDiskBeforeTheyBegin) {
  databases.before_change = [&] {
    ASSERT_EQ(disk.intents.size(), 1U);
    EXPECT_EQ(disk.intents[0].action, "execute");
    EXPECT_EQ(disk.intents[0].kind, "sql");
    EXPECT_EQ(disk.intents[0].request, "1 statement in orders");
  };
  EXPECT_TRUE(run({a_script_step()}).is_complete());
}

TEST_F(Scripts, ThatLeaveNothingAreForgotten) {
  Step step = a_script_step();
  disk.records.emplace(step.address, *step.record);
  step.record.reset();
  EXPECT_TRUE(run({step}).is_complete());
  EXPECT_TRUE(disk.records.empty());
}

TEST_F(Scripts, AreStaleWhenTheDatabaseHasMoved) {
  databases.seen = a_snapshot({"main"});
  const ApplyResult result = run({a_script_step(), a_follower()});
  EXPECT_EQ(result.steps[0].state, State::kStale);
  EXPECT_EQ(result.steps[0].message, kCreateMain + " is not needed any more");
  EXPECT_EQ(result.steps[1].state, State::kBlocked);
  EXPECT_TRUE(databases.executed.empty());
  EXPECT_TRUE(disk.records.empty());
  EXPECT_TRUE(disk.intents.empty());
}

TEST_F(Scripts, FailWhenTheyAreRefused) {
  databases.failure = SqlError("lock_timeout: ana holds main", {.sqlstate = "55P03"});
  const ApplyResult result = run({a_script_step(), a_follower()});
  EXPECT_EQ(result.steps[0].state, State::kFailed);
  EXPECT_EQ(result.steps[0].message, "lock_timeout: ana holds main");
  EXPECT_EQ(result.steps[1].state, State::kBlocked);
  EXPECT_TRUE(disk.records.empty());
  EXPECT_TRUE(disk.intents.empty());
}

TEST_F(Scripts, FailWhenWhatTheyWantCannotBe) {
  Step step = a_script_step();
  step.script->wishes = {{"schemas", Document::array({{{"name", "main"}, {"owner", "ghost"}}})}};
  step.script->predicted_from = "an empty database";
  const ApplyResult result = run({step});
  EXPECT_EQ(result.steps[0].state, State::kFailed);
  EXPECT_NE(result.steps[0].message.find("ghost"), std::string::npos);
  EXPECT_TRUE(databases.executed.empty());
}

TEST_F(Scripts, FailWithoutTheSecretThatTheyNeed) {
  Step step = a_script_step();
  step.script->wishes = {{"roles", Document::array({{{"name", "ana"}, {"sets_password", true}}})}};
  step.script->statements = {{.statement = {.text = R"(ALTER ROLE "ana" PASSWORD )"}}};
  step.script->passwords = {{.role = "ana", .secret = {.type = "env", .name = "LOGIN"}}};
  plan.steps = {step};
  ApplyDoors without = doors();
  without.verifier_of = [](const PasswordSource&) -> Secret { throw Error("LOGIN is empty"); };
  const ApplyResult result = apply(plan, without, {});
  EXPECT_EQ(result.steps[0].message, "LOGIN is empty");
  EXPECT_TRUE(databases.executed.empty());
}

TEST_F(Scripts, StayOpenWhenNobodyKnowsHowTheyEnded) {
  databases.failure = SqlError("the connection broke", {.is_unknown = true});
  const ApplyResult result = run({a_script_step(), a_follower()});
  EXPECT_EQ(result.steps[0].state, State::kUnfinished);
  EXPECT_EQ(result.steps[1].state, State::kBlocked);
  EXPECT_EQ(disk.intents.size(), 1U);
  EXPECT_TRUE(disk.records.empty());
}

TEST_F(Scripts, ThatStayedOpenAreClosedByTheNextApply) {
  databases.failure = SqlError("the connection broke", {.is_unknown = true});
  run({a_script_step()});
  EXPECT_TRUE(recover(doors(), {}).empty());
  EXPECT_TRUE(disk.intents.empty());
  EXPECT_TRUE(disk.records.empty()) << "the next plan sees what holds";
}

TEST_F(Scripts, WaitWhileNothingMayLeave) {
  store.short_turns = 3;
  databases.before_change = [&] { EXPECT_EQ(store.short_turns, 0); };
  EXPECT_TRUE(run({a_script_step()}).is_complete());
  EXPECT_EQ(databases.changed.size(), 1U);
}

TEST_F(Scripts, SendNothingWhenTheLeaseEndsBeforeTheyBegin) {
  calls.delay = std::chrono::hours(1);
  databases.before_change = [&] { calls.delay = {}; };
  EXPECT_TRUE(run({a_script_step()}).is_complete());
  EXPECT_EQ(databases.changed.size(), 2U) << "the first one came too late";
  EXPECT_EQ(databases.executed, Texts{kCreateMain});
  EXPECT_EQ(disk.records.size(), 1U);
}

TEST_F(Scripts, ThatWerePredictedTellWhatWasFound) {
  Step step = a_script_step();
  step.script->predicted_from = "an empty database";
  step.script->statements.push_back({.statement = {.text = "GRANT ALL"}});
  EXPECT_TRUE(run({step}).is_complete());
  EXPECT_EQ(reporter.news.at(1),
            kDevBranch +
                "/databases/orders/sql: executed (+) and not needed (-) otherwise than predicted:\n"
                "  - GRANT ALL;");
}

TEST_F(Scripts, ThatWerePredictedTellThatNothingWasNeeded) {
  Step step = a_script_step();
  step.script->predicted_from = "an empty database";
  databases.seen = a_snapshot({"main"});
  EXPECT_TRUE(run({step}).is_complete());
  EXPECT_EQ(reporter.news.at(1),
            kDevBranch +
                "/databases/orders/sql: executed (+) and not needed (-) otherwise than predicted:\n"
                "  - " +
                kCreateMain + ";");
}

TEST_F(Scripts, ThatWerePredictedRightTellNothing) {
  Step step = a_script_step();
  step.script->predicted_from = "an empty database";
  EXPECT_TRUE(run({step}).is_complete());
  EXPECT_EQ(reporter.news, (Texts{"begun sql", "done sql"}));
}

}  // namespace
}  // namespace weir::test
