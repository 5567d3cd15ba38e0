#include "emulator/store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace emulator {
namespace {

using weir::test::TemporaryFolder;

Row a_row(const std::string& name, const std::string& parent = "") {
  return {.name = name, .kind = "thing", .parent = parent, .shown = {{"name", name}}};
}

std::string next_timer(const Store& store) {
  return store.next_timer().value_or(Timer{}).name;
}

TEST(Store, GivesBackWhatWasPut) {
  Store store(":memory:");
  Row row = a_row("a");
  row.hidden = {{"secretly", 1}};
  row.is_deleted = true;
  store.put(row);
  const Row found = store.find("a").value_or(Row{});
  EXPECT_EQ(found.shown, row.shown);
  EXPECT_EQ(found.hidden, row.hidden);
  EXPECT_TRUE(found.is_deleted);
  EXPECT_FALSE(store.find("b"));
}

/// The names of a whole walk over pages of two, while `between` happens after each page.
std::vector<std::string> walked(Store& store, std::int64_t order,
                                const std::function<void()>& between) {
  std::vector<std::string> names;
  std::string after;
  do {
    const Store::Page page =
        store.page({.kind = "thing", .parent = "p", .after = after, .limit = 2, .order = order});
    for (const Json& thing : Json::parse("[" + page.documents + "]"))
      names.push_back(thing["name"]);
    after = page.last;
    between();
  } while (!after.empty());
  return names;
}

TEST(Store, WalksThroughAnOrderOfASeedWithoutLossWhateverComesBetween) {
  Store store(":memory:");
  std::vector<std::string> all;
  for (char letter = 'a'; letter <= 'i'; ++letter) {
    all.push_back(std::string("p/") + letter);
    store.put(a_row(all.back(), "p"));
  }
  int added = 0;
  std::vector<std::string> first =
      walked(store, 7, [&] { store.put(a_row(fmt::format("p/new-{}", ++added), "p")); });
  std::erase_if(first, [](const std::string& name) { return name.starts_with("p/new-"); });
  EXPECT_NE(first, all);
  EXPECT_NE(first.back(), "p/a") << "turned is not shuffled";
  std::vector<std::string> sorted = first;
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, all);
}

TEST(Store, ShufflesTheSameWayForTheSameSeed) {
  Store store(":memory:");
  for (char letter = 'a'; letter <= 'i'; ++letter) {
    store.put(a_row(std::string("p/") + letter, "p"));
  }
  EXPECT_EQ(walked(store, 7, [] {}), walked(store, 7, [] {}));
  EXPECT_NE(walked(store, 7, [] {}), walked(store, 8, [] {}));
}

TEST(Store, FindsAnOperationByTheLastPartOfItsName) {
  Store store(":memory:");
  store.put_operation({.name = "projects/a/operations/op-1", .resource = "projects/a"});
  store.put_operation({.name = "projects/a/branches/op-1/operations/op-2", .resource = "b"});
  EXPECT_EQ(store.find_operation_by_id("op-1").value_or(OperationRow{}).resource, "projects/a");
  EXPECT_EQ(store.find_operation_by_id("op-2").value_or(OperationRow{}).resource, "b");
  EXPECT_FALSE(store.find_operation_by_id("a"));
}

TEST(Store, ForgetsEndedOperationsButTheNewest) {
  Store store(":memory:");
  store.put_operation({.name = "operations/open", .resource = "a"});
  for (const char* name : {"operations/old", "operations/newer", "operations/newest"}) {
    store.put_operation({.name = name, .resource = "a"});
    store.put_operation({.name = name, .resource = "a", .is_done = true});
  }
  store.forget_operations(2);
  EXPECT_FALSE(store.find_operation("operations/old"));
  EXPECT_TRUE(store.find_operation("operations/newer"));
  EXPECT_TRUE(store.find_operation("operations/newest"));
  EXPECT_TRUE(store.find_operation("operations/open"));
}

