#include "emulator/postgres/history.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/format.h>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr Lsn kMuchWal = Lsn{64} << 20;
/// Names of segments differ from here on; before it stands the timeline.
constexpr std::size_t kTimelineLength = 8;
constexpr std::size_t kSegmentNameLength = 24;

Moment moment(std::int64_t microseconds) {
  return Moment(std::chrono::microseconds(microseconds));
}

/// Bases are named "<microseconds>-<lsn>", so that the name and the copy appear in one step.
std::string base_name(Moment time, Lsn lsn) {
  return fmt::format("{:020}-{:016X}", time.time_since_epoch().count(), lsn);
}

std::optional<Base> parse_base(const fs::path& folder) {
  const std::string name = folder.filename();
  if (name.size() != 20 + 1 + 16) return std::nullopt;
  std::int64_t microseconds = 0;
  Lsn lsn = 0;
  const char* start = name.data();
  const auto time = std::from_chars(start, start + 20, microseconds);
  const auto position = std::from_chars(start + 21, start + name.size(), lsn, 16);
  if (time.ptr != start + 20 || position.ptr != start + name.size()) return std::nullopt;
  return Base{.folder = folder, .time = moment(microseconds), .lsn = lsn};
}

bool is_left_out_of_base(const fs::path& relative) {
  return relative == "postmaster.pid" || relative == "postmaster.opts" ||
         relative.parent_path() == "pg_wal/archive_status";
}

bool is_segment_before(const std::string& name, const std::string& segment) {
  return name.size() >= kSegmentNameLength &&
         name.compare(kTimelineLength, 16, segment, kTimelineLength, 16) < 0;
}

}  // namespace

Moment now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

void History::record_birth(const fs::path& file, const Birth& birth) {
  write_file(file, fmt::format("{} {} {}\n", birth.lsn, birth.asked.time_since_epoch().count(),
                               birth.done.time_since_epoch().count()));
}

Birth History::birth() const {
  std::istringstream text(read_file(layout_.birth()).value_or(""));
  Birth birth;
  std::int64_t asked = 0;
  std::int64_t done = 0;
  if (!(text >> birth.lsn >> asked >> done)) {
    throw Failure(kInternalError,
                  "The branch's file " + layout_.birth().string() + " is unreadable.");
  }
  birth.asked = moment(asked);
  birth.done = moment(done);
  return birth;
}

void History::take_base_if_due() const {
  const std::vector<Base> taken = bases();
  if (taken.empty()) {
    const Birth start = birth();
    take_base(start.done, start.lsn);
    return;
  }
  const ControlFile control = read_control_file(installation_, layout_.data());
  // After a crash the data directory holds WAL beyond its checkpoint, so it has no certain LSN.
  if (!control.was_stopped_cleanly || control.checkpoint < taken.back().lsn + kMuchWal) return;
  take_base(now(), control.checkpoint);
}

std::optional<Base> History::newest_base_until(Moment time) const {
  std::optional<Base> newest;
  for (const Base& base : bases()) {
    if (base.time <= time) newest = base;
  }
  return newest;
}

std::optional<Base> History::newest_base_until(Lsn lsn) const {
  std::optional<Base> newest;
  for (const Base& base : bases()) {
    if (base.lsn <= lsn) newest = base;
  }
  return newest;
}

void History::record_stop() const {
  write_file(layout_.last_stop(), fmt::format("{}\n", now().time_since_epoch().count()));
}

void History::forget_stop() const {
  fs::remove(layout_.last_stop());
}

std::optional<Moment> History::last_stop() const {
  std::istringstream text(read_file(layout_.last_stop()).value_or(""));
  std::int64_t microseconds = 0;
  if (!(text >> microseconds)) return std::nullopt;
  return moment(microseconds);
}

void History::forget_before(Moment oldest) const {
  const std::optional<Base> needed = newest_base_until(oldest);
  if (!needed) return;
  bool is_first = true;
  for (const Base& base : bases()) {
    if (base.time < needed->time) {
      remove_folder(base.folder);
      is_first = false;
    }
  }
  // The archive has nothing that is older than the first base.
  if (is_first) return;
  const std::string segment = read_control_file(installation_, needed->folder).redo_segment;
  if (segment.size() != kSegmentNameLength) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(layout_.archive())) {
    if (is_segment_before(entry.path().filename(), segment)) fs::remove(entry.path());
  }
}

bool History::reaches_back_to(const std::string& segment) const {
  if (fs::exists(layout_.archive() / segment) || fs::exists(layout_.data() / "pg_wal" / segment)) {
    return true;
  }
  const auto entries = fs::directory_iterator(layout_.archive());
  return std::none_of(begin(entries), end(entries), [&](const fs::directory_entry& entry) {
    return !is_segment_before(entry.path().filename(), segment);
  });
}

std::vector<Base> History::bases() const {
  std::vector<Base> found;
  std::error_code absent;
  for (const fs::directory_entry& entry : fs::directory_iterator(layout_.bases(), absent)) {
    if (const auto base = parse_base(entry.path())) found.push_back(*base);
  }
  std::sort(found.begin(), found.end(),
            [](const Base& left, const Base& right) { return left.time < right.time; });
  return found;
}

void History::take_base(Moment time, Lsn lsn) const {
  const fs::path folder = layout_.bases() / base_name(time, lsn);
  remove_tree(partial(folder));
  copy_folder(layout_.data(), partial(folder), installation_.user, is_left_out_of_base);
  fs::rename(partial(folder), folder);
}

}  // namespace emulator
