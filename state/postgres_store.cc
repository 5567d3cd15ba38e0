#include "state/postgres_store.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "state/boot_time.h"
#include "state/postgres_schema.h"
#include "state/postgres_tables.h"
#include "state/refusals.h"

namespace weir {
namespace {

enum class Access {
  kChange,
  kRead,
};

std::int64_t whole_microseconds(Duration duration) {
  return std::chrono::floor<std::chrono::microseconds>(duration).count();
}

class PostgresStore : public Store {
 public:
  PostgresStore(const Secret& connection, const LeaseTerms& terms, Access access)
      : session_(connection), terms_(terms), access_(access) {}

  /// Whether there is something to read; makes the tables when it is opened for applying.
  bool prepare(const std::string& deployment);

  Head head() override;
  Records records() override;
  std::vector<Intent> intents() override;
  std::vector<HistoryEntry> history(std::int64_t after_serial) override;
  std::vector<Run> runs() override;

  std::optional<Holder> try_acquire(const Run& run) override;
  std::optional<Holder> holder() override;
  void keep_alive() override;
  Duration lease_left() override { return left_until(leased_until_); }
  Duration drain() override { return left_until(drained_at_); }
  void bind(const std::string& host, const std::string& workspace_id) override;
  void commit(const Commit& commit) override;
  void release(const std::string& outcome) override;
  void unlock(const std::string& actor) override;

 private:
  /// Told whether the same work may have happened before, when its answer was lost.
  using Work = std::function<void(PostgresTables&, bool is_repeated)>;

  std::optional<Holder> take_unless_held(const Run& run);
  /// What `question` answers, in a transaction of its own.
  template <typename Question>
  auto read(Question question);
  /// Does `work` until it is known whether it happened.
  void change(const Work& work);
  /// The same under our lease: when nobody knows, it counts as lost.
  void change_with_lease(const Work& work);
  [[noreturn]] void lose_lease(PostgresTables& tables);
  Duration left_until(Duration end) const {
    return epoch_ == 0 ? Duration::zero() : std::max(Duration::zero(), end - time_since_boot());
  }