TEST(Store, UndoesATransactionThatThrows) {
  Store store(":memory:");
  EXPECT_THROW(store.transaction([&] {
    store.put(a_row("a"));
    store.transaction([&] { store.put(a_row("b")); });
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_FALSE(store.find("a"));
  EXPECT_FALSE(store.find("b"));
  store.transaction([&] { store.put(a_row("c")); });
  EXPECT_TRUE(store.find("c"));
}

TEST(Store, ErasesBelowANameAndNotBesideIt) {
  Store store(":memory:");
  for (const char* name : {"p/a", "p/a/x", "p/a/x/y", "p/a-b/x", "p/ab"}) store.put(a_row(name));
  store.erase_below("p/a");
  EXPECT_TRUE(store.find("p/a"));
  EXPECT_FALSE(store.find("p/a/x"));
  EXPECT_FALSE(store.find("p/a/x/y"));
  EXPECT_TRUE(store.find("p/a-b/x"));
  EXPECT_TRUE(store.find("p/ab"));
}

TEST(Store, PagesThroughTheChildrenOfAParent) {
  Store store(":memory:");
  for (const char* name : {"p/1", "p/2", "p/3"}) store.put(a_row(name, "p"));
  Row deleted = a_row("p/4", "p");
  deleted.is_deleted = true;
  store.put(deleted);
  ListQuery query{.kind = "thing", .parent = "p", .after = "", .limit = 2};
  Store::Page page = store.page(query);
  EXPECT_EQ(page.documents, R"({"name":"p/1"},{"name":"p/2"})");
  EXPECT_EQ(page.last, "p/2");
  query.after = page.last;
  page = store.page(query);
  EXPECT_EQ(page.documents, R"({"name":"p/3"})");
  EXPECT_EQ(page.last, "");
  query.with_deleted = true;
  EXPECT_EQ(store.page(query).documents, R"({"name":"p/3"},{"name":"p/4"})");
}

TEST(Store, NamesTheNextTimerByTime) {
  Store store(":memory:");
  store.set_timer({"late", "x", {20, 0}});
  store.set_timer({"early", "x", {10, 5}});
  EXPECT_EQ(next_timer(store), "early");
  store.set_timer({"early", "x", {30, 0}});
  EXPECT_EQ(next_timer(store), "late");
  store.clear_timer("late", "x");
  EXPECT_EQ(next_timer(store), "early");
}

TEST(Store, FindsOpenOperationsAtAndBelowAScope) {
  Store store(":memory:");
  store.put_operation({.name = "p/a/operations/1", .resource = "p/a"});
  store.put_operation({.name = "p/a/x/operations/2", .resource = "p/a/x"});
  store.put_operation({.name = "p/ab/operations/3", .resource = "p/ab"});
  store.put_operation({.name = "p/a/operations/4", .resource = "p/a", .is_done = true});
  EXPECT_EQ(store.open_operations("p/a").size(), 2U);
  EXPECT_EQ(store.open_operations().size(), 3U);
}

TEST(Store, NamesTheRowThatCannotBeUnderstood) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "control.sqlite";
  Store(file.string())
      .put_operation({.name = "operations/broken", .resource = "a", .job = {{"mark", "whole"}}});
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(bytes), {}};
  const std::size_t end = all.find(R"("whole"})");
  ASSERT_NE(end, std::string::npos);
  bytes.seekp(static_cast<std::streamoff>(end + 7)).put(']').flush();
  const Store store(file.string());
  std::string message;
  try {
    store.open_operations();
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  EXPECT_NE(message.find(file.string()), std::string::npos) << message;
  EXPECT_NE(message.find("operations/broken"), std::string::npos) << message;
}

TEST(Store, KeepsItsFilePrivateAndRefusesAStrangersFile) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "control.sqlite";
  {
    Store store(file.string());
    store.put(a_row("a"));
  }
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(file).permissions() & others, std::filesystem::perms::none);
  EXPECT_TRUE(Store(file.string()).find("a"));
  std::filesystem::resize_file(file, 100);
  EXPECT_THROW(Store{file.string()}, std::runtime_error);
}

}  // namespace
}  // namespace emulator
