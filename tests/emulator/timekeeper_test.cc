#include "emulator/api/timekeeper.h"

#include <gtest/gtest.h>

#include "emulator/api/operations.h"
#include "emulator/contract_texts.h"
#include "emulator/postgres/no_computes.h"

namespace emulator {
namespace {

const Instant kNoon = parse_timestamp("2026-08-20T12:00:00Z").value();

/// A world whose clock can be set like a machine's.
struct SettableWorld {
  Loop loop;
  Store store{":memory:"};
  Instant now = kNoon;
  Clock clock{store, [this] { return now; }};
  Ids ids{store, 1};
  Contract contract{contract_texts()};
  Latency latency;
  NoComputes computes{loop};
  World world{.loop = loop,
              .store = store,
              .contract = contract,
              .clock = clock,
              .ids = ids,
              .latency = latency,
              .computes = computes};

  void turn() {
    for (int i = 0; i < 20; ++i) loop.turn(std::chrono::milliseconds(5));
  }
};

TEST(Timekeeper, NoticesThatTheMachineHasSlept) {
  SettableWorld settable;
  Timekeeper timekeeper(settable.world, {0, 10'000'000});
  settable.store.set_timer({"tokens/a", "forget", kNoon + Duration{3600, 0}});
  timekeeper.look();
  settable.now = kNoon + Duration{7200, 0};
  settable.turn();
  EXPECT_FALSE(settable.store.find_timer("tokens/a", "forget"));
}

TEST(Timekeeper, EndsWhatHadBegunWhenTheClockIsSetBack) {
  SettableWorld settable;
  settable.latency.set("create=3s");
  Timekeeper timekeeper(settable.world, {0, 10'000'000});
  std::string name;
  settable.store.transaction([&] {
    const Json begun = begin_operation(
        settable.world, {.verb = "create", .kind = "project", .name = "projects/shop"});
    name = begun.at("name").get<std::string>();
  });
  settable.turn();
  EXPECT_FALSE(settable.store.find_operation(name).value_or(OperationRow{}).is_done);
  settable.now = kNoon - Duration{7200, 0};
  settable.turn();
  EXPECT_TRUE(settable.store.find_operation(name).value_or(OperationRow{}).is_done);
}

TEST(Timekeeper, LetsWhatHasBegunTakeItsTime) {
  SettableWorld settable;
  settable.latency.set("create=3s");
  Timekeeper timekeeper(settable.world, {0, 10'000'000});
  settable.store.transaction([&] {
    begin_operation(settable.world, {.verb = "create", .kind = "project", .name = "projects/shop"});
  });
  settable.now = kNoon - Duration{0, 1};
  settable.turn();
  EXPECT_EQ(settable.store.open_operations().size(), 1U);
}

}  // namespace
}  // namespace emulator
