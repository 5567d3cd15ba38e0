#include "emulator/postgres/backup.h"

#include <algorithm>
#include <array>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

/// Belongs to a running server only; the same list as in PostgreSQL's own backups.
bool is_of_the_moment(const fs::path& relative) {
  static constexpr std::array kFolders = {"pg_wal",      "pg_replslot", "pg_dynshmem",
                                          "pg_notify",   "pg_serial",   "pg_snapshots",
                                          "pg_stat_tmp", "pg_subtrans"};
  const std::string name = relative.filename();
  const fs::path folder = relative.parent_path();
  const bool is_inside = std::any_of(kFolders.begin(), kFolders.end(),
                                     [&](const char* skipped) { return folder == skipped; });
  return is_inside || relative == "postmaster.pid" || relative == "postmaster.opts" ||
         relative == "backup_label" || relative == "global/pg_control" ||
         name.starts_with("pgsql_tmp") || name.starts_with("pg_internal.init");
}

void copy_segments(const Layout& source, const fs::path& to, const std::string& timeline, Lsn first,
                   Lsn last, const SystemUser& user) {
  for (Lsn at = first - first % kSegmentSize; at < last; at += kSegmentSize) {
    const std::string name = segment_name(timeline, at);
    const fs::path live = source.data() / "pg_wal" / name;
    // A checkpoint may remove a segment meanwhile, but only after it was archived.
    try {
      copy_file(live, to / name, user);
    } catch (const fs::filesystem_error&) {
      copy_file(source.archive() / name, to / name, user);
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(source.data() / "pg_wal")) {
    if (entry.path().extension() != ".history") continue;
    copy_file(entry.path(), to / entry.path().filename(), user);
  }
}

}  // namespace

void copy_sleeping(const fs::path& data, const fs::path& to, const SystemUser& user) {
  copy_folder(data, to, user, [](const fs::path& relative) {
    return relative == "postmaster.pid" || relative == "postmaster.opts" ||
           relative.parent_path() == "pg_wal/archive_status";
  });
}

Lsn copy_awake(const Layout& source, const fs::path& to, const SystemUser& user) {
  AdminSession session(source.socket_folder(), "postgres");
  const std::string start = session.value("SELECT pg_backup_start('branch', true)");
  copy_folder(source.data(), to, user, is_of_the_moment);
  const auto stopped = session.query("SELECT lsn, labelfile FROM pg_backup_stop(false)");
  const std::string timeline =
      session.value("SELECT pg_walfile_name($1::pg_lsn)", {start}).substr(0, 8);
  // Last, as in PostgreSQL's own backups: it must not be older than what it describes.
  copy_file(source.data() / "global/pg_control", to / "global/pg_control", user);
  const Lsn first = parse_lsn(start).value_or(0);
  const Lsn last = parse_lsn(stopped.at(0).at(0).value_or("")).value_or(0);
  make_private_folder(to / "pg_wal/archive_status", user);
  copy_segments(source, to / "pg_wal", timeline, first, last, user);
  write_file(to / "backup_label", stopped[0].at(1).value_or(""));
  give_to(user, to / "backup_label");
  return last;
}

}  // namespace emulator
