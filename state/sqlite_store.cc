#include "state/sqlite_store.h"

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "state/ledger.h"
#include "state/process_lock.h"
#include "state/refusals.h"
#include "state/sqlite.h"
#include "state/sqlite_schema.h"
#include "state/sqlite_tables.h"
#include "state/state_file.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Access = SqliteDatabase::Access;
using Lease = SqliteTables::Lease;

/// Whether the holder of the lease lives is told by a lock on a byte that the epoch chooses. Only
/// the end of a process ends what it sends, so that a lease of a living one is never ended by
/// force.
class SqliteStore : public Store {
 public:
  SqliteStore(const fs::path& file, std::string deployment, const Clock& clock, Access access)
      : database_(file, kSqliteFormat, access),
        tables_(database_, std::move(deployment)),
        lock_(file.string() + ".lock"),
        file_(file),
        identity_(identity_of(file)),
        clock_(clock),
        access_(access) {
    if (!database_.has_schema(kSqliteSchema)) {
      throw damaged(database_.where(), "its tables are not as weir makes them");
    }
    if (access == Access::kChange) tables_.add_deployment(now());
    tables_.check_tip();
  }

  Head head() override { return tables_.head(); }
  Records records() override { return tables_.records(); }
  std::vector<Intent> intents() override { return tables_.intents(); }
  std::vector<HistoryEntry> history(std::int64_t after_serial) override {
    return tables_.history(after_serial);
  }
  std::vector<Run> runs() override { return tables_.runs(); }

  std::optional<Holder> try_acquire(const Run& run) override;
  std::optional<Holder> holder() override;
  void keep_alive() override { require_lease(); }
  Duration lease_left() override { return epoch_ == 0 ? Duration::zero() : Duration::max(); }
  /// The kernel says that the holder is gone, so nobody can be overtaken.
  Duration drain() override { return Duration::zero(); }
  void bind(const std::string& host, const std::string& workspace_id) override;
  void commit(const Commit& commit) override;
  void release(const std::string& outcome) override;
  void unlock(const std::string& actor) override;

 private:
  /// All of `work` happens, durably, or nothing.
  void change(const std::function<void()>& work);
  std::string now() const { return timestamp_text(clock_.now()); }

  std::int64_t lock_byte(std::int64_t epoch) const { return (tables_.deployment() << 32) + epoch; }
  bool is_alive(const Lease& lease);
  void require_lease();
  void lose_lease();
  void take_lease(const Run& run, std::int64_t epoch);

  SqliteDatabase database_;
  SqliteTables tables_;
  ProcessLock lock_;
  fs::path file_;
  FileIdentity identity_;  ///< of the file when it was opened
  const Clock& clock_;
  Access access_;
  std::int64_t epoch_ = 0;  ///< of our lease; 0: we have none
  std::int64_t apply_ = 0;
  std::string run_;
};

void SqliteStore::change(const std::function<void()>& work) {
  if (access_ == Access::kRead) throw opened_for_reading(database_.where());
  database_.transaction(work);
}

bool SqliteStore::is_alive(const Lease& lease) {
  if (lease.apply == 0) return false;
  return lease.epoch == epoch_ || lock_.is_held_by_another(lock_byte(lease.epoch));
}

std::optional<Holder> SqliteStore::holder() {
  const Lease found = tables_.lease();
  if (!is_alive(found)) return std::nullopt;
  return found.holder;
}

std::optional<Holder> SqliteStore::try_acquire(const Run& run) {
  std::optional<Holder> holder;
  const auto take_unless_held = [&] {
    const Lease found = tables_.lease();
    if (is_alive(found)) {
      holder = found.holder;
    } else {
      take_lease(run, found.epoch + 1);
    }
  };
  try {
    change(take_unless_held);
  } catch (const StateBusyError&) {
    // Somebody is in the middle of a commit, and reading does not wait for that.
    if (epoch_ != 0) lose_lease();
    return this->holder().value_or(Holder{.actor = "somebody", .since = now()});
  } catch (...) {
    if (epoch_ != 0) lose_lease();
    throw;
  }
  return holder;
}