  PostgresSession session_;
  LeaseTerms terms_;
  Access access_;
  std::int64_t deployment_ = 0;  ///< its row; 0: none yet
  std::int64_t epoch_ = 0;       ///< of our lease; 0: we have none
  std::int64_t step_ = 0;        ///< commits that the head has seen
  std::int64_t apply_ = 0;
  std::string run_;
  Duration renewed_at_ = {};  ///< since boot, as the two below
  Duration leased_until_ = {};
  Duration drained_at_ = {};
};

bool PostgresStore::prepare(const std::string& deployment) {
  int format = 0;
  session_.transact([&](pqxx::work& transaction) {
    PostgresTables tables(transaction, 0, session_.where());
    format = tables.format();
    if (format > kPostgresFormat || (format == 0 && access_ == Access::kRead)) return;
    if (format == 0) tables.make();
    format = kPostgresFormat;
    deployment_ = access_ == Access::kRead ? tables.find_deployment(deployment)
                                           : tables.add_deployment(deployment);
  });
  if (format > kPostgresFormat) throw too_new(session_.where(), format, kPostgresFormat);
  return format != 0;
}

template <typename Question>
auto PostgresStore::read(Question question) {
  decltype(question(std::declval<PostgresTables&>())) answer;
  session_.transact([&](pqxx::work& transaction) {
    PostgresTables tables(transaction, deployment_, session_.where());
    answer = question(tables);
  });
  return answer;
}

Head PostgresStore::head() {
  return read([](PostgresTables& tables) { return tables.head(); });
}

Records PostgresStore::records() {
  return read([](PostgresTables& tables) { return tables.records(); });
}

std::vector<Intent> PostgresStore::intents() {
  return read([](PostgresTables& tables) { return tables.intents(); });
}

std::vector<HistoryEntry> PostgresStore::history(std::int64_t after_serial) {
  return read([&](PostgresTables& tables) { return tables.history(after_serial); });
}

std::vector<Run> PostgresStore::runs() {
  return read([](PostgresTables& tables) { return tables.runs(); });
}

std::optional<Holder> PostgresStore::holder() {
  const auto lease = read([](PostgresTables& tables) { return tables.lease(); });
  if (lease.apply == 0 || lease.is_over) return std::nullopt;
  return lease.holder;
}

void PostgresStore::change(const Work& work) {
  if (access_ == Access::kRead) throw opened_for_reading(session_.where());
  bool is_repeated = false;
  session_.transact([&](pqxx::work& transaction) {
    PostgresTables tables(transaction, deployment_, session_.where());
    work(tables, std::exchange(is_repeated, true));
  });
}

void PostgresStore::change_with_lease(const Work& work) {
  if (epoch_ == 0) throw lease_lost(session_.where(), "this run holds no lease");
  try {
    change(work);
  } catch (const PostgresUnreachable& unreachable) {
    epoch_ = 0;
    throw lease_lost(session_.where(), unreachable.what());
  }
}

void PostgresStore::lose_lease(PostgresTables& tables) {
  epoch_ = 0;
  const auto lease = tables.lease();
  throw lease_lost(session_.where(),
                   lease.apply == 0 ? "its time was over, or somebody unlocked it"
                                    : "its time was over, and it went to " + lease.holder.actor);
}

std::optional<Holder> PostgresStore::try_acquire(const Run& run) {
  try {
    return take_unless_held(run);
  } catch (const StateBusyError&) {
    // Somebody is in the middle of a commit.
    return holder().value_or(Holder{.actor = "somebody", .since = run.started_at});
  }
}

std::optional<Holder> PostgresStore::take_unless_held(const Run& run) {
  std::optional<Holder> holder;
  PostgresTables::Taken taken;
  change([&](PostgresTables& tables, bool is_repeated) {
    holder.reset();
    // From before the server knows of it, so that we never believe in it for longer than the
    // server.
    renewed_at_ = time_since_boot();
    const auto lease = tables.lock_lease();
    const bool is_ours = is_repeated && lease.apply != 0 && lease.holder.run == run.id;
    if (lease.apply != 0 && !lease.is_over && !is_ours) {
      holder = lease.holder;
      return;
    }
    apply_ = is_ours ? lease.apply : tables.insert_run(run);
    taken = tables.take_lease(apply_, run,
                              {.length = whole_microseconds(terms_.length),
                               .longest_request = whole_microseconds(terms_.longest_request)},
                              is_ours);
  });
  if (holder) return holder;
  epoch_ = taken.epoch;
  step_ = taken.step;
  run_ = run.id;
  leased_until_ = renewed_at_ + terms_.length;
  drained_at_ = time_since_boot() + std::chrono::microseconds(taken.drain);
  return std::nullopt;
}

void PostgresStore::keep_alive() {
  if (epoch_ != 0 && time_since_boot() - renewed_at_ < terms_.length / 3) return;
  change_with_lease([&](PostgresTables& tables, bool) {
    const Duration before = time_since_boot();
    if (!tables.renew_lease(epoch_, whole_microseconds(terms_.length))) lose_lease(tables);
    renewed_at_ = before;
    leased_until_ = before + terms_.length;
  });
}

void PostgresStore::bind(const std::string& host, const std::string& workspace_id) {
  if (is_bound(head(), host, workspace_id, session_.where())) return;
  change([&](PostgresTables& tables, bool) { tables.set_workspace(host, workspace_id); });
  // Another one may have been faster.
  is_bound(head(), host, workspace_id, session_.where());
}

void PostgresStore::commit(const Commit& commit) {
  change_with_lease([&](PostgresTables& tables, bool is_repeated) {
    const auto head = tables.lock_head(epoch_);
    if (!head) lose_lease(tables);
    // The answer of the first try was lost, and it did happen.
    if (is_repeated && head->step == step_ + 1) return;
    if (head->step != step_) throw damaged(session_.where(), "it counts commits that are not ours");
    tables.insert_intents(commit.prepared, epoch_);
    tables.accept_intents(commit.accepted);
    tables.delete_intents(commit.closed);
    if (commit.remembered.empty()) return tables.count_commit();
    const auto added = additions(commit.remembered, head->tip, {.at = head->at, .run = run_},
                                 tables.standing_of(commit.remembered));
    tables.append(added, apply_);
  });
  ++step_;
}

void PostgresStore::release(const std::string& outcome) {
  change_with_lease([&](PostgresTables& tables, bool is_repeated) {
    const auto lease = tables.lock_lease();
    if (lease.epoch != epoch_) lose_lease(tables);
    if (lease.apply == 0 && is_repeated) return;  // the answer of the first try was lost
    tables.end_run(apply_, outcome);
    tables.free_lease();
  });
  epoch_ = 0;
}

void PostgresStore::unlock(const std::string& actor) {
  change([&](PostgresTables& tables, bool) {
    if (tables.lock_lease().apply == 0) return;
    const auto head = tables.lock_head();
    const Run run = run_of_unlock(actor, microseconds_text(head.at));
    const Addition note = note_of_unlock(head.tip, {.at = head.at, .run = run.id});
    tables.append({note}, tables.insert_run(run));
    tables.break_lease(whole_microseconds(terms_.longest_request));
  });
}

}  // namespace

std::unique_ptr<Store> open_postgres_store(const Secret& connection, const std::string& deployment,
                                           const LeaseTerms& terms) {
  auto store = std::make_unique<PostgresStore>(connection, terms, Access::kChange);
  store->prepare(deployment);
  return store;
}

std::unique_ptr<Store> read_postgres_store(const Secret& connection,
                                           const std::string& deployment) {
  auto store = std::make_unique<PostgresStore>(connection, LeaseTerms{}, Access::kRead);
  if (!store->prepare(deployment)) return nullptr;
  return store;
}

}  // namespace weir
