#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "state/codec.h"
#include "state/process_lock.h"
#include "state/sqlite_store.h"
#include "state/state_file.h"
#include "tests/state/refusal.h"
#include "tests/state/sqlite_place.h"

namespace {

int syncs = 0;
int calls_until_failure = 0;  ///< of writing or syncing; 0: none fails
int failure = 0;

bool fails_now() {
  if (calls_until_failure == 0 || --calls_until_failure > 0) return false;
  errno = failure;
  return true;
}

}  // namespace

// These stand before those of the C library, for SQLite as well.
extern "C" int fdatasync(int descriptor) {
  ++syncs;
  return fails_now() ? -1 : static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

extern "C" ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  return fails_now() ? -1 : syscall(SYS_pwrite64, descriptor, bytes, size, at);
}

namespace weir::test {
namespace {

namespace fs = std::filesystem;

/// Twenty records in twenty commits, two of them changed again, and an open intent.
void fill(SqlitePlace& place) {
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  for (int number = 0; number < 20; ++number) {
    store->commit(remember("projects/p" + std::to_string(number), std::string(200, 'x')));
  }
  store->commit(remember("projects/p3", "changed"));
  store->commit({.remembered = {{.action = "forget", .address = at("projects/p4")}}});
  store->commit({.prepared = {an_intent("1", "projects/open")}});
  store->release("succeeded");
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void put(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

mode_t mode_of(const fs::path& path) {
  struct stat facts = {};
  EXPECT_EQ(lstat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777;
}

/// All that a store says of its resources and of what is open; a refusal as such.
std::string all_of(SqlitePlace& place) {
  std::string text;
  const std::string refused = refusal([&] {
    const auto store = place.open();
    for (const auto& [address, record] : store->records()) {
      text += address.text() + record.uid + to_text(record.fields) + "\n";
    }
    for (const Intent& intent : store->intents()) text += intent.id + to_body(intent) + "\n";
    for (const HistoryEntry& entry : store->history(0)) {
      text += fmt::format("{} {} {} {} {}\n", entry.serial, entry.at, entry.run, entry.action,
                          entry.address.text());
    }
  });
  return refused == "nothing was refused" ? text : "refused: " + refused;
}

/// Runs `task` in a process of its own, as nobody when we are root; its exit status.
int status_of_child(const std::function<int()>& task) {
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(100);
    int status = 101;
    try {
      status = task();
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
    }
    _exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void expect_refused_everywhere(SqlitePlace& place, const std::string& reason) {
  const std::string open = refusal([&] { place.open(); });
  const std::string read = refusal([&] { place.read(); });
  EXPECT_NE(open.find(reason), std::string::npos) << open;
  EXPECT_NE(read.find(reason), std::string::npos) << read;
  EXPECT_NE(open.find(place.file().filename().string()), std::string::npos) << open;
}

TEST(SqliteFile, IsForItsOwnerAlone) {
  SqlitePlace place;
  const mode_t before = umask(0);
  fill(place);
  umask(before);
  EXPECT_EQ(mode_of(place.folder()), 0700U);
  for (const auto& entry : fs::directory_iterator(place.folder())) {
    EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
  }
}

TEST(SqliteFile, IsNotMadeByWhoOnlyReads) {
  SqlitePlace place;
  EXPECT_EQ(place.read(), nullptr);
  EXPECT_FALSE(fs::exists(place.folder()));
  fill(place);
  fs::remove(place.folder() / "state.db.lock");
  place.read()->records();
  EXPECT_FALSE(place.read()->holder().has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(place.folder()), {}), 1);
}

TEST(SqliteFile, TakesOneSyncForEachCommit) {
  SqlitePlace place;
  const auto store = place.open();
  store->try_acquire(a_run("one"));
  store->commit(remember("projects/first"));
  const int before = syncs;
  for (int number = 0; number < 100; ++number) {
    store->commit(remember("projects/p" + std::to_string(number)));
  }
  EXPECT_EQ(syncs - before, 100);
}

TEST(SqliteFile, IsFreeWhenItsHolderWasKilled) {
  SqlitePlace place;
  place.open();
  const pid_t child = fork();
  if (child == 0) {
    const auto store = place.open();
    store->try_acquire(a_run("killed"));
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(place.read()->holder().has_value());
  const auto store = place.open();
  EXPECT_FALSE(store->try_acquire(a_run("next")).has_value());
  EXPECT_EQ(store->drain(), Duration::zero());
  EXPECT_EQ(store->lease_left(), Duration::max());
}

TEST(SqliteFile, IsNotUnlockedWhileItsHolderLivesAndMaySend) {
  SqlitePlace place;
  const auto holder = place.open();
  holder->try_acquire(a_run("one"));
  const auto other = place.open();
  const std::string said = refusal([&] { other->unlock("bo@desk"); });
  EXPECT_NE(said.find("which is alive"), std::string::npos) << said;
  holder->commit(remember("projects/a"));
  holder->release("succeeded");
  other->unlock("bo@desk");
  EXPECT_EQ(other->history(0).size(), 1U) << "there was nothing to unlock";
}

TEST(SqliteFile, MayNotBeReplacedWhileItIsApplied) {
  SqlitePlace place;
  const auto first = place.open();
  first->try_acquire(a_run("one"));
  fs::remove_all(place.folder());
  const auto second = place.open();
  ASSERT_FALSE(second->try_acquire(a_run("two")).has_value());
  EXPECT_THROW(first->keep_alive(), LeaseLostError);
  EXPECT_THROW(first->commit(remember("projects/a")), LeaseLostError);
  EXPECT_TRUE(second->records().empty());
}

TEST(SqliteFile, IsWholeAfterAFullDisk) {
  SqlitePlace place;
  fill(place);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto store = place.open();
    store->try_acquire(a_run("two"));
    const rlimit all{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    const rlimit small{.rlim_cur = 128 << 10, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &small);
    const Commit large = remember("projects/large", std::string(1 << 20, 'y'));
    const std::string said = refusal([&] { store->commit(large); });
    setrlimit(RLIMIT_FSIZE, &all);
    const bool is_refused = said.find("what was recorded is whole") != std::string::npos;
    // Room has come back: the same store goes on.
    store->commit(remember("projects/small"));
    _exit(is_refused && store->records().size() == 20 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(all_of(place).find("refused"), std::string::npos);
  EXPECT_EQ(place.open()->records().size(), 20U);
  EXPECT_EQ(place.open()->records().count(at("projects/large")), 0U);
  EXPECT_EQ(place.open()->history(0).size(), 23U);
}

/// Lets the disk fail in a commit; answers whether the commit was refused.
bool is_refused_whole(int call, int number) {
  SqlitePlace place;
  auto store = place.open();
  store->try_acquire(a_run("one"));
  store->commit({.prepared = {an_intent("1", "projects/a")}});
  Commit both = remember("projects/a", std::string(5000, 'x'));
  both.closed = {"1"};
  calls_until_failure = call;
  failure = number;
  const std::string said = refusal([&] { store->commit(both); });
  calls_until_failure = 0;
  store.reset();
  store = place.open();
  const std::size_t records = store->records().size();
  EXPECT_EQ(store->intents().size(), 1 - records) << call;
  EXPECT_EQ(store->history(0).size(), records) << call;
  EXPECT_FALSE(store->try_acquire(a_run("two")).has_value());
  store->commit(remember("projects/b"));
  if (said.find("what was recorded is whole") != std::string::npos) return true;
  EXPECT_EQ(said, "nothing was refused");
  EXPECT_EQ(records, 1U) << call;
  return false;
}

TEST(SqliteFile, TakesACommitWholeOrNotAtAllWhenTheDiskFails) {
  int call = 1;
  while (is_refused_whole(call, call % 2 == 0 ? EIO : ENOSPC)) ++call;
  EXPECT_GT(call, 10) << "a commit writes more often than that";
}

TEST(SqliteFile, IsReadFromAFolderThatCannotBeWritten) {
  SqlitePlace place;
  chmod(place.outer_folder().c_str(), 0777 | S_ISVTX);
  const auto fill_and_close = [&] {
    fill(place);
    return chmod(place.file().c_str(), 0400) + chmod(place.folder().c_str(), 0500);
  };
  ASSERT_EQ(status_of_child(fill_and_close), 0);
  const auto read = [&] { return place.read()->records().size() == 19 ? 0 : 1; };
  EXPECT_EQ(status_of_child(read), 0);
  const auto apply = [&] {
    const std::string said = refusal([&] { place.open(); });
    return said.find("must be yours to write") != std::string::npos ? 0 : 1;
  };
  EXPECT_EQ(status_of_child(apply), 0);
  chmod(place.folder().c_str(), 0700);  // so that whoever is not root can remove it
}

TEST(SqliteFile, IsNotMadeInAFolderThatCannotBeWritten) {
  SqlitePlace place;
  chmod(place.outer_folder().c_str(), 0555);
  const auto apply = [&] {
    const std::string said = refusal([&] { place.open(); });
    return said.find("a folder that you may write") != std::string::npos ? 0 : 1;
  };
  EXPECT_EQ(status_of_child(apply), 0);
}

TEST(SqliteFile, IsRefusedWhenItIsEmpty) {
  SqlitePlace place;
  fill(place);
  put(place.file(), "");
  expect_refused_everywhere(place, "is empty");
  EXPECT_EQ(fs::file_size(place.file()), 0U);
}

TEST(SqliteFile, IsRefusedWhenItIsNoDatabase) {
  SqlitePlace place;
  fill(place);
  put(place.file(), "{\"version\": 4, \"serial\": 17}");
  expect_refused_everywhere(place, "was not written by weir");
  put(place.file(), std::string(8192, 'x'));
  expect_refused_everywhere(place, "was not written by weir");
}

TEST(SqliteFile, IsRefusedWhenAnotherProgramMadeIt) {
  SqlitePlace place;
  fill(place);
  fs::remove(place.file());
  place.execute("CREATE TABLE bookmark (url TEXT)");
  chmod(place.file().c_str(), 0600);
  expect_refused_everywhere(place, "was not written by weir");
}

TEST(SqliteFile, IsRefusedWhenANewerWeirWroteIt) {
  SqlitePlace place;
  fill(place);
  place.execute("PRAGMA user_version = 2");
  expect_refused_everywhere(place, "written by a newer weir (format 2; this one knows 1)");
  place.execute("PRAGMA user_version = 0");
  expect_refused_everywhere(place, "there never was a format 0");
}

TEST(SqliteFile, IsRefusedWhenItsEndIsMissing) {
  SqlitePlace place;
  fill(place);
  const std::string whole = content(place.file());
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{99}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    put(place.file(), whole.substr(0, size));
    EXPECT_NE(refusal([&] { place.open(); }), "nothing was refused") << size;
    EXPECT_NE(refusal([&] { place.read(); }), "nothing was refused") << size;
  }
  put(place.file(), whole);
  EXPECT_EQ(place.open()->records().size(), 19U);
}

TEST(SqliteFile, IsNeverReadWronglyAfterABitFlips) {
  SqlitePlace place;
  fill(place);
  const std::string whole = content(place.file());
  const std::string truth = all_of(place);
  ASSERT_NE(truth.find("projects/p19"), std::string::npos);
  std::mt19937 random(4711);
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string flipped = whole;
    const std::size_t place_of_flip = random() % flipped.size();
    flipped[place_of_flip] = static_cast<char>(flipped[place_of_flip] ^ (1 << (random() % 8)));
    fs::remove(place.file().string() + "-wal");
    fs::remove(place.file().string() + "-shm");
    put(place.file(), flipped);
    const std::string said = all_of(place);
    if (said.starts_with("refused")) ++refused;
    EXPECT_TRUE(said == truth || said.starts_with("refused: ")) << place_of_flip << "\n" << said;
  }
  EXPECT_GT(refused, 50);
}

TEST(SqliteFile, IsRefusedWhenItsHistoryWasAltered) {
  SqlitePlace place;
  fill(place);
  place.tamper("UPDATE history SET action = 'nothing' WHERE entry = 7");
  EXPECT_NE(refusal([&] { place.open()->history(0); }).find("entry 7"), std::string::npos);
  place.tamper("DELETE FROM history WHERE entry = 22");
  expect_refused_everywhere(place, "its head and its history differ");
}

TEST(SqliteFile, IsRefusedWhenItsTablesAreOthers) {
  SqlitePlace place;
  fill(place);
  place.execute("DROP TRIGGER history_is_not_changed");
  expect_refused_everywhere(place, "its tables are not as weir makes them");
}

TEST(SqliteFile, IsRefusedWhenItIsALink) {
  SqlitePlace place;
  fill(place);
  fs::rename(place.file(), place.folder() / "real.db");
  fs::create_symlink("real.db", place.file());
  expect_refused_everywhere(place, "is a link");
}

TEST(SqliteFile, MayStandBehindALinkToItsFolder) {
  SqlitePlace place;
  fill(place);
  fs::rename(place.folder(), place.outer_folder() / "real");
  fs::create_directory_symlink("real", place.folder());
  EXPECT_EQ(place.open()->records().size(), 19U);
}

TEST(SqliteFile, IsRefusedWhenOthersMayWriteIt) {
  SqlitePlace place;
  fill(place);
  for (const mode_t mode : {0620U, 0602U}) {
    chmod(place.file().c_str(), mode);
    expect_refused_everywhere(place, "chmod 600");
  }
  chmod(place.file().c_str(), 0600);
  for (const mode_t mode : {0770U, 0707U}) {
    chmod(place.folder().c_str(), mode);
    EXPECT_NE(refusal([&] { place.open(); }).find("chmod go-w"), std::string::npos);
  }
  chmod(place.folder().c_str(), 0755);
  EXPECT_EQ(place.open()->records().size(), 19U);
}

TEST(SqliteFile, IsRefusedWhenItBelongsToAnother) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  SqlitePlace place;
  fill(place);
  ASSERT_EQ(chown(place.file().c_str(), 65534, 65534), 0);
  expect_refused_everywhere(place, "belongs to another user");
}

TEST(SqliteFile, IsRefusedOnNetworkFileSystems) {
  EXPECT_EQ(network_file_system(0x6969), "NFS");
  EXPECT_EQ(network_file_system(0xFF534D42), "CIFS");
  EXPECT_EQ(network_file_system(0xFFFFFFFFFF534D42), "CIFS");
  EXPECT_TRUE(network_file_system(0x65735546).has_value());
  EXPECT_EQ(network_file_system(0xEF53), std::nullopt);
  EXPECT_EQ(network_file_system(0x01021994), std::nullopt);
  EXPECT_EQ(network_file_system(0x9123683E), std::nullopt);
}

TEST(ProcessLock, ExcludesOthersByteByByte) {
  const TemporaryFolder folder;
  ProcessLock first(folder.path() / "lock");
  ProcessLock second(folder.path() / "lock");
  EXPECT_FALSE(second.is_held_by_another(1));
  EXPECT_FALSE(fs::exists(folder.path() / "lock"));
  EXPECT_TRUE(first.try_lock(1));
  EXPECT_FALSE(first.is_held_by_another(1));
  EXPECT_TRUE(second.is_held_by_another(1));
  EXPECT_FALSE(second.try_lock(1));
  EXPECT_TRUE(second.try_lock(2));
  first.unlock(1);
  EXPECT_TRUE(second.try_lock(1));
}

}  // namespace
}  // namespace weir::test