void SqliteStore::take_lease(const Run& run, std::int64_t epoch) {
  if (epoch_ != 0) lose_lease();
  // Locked before anybody can read the epoch, so that a holder is never taken for dead.
  if (!lock_.try_lock(lock_byte(epoch))) {
    throw StateError(fmt::format("another program locks the file beside {}. End that program",
                                 database_.where()));
  }
  epoch_ = epoch;
  apply_ = tables_.insert_run(run);
  run_ = run.id;
  tables_.set_lease({.epoch = epoch, .apply = apply_, .holder = {.since = now()}});
}

void SqliteStore::require_lease() {
  if (epoch_ == 0) throw lease_lost(database_.where(), "this run holds no lease");
  const Lease found = tables_.lease();
  const bool is_in_place = identity_of(file_) == identity_;
  if (is_in_place && found.epoch == epoch_ && found.apply == apply_) return;
  lose_lease();
  if (!is_in_place) throw file_lost(database_.where());
  throw lease_lost(database_.where(),
                   found.apply == 0 ? "somebody unlocked it" : "it went to " + found.holder.actor);
}

void SqliteStore::lose_lease() {
  lock_.unlock(lock_byte(epoch_));
  epoch_ = 0;
}

void SqliteStore::bind(const std::string& host, const std::string& workspace_id) {
  change([&] {
    if (is_bound(tables_.head(), host, workspace_id, database_.where())) return;
    tables_.set_workspace(host, workspace_id);
  });
}

void SqliteStore::commit(const Commit& commit) {
  change([&] {
    require_lease();
    tables_.insert_intents(commit.prepared, epoch_);
    tables_.accept_intents(commit.accepted);
    tables_.delete_intents(commit.closed);
    if (commit.remembered.empty()) return;
    const auto added =
        additions(commit.remembered, tables_.tip(), {.at = microseconds(clock_.now()), .run = run_},
                  tables_.standing_of(commit.remembered));
    tables_.append(added, apply_);
    tables_.update_resources(added);
  });
}

void SqliteStore::release(const std::string& outcome) {
  change([&] {
    require_lease();
    tables_.end_run(apply_, now(), outcome);
    tables_.set_lease({.epoch = epoch_});
  });
  lose_lease();
}

void SqliteStore::unlock(const std::string& actor) {
  change([&] {
    const Lease found = tables_.lease();
    if (found.apply == 0) return;
    if (is_alive(found)) throw still_alive(database_.where(), found.holder);
    const Run run = run_of_unlock(actor, now());
    const Addition note =
        note_of_unlock(tables_.tip(), {.at = microseconds(clock_.now()), .run = run.id});
    tables_.append({note}, tables_.insert_run(run));
    tables_.set_lease({.epoch = found.epoch + 1});
  });
}

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const fs::path& file, const std::string& deployment,
                                         const Clock& clock) {
  const fs::path place = real_place(file);
  make_private_folder(place.parent_path());
  check_folder(place.parent_path());
  if (!check_file(place)) {
    make_private_file(place, SqliteDatabase::new_file(kSqliteFormat, kSqliteSchema));
  }
  return std::make_unique<SqliteStore>(place, deployment, clock, Access::kChange);
}

std::unique_ptr<Store> read_sqlite_store(const fs::path& file, const std::string& deployment,
                                         const Clock& clock) {
  const fs::path place = real_place(file);
  std::error_code absent;
  if (!fs::is_directory(place.parent_path(), absent)) return nullptr;
  check_folder(place.parent_path());
  if (!check_file(place)) return nullptr;
  return std::make_unique<SqliteStore>(place, deployment, clock, Access::kRead);
}

}  // namespace weir
