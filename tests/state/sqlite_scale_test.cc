// How much a large state costs. Sizes are checked; times are printed, as they depend on the
// machine.
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "state/codec.h"
#include "tests/state/sqlite_place.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

constexpr int kBatch = 100;

int record_count() {
  const char* wanted = std::getenv("WEIR_RECORDS");  // NOLINT(concurrency-mt-unsafe)
  return wanted == nullptr ? 5'000 : std::stoi(wanted);
}

/// Half a kilobyte of text, as a branch with a comment has.
Record a_large_record(int number) {
  Record record =
      a_record(fmt::format("projects/shop-{:03}/branches/feature-{:06}", number % 500, number));
  record.uid = fmt::format("8b7c1a52-64d1-4f0e-9a3b-{:012}", number);
  record.fields =
      Document{{"ttl", "7d"},
               {"source", fmt::format("projects/shop-{:03}/branches/main", number % 500)},
               {"comment", std::string(220, 'x')}};
  return record;
}

template <typename Action>
void report(const char* what, Action action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{:<44} {:8.3f} s\n", what, took.count());
}

void fill(SqlitePlace& place, int records) {
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  for (int number = 0; number < records; number += kBatch) {
    Commit prepared;
    Commit done;
    for (int index = number; index < number + kBatch; ++index) {
      const Record record = a_large_record(index);
      const std::string id = std::to_string(index);
      prepared.prepared.push_back({.id = id,
                                   .action = "create",
                                   .address = record.address,
                                   .kind = record.kind,
                                   .remote_name = record.remote_name,
                                   .record = record});
      done.closed.push_back(id);
      done.remembered.push_back({.action = "create", .address = record.address, .record = record});
    }
    store->commit(prepared);
    store->commit(done);
  }
  store->release("succeeded");
}

TEST(SqliteScale, KeepsAThousandRecordsWithTheirHistoryInAMegabyte) {
  const int records = record_count();
  SqlitePlace place;
  report("creates in batches of 100", [&] { fill(place, records); });
  const auto size = fs::file_size(place.file());
  const std::size_t body = to_blob(at("projects/x"), a_large_record(17)).body.size();
  fmt::print("{:<44} {:8.1f} MB for {} records of {} bytes\n", "the file",
             static_cast<double>(size) / 1e6, records, body);
  std::unique_ptr<Store> store;
  report("open", [&] { store = place.open(); });
  std::size_t count = 0;
  report("records", [&] { count = store->records().size(); });
  EXPECT_EQ(count, static_cast<std::size_t>(records));
  report("history", [&] { count = store->history(0).size(); });
  EXPECT_EQ(count, static_cast<std::size_t>(records));
  EXPECT_LE(size, static_cast<std::uintmax_t>(records) * 1000);
}

TEST(SqliteScale, WritesAsMuchForAChangeOfALargeStateAsOfASmallOne) {
  SqlitePlace place;
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  const auto log = [&] { return fs::file_size(place.file().string() + "-wal"); };
  const auto written_for_one = [&](int number) {
    const auto before = log();
    const Record record = a_large_record(number);
    store->commit({.prepared = {an_intent("1", record.address.text())}});
    store->commit({.accepted = {{.intent = "1", .operation = "operations/b3A4ZQ"}}});
    store->commit(
        {.closed = {"1"},
         .remembered = {{.action = "create", .address = record.address, .record = record}}});
    return log() - before;
  };
  const auto first = written_for_one(0);
  Commit many;
  for (int number = 1; number < 2000; ++number) {
    const Record record = a_large_record(number);
    many.remembered.push_back({.action = "create", .address = record.address, .record = record});
  }
  store->commit(many);
  const auto last = written_for_one(3000);
  fmt::print("a create alone writes {} bytes into the log, {} with 2,000 records\n", first, last);
  EXPECT_LE(last, 20'000U);
}

}  // namespace
}  // namespace weir::test
