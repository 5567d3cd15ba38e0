#include "emulator/postgres/branch.h"

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/backup.h"
#include "emulator/postgres/files.h"
#include "emulator/postgres/standby.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

/// A clock that is a little ahead of ours still means the present.
constexpr std::chrono::seconds kClockTolerance{5};
/// The shutdown checkpoint itself; nothing that a user wrote lies behind it.
constexpr Lsn kCheckpointRecord = 256;

/// Links need no space and no time, because `wal_recycle=off` never overwrites a finished file. The
/// command runs in the data directory; absolute paths could exceed PostgreSQL's limit for it.
constexpr const char* kArchiveCommand =
    "ln %p ../archive/%f 2>/dev/null || cmp -s %p ../archive/%f || { test ! -e ../archive/%f && "
    "cp %p ../archive/%f.partial && mv ../archive/%f.partial ../archive/%f; }";

void make_folders(const Layout& layout, const SystemUser& user) {
  make_private_folder(layout.archive(), user);
  make_private_folder(layout.bases(), user);
  make_private_folder(layout.standbys(), user);
}

}  // namespace

Branch::Branch(const Installation& installation, Layout layout)
    : installation_(installation),
      layout_(std::move(layout)),
      history_(installation, layout_),
      server_(installation, {.data = layout_.data(),
                             .socket_folder = layout_.socket_folder(),
                             .log = layout_.log()}) {
  remove_partial_folders(layout_.bases());
  remove_partial_folders(layout_.standbys());
}

Branch::~Branch() {
  try {
    fall_asleep();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the next start recovers
  }
}

bool Branch::exists() const {
  return fs::exists(layout_.birth());
}

void Branch::create_from_template(const Layout& template_cluster) {
  if (exists()) return;
  const Moment asked = now();
  const Layout unfinished{.folder = partial(layout_.folder), .sockets = layout_.sockets};
  remove_tree(unfinished.folder);
  make_private_folder(unfinished.folder, installation_.user);
  make_folders(unfinished, installation_.user);
  copy_sleeping(template_cluster.data(), unfinished.data(), installation_.user);
  const Lsn lsn = read_control_file(installation_, unfinished.data()).checkpoint;
  History::record_birth(unfinished.birth(), {.lsn = lsn, .asked = asked, .done = now()});
  fs::rename(unfinished.folder, layout_.folder);
}

void Branch::create_from(Branch& parent, const BranchPoint& point) {
  if (exists()) return;
  if (!parent.exists()) throw Failure(kNotFound, "The source branch has no cluster.");
  const Moment asked = now();
  const std::optional<PastPoint> past = parent.past_point(point);
  const Layout unfinished{.folder = partial(layout_.folder), .sockets = layout_.sockets};
  remove_tree(unfinished.folder);
  make_private_folder(unfinished.folder, installation_.user);
  make_folders(unfinished, installation_.user);
  const Lsn lsn =
      past ? parent.restore_past(*past, unfinished) : parent.copy_head(unfinished.data());
  History::record_birth(unfinished.birth(), {.lsn = lsn, .asked = asked, .done = now()});
  fs::rename(unfinished.folder, layout_.folder);
}

fs::path Branch::destroy() {
  standbys_.clear();
  holders_.clear();
  server_.stop();
  remove_tree(layout_.socket_folder());
  return set_aside(layout_.folder);
}

void Branch::hold(const std::string& endpoint, const Settings& settings) {
  const bool is_stale = started_with_ != settings && !is_held();
  if (is_awake() && is_stale) fall_asleep();
  if (!is_awake()) {
    const bool are_new = settings != remembered_settings();
    if (are_new) check(settings);
    try {
      start(settings);
    } catch (const Failure& failure) {
      throw Failure(are_new ? kInvalidParameter : kInternalError, failure.what());
    }
    write_file(layout_.settings(), settings_text(settings));
  }
  holders_.insert(endpoint);
}

void Branch::release(const std::string& endpoint) {
  holders_.erase(endpoint);
  if (!is_held()) fall_asleep();
}

void Branch::wake_for_ourselves() {
  if (!exists()) throw Failure(kNotFound, "The branch has no cluster.");
  if (!is_awake()) start(remembered_settings());
}

void Branch::fall_asleep() {
  if (is_awake() && server_.stop()) history_.record_stop();
}

void Branch::stop_all() {
  standbys_.clear();
  fall_asleep();
}

void Branch::check(const Settings& settings) const {
  check_settings(installation_, layout_.data(), settings);
}

Standby& Branch::standby(const std::string& endpoint) {
  std::unique_ptr<Standby>& standby = standbys_[endpoint];
  if (standby == nullptr) {
    standby = std::make_unique<Standby>(
        installation_, Layout{.folder = layout_.standbys() / endpoint, .sockets = layout_.sockets},
        *this);
  }
  return *standby;
}

