#include "planner/snapshot.h"

#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir {
namespace {

HistoryEntry an_entry(std::int64_t serial, const Address& address, std::optional<Record> before,
                      std::optional<Record> after) {
  return {
      .serial = serial, .address = address, .before = std::move(before), .after = std::move(after)};
}

TEST(Snapshot, IsWhatWasRememberedThen) {
  const Address shop = Address().child("projects", "shop");
  const Address depot = Address().child("projects", "depot");
  const Record old = {
      .address = shop, .kind = "project", .remote_name = "projects/shop", .uid = "1"};
  const Record young = {
      .address = shop, .kind = "project", .remote_name = "projects/shop", .uid = "2"};
  const Record other = {.address = depot, .kind = "project", .remote_name = "projects/depot"};
  const std::vector<HistoryEntry> history = {an_entry(1, shop, std::nullopt, old),
                                             an_entry(2, shop, old, young),
                                             an_entry(3, depot, std::nullopt, other)};
  const Records now = {{shop, young}, {depot, other}};
  EXPECT_EQ(records_at(3, now, history), now);
  EXPECT_EQ(records_at(2, now, history), (Records{{shop, young}}));
  EXPECT_EQ(records_at(1, now, history), (Records{{shop, old}}));
  EXPECT_EQ(records_at(0, now, history), Records());
}

/// "apply", "apply", "unlock": who wrote the entries 1, 2, 3, …
std::vector<HistoryEntry> written_by(const std::vector<std::string>& runs) {
  std::vector<HistoryEntry> history;
  history.reserve(runs.size());
  for (const std::string& run : runs) {
    history.push_back({.serial = static_cast<std::int64_t>(history.size()) + 1, .run = run});
  }
  return history;
}

TEST(LastApply, BeginsWithItsFirstEntry) {
  const std::vector<weir::Run> runs = {
      {.id = "a", .outcome = "complete"}, {.id = "b", .outcome = "incomplete"}, {.id = "now"}};
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "a", "b", "b"}), runs), 2);
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "a"}), runs), 0);
  EXPECT_EQ(serial_before_last_apply({}, runs), std::nullopt);
}

TEST(LastApply, HasWhatOthersFoundOutAfterItWasKilled) {
  const std::vector<weir::Run> runs = {{.id = "a", .outcome = "complete"},
                                       {.id = "killed"},
                                       {.id = "refused", .outcome = "not approved"},
                                       {.id = "now"}};
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "a", "killed", "now"}), runs), 2);
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "a", "killed", "refused", "now"}), runs), 2);
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "a", "refused", "now"}), runs), 2)
      << "it recorded nothing by itself";
  EXPECT_EQ(serial_before_last_apply(written_by({"now"}), runs), 0);
}

TEST(LastApply, IsNotOneThatOnlyLearntWhatCameAlong) {
  const std::vector<weir::Run> runs = {
      {.id = "a", .outcome = "complete"}, {.id = "b", .outcome = "complete"}, {.id = "now"}};
  std::vector<HistoryEntry> history = written_by({"a", "b"});
  const Record known = {.kind = "branch", .remote_name = "projects/shop/branches/production"};
  history[1].before = known;
  history[1].after = known;
  history[1].after->uid = "br-1";
  EXPECT_EQ(serial_before_last_apply(history, runs), 0);
  history[1].after->fields["protected"] = true;
  EXPECT_EQ(serial_before_last_apply(history, runs), 1);
}

TEST(LastApply, IsNotWhoForgetsOrUnlocks) {
  const std::vector<weir::Run> runs = {{.id = "a", .outcome = "complete"},
                                       {.id = "b", .outcome = "complete"},
                                       {.id = "rm", .outcome = "forgotten"},
                                       {.id = "unlock-1", .outcome = "unlocked"},
                                       {.id = "now"}};
  EXPECT_EQ(serial_before_last_apply(written_by({"a", "b", "rm", "unlock-1"}), runs), 1);
  EXPECT_EQ(serial_before_last_apply(written_by({"rm"}), runs), std::nullopt);
}

TEST(Snapshot, KeepsTheEntriesOfAListThatStoodThere) {
  const auto bound_to = [](const std::vector<std::string>& keys) {
    Record record = {.address = Address().child("apps", "site"), .kind = "app"};
    record.fields["bind"] = Document::array();
    for (const std::string& key : keys) record.fields["bind"].push_back({{"resource_key", key}});
    return record;
  };
  const Record all = bound_to({"old", "new"});
  const auto kept_of = [&](const std::string& first_action, const Record& first) {
    Records now = {{all.address, all}};
    HistoryEntry entry = an_entry(2, all.address, std::nullopt, first);
    entry.action = first_action;
    keep_what_was_taken_over(now, 1, {entry}, lakebase_catalogue());
    return now.at(all.address);
  };
  EXPECT_EQ(kept_of("update", all), all) << "all of them were made";
  EXPECT_EQ(kept_of("adopt", bound_to({"old"})), bound_to({"new"}));
  EXPECT_EQ(kept_of("adopt", all).on_remove, "keep");
}

TEST(Snapshot, OfAnyWorldPlansEmpty) {
  test::for_each_world([](std::mt19937& random) {
    const Manifest manifest = test::random_estate(random);
    const test::World world = test::applied_world(manifest);
    const Manifest snapshot = manifest_of(world.records, lakebase_catalogue(), "shop", "");
    EXPECT_EQ(snapshot.declarations.size(), manifest.declarations.size());
    EXPECT_TRUE(world.plan(snapshot).is_empty());
  });
}

TEST(Snapshot, LeadsBackFromAnyEstateToAnyOther) {
  test::for_each_world([](std::mt19937& random) {
    test::World world = test::applied_world(test::random_estate(random));
    const Records then = world.records;
    world.apply(world.plan(test::a_manifest({}), {.allow_destroy = {"*"}}), test::a_manifest({}));
    const Manifest snapshot = manifest_of(then, lakebase_catalogue(), "shop", "");
    world.apply(world.plan(snapshot, {.allow_destroy = {"*"}}), snapshot);
    EXPECT_TRUE(world.plan(snapshot).is_empty());
    EXPECT_EQ(world.records.size(), then.size());
  });
}

}  // namespace
}  // namespace weir
