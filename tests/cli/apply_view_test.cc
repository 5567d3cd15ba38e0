#include "cli/apply_view.h"

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

using std::chrono::seconds;

Step a_step(Action action, const char* key) {
  return {.action = action, .address = Address().child("projects", key), .kind = &kProject};
}

/// What an apply of three steps prints.
std::string said_on(const Terminal& terminal, bool shows_time) {
  std::string text;
  const Step shop = a_step(Action::kCreate, "shop");
  const Step depot = a_step(Action::kUpdate, "depot");
  const Step old = a_step(Action::kDelete, "old");
  {
    ApplyLines lines(terminal, shows_time, [&](const std::string& part) { text += part; });
    lines.begun(shop);
    lines.begun(depot);
    lines.tick({.elapsed = seconds(100), .running = 2, .open = 1});
    lines.tick({.elapsed = seconds(105), .running = 2, .open = 1});
    lines.tick({.elapsed = seconds(111), .running = 2, .open = 1});
    lines.done(shop, seconds(11));
    lines.failed(depot, "the service says\x1b[2J no");
    lines.blocked(old, depot);
    lines.tick({.elapsed = seconds(112), .running = 1, .open = 0});
  }
  return text;
}

TEST(ApplyView, SaysALineForEachChangeAndASignOfLife) {
  EXPECT_EQ(said_on({}, false),
            "projects/shop: creating\n"
            "projects/depot: changing\n"
            "still at it: 2 running, 1 to go\n"
            "projects/shop: created\n"
            "projects/depot: not changed: the service says\\x1b[2J no\n"
            "projects/old: not begun: projects/depot was not changed\n");
}

TEST(ApplyView, ShowsOnATerminalWhatRunsAndForHowLong) {
  const std::string text = said_on({.is_terminal = true, .width = 60}, true);
  EXPECT_NE(text.find("2 running, 1 to go: projects/"), std::string::npos) << text;
  EXPECT_NE(text.find(" 11 s"), std::string::npos) << text;
  EXPECT_NE(text.find("projects/shop: created (11.0 s)\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("still at it"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\x1b[K")) << "nothing is left of the last line";
}

TEST(ApplyView, CountsWhatWasDoneAndWhatWasNot) {
  Plan plan;
  for (const Action action : {Action::kCreate, Action::kCreate, Action::kUpdate, Action::kDelete,
                              Action::kUndelete, Action::kUpdate}) {
    plan.steps.push_back(a_step(action, "shop"));
  }
  using State = StepResult::State;
  ApplyResult result;
  for (const State state :
       {State::kDone, State::kFailed, State::kDone, State::kBlocked, State::kDone, State::kStale}) {
    result.steps.push_back({.state = state});
  }
  EXPECT_EQ(apply_summary(plan, result, "12 s, 40 calls"),
            "Apply: 1 created, 1 changed, 0 destroyed, 1 undeleted; 1 failed; 1 stale; 1 blocked "
            "(12 s, 40 calls)\n");
  result.stopped = "the disk is full";
  EXPECT_TRUE(apply_summary(plan, result, "").starts_with("stopped: the disk is full\nApply: "));
}

}  // namespace
}  // namespace weir