void Branch::destroy_standby(const std::string& endpoint) {
  standby(endpoint).destroy();
  standbys_.erase(endpoint);
}

Lsn Branch::copy_head(const fs::path& to) {
  const bool was_started = history_.has_base();
  if (!is_awake() && was_started && !history_.last_stop()) wake_for_ourselves();
  if (is_awake()) return copy_awake(layout_, to, installation_.user);
  copy_sleeping(layout_.data(), to, installation_.user);
  return was_started ? read_control_file(installation_, to).checkpoint : birth().lsn;
}

Lsn Branch::head() {
  // After a crash only the server itself finds out what was committed last.
  const bool has_crashed = !is_awake() && history_.has_base() && !history_.last_stop();
  if (has_crashed) wake_for_ourselves();
  if (is_awake()) {
    AdminSession session(layout_.socket_folder(), "postgres");
    return parse_lsn(session.value("SELECT pg_current_wal_flush_lsn()")).value_or(0);
  }
  // A clean stop begins a new WAL file for its checkpoint, which is not archived yet.
  const Lsn checkpoint = read_control_file(installation_, layout_.data()).checkpoint;
  return checkpoint - checkpoint % kSegmentSize;
}

void Branch::start(const Settings& settings) {
  history_.take_base_if_due();
  history_.forget_stop();
  Settings all = lean_settings();
  for (const auto& [name, value] : settings) all[name] = value;
  all["wal_level"] = "replica";
  all["wal_recycle"] = "off";
  all["wal_init_zero"] = "off";
  all["archive_mode"] = "on";
  all["archive_command"] = kArchiveCommand;
  server_.start(all);
  started_with_ = settings;
}

Settings Branch::remembered_settings() const {
  return parse_settings_text(read_file(layout_.settings()).value_or(""));
}

std::optional<PastPoint> Branch::past_point(const BranchPoint& point) {
  if (point.time) return past_time(std::chrono::floor<std::chrono::microseconds>(*point.time));
  if (!point.lsn) return std::nullopt;
  const auto lsn = parse_lsn(*point.lsn);
  if (!lsn) throw Failure(kInvalidParameter, "\"" + *point.lsn + "\" is not an LSN.");
  return past_lsn(*lsn);
}

std::optional<PastPoint> Branch::past_time(Moment time) const {
  const Birth start = birth();
  if (time < start.asked) {
    throw Failure(kInvalidParameter, "The time lies before the creation of the source branch.");
  }
  const Moment present = now();
  if (time > present + kClockTolerance) {
    throw Failure(kInvalidParameter, "The time lies in the future.");
  }
  const std::optional<Moment> stop = history_.last_stop();
  if (time >= present || !history_.has_base() || (stop && time >= *stop)) return std::nullopt;
  return PastPoint{.time = std::max(time, start.done), .lsn = std::nullopt};
}

std::optional<PastPoint> Branch::past_lsn(Lsn lsn) {
  const Birth start = birth();
  if (lsn < start.lsn) {
    throw Failure(kInvalidParameter, "The LSN " + lsn_text(lsn) +
                                         " lies before the beginning of the source branch, " +
                                         lsn_text(start.lsn) + ".");
  }
  Lsn end = start.lsn;
  bool is_head = !history_.has_base();
  if (!is_head && history_.last_stop()) {
    const Lsn checkpoint = read_control_file(installation_, layout_.data()).checkpoint;
    end = checkpoint + kCheckpointRecord;
    is_head = lsn >= checkpoint;
  } else if (!is_head) {
    wake_for_ourselves();
    AdminSession session(layout_.socket_folder(), "postgres");
    end = parse_lsn(session.value("SELECT pg_current_wal_insert_lsn()")).value_or(0);
  }
  if (lsn > end) {
    throw Failure(kInvalidParameter, "The LSN " + lsn_text(lsn) +
                                         " lies behind the end of the source branch, " +
                                         lsn_text(end) + ".");
  }
  if (is_head) return std::nullopt;
  return PastPoint{.time = std::nullopt, .lsn = lsn};
}

Lsn Branch::restore_past(const PastPoint& point, const Layout& child) {
  std::optional<Base> base;
  if (point.time) base = history_.newest_base_until(*point.time);
  if (point.lsn) base = history_.newest_base_until(*point.lsn);
  if (!base) {
    throw Failure(kInvalidParameter, "The source branch keeps no history of that point any more.");
  }
  wake_for_ourselves();
  write_end_marker(layout_);
  return restore(installation_,
                 {.data = child.data(), .socket_folder = child.socket_folder(), .log = child.log()},
                 *base, layout_, point);
}

}  // namespace emulator
