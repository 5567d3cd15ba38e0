#include "emulator/postgres/restore.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/backup.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

std::string timestamp(Moment time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:06}+00",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

Settings replay_settings(const fs::path& source, const PastPoint& point) {
  Settings settings = lean_settings();
  settings["archive_mode"] = "off";
  settings["autovacuum"] = "off";
  settings["hot_standby"] = "off";
  settings["restore_command"] = "cp " + source.string() + "/archive/%f %p 2>/dev/null || cp " +
                                source.string() + "/data/pg_wal/%f %p";
  settings["recovery_target_timeline"] = "current";
  settings["recovery_target_action"] = "promote";
  if (point.time) {
    settings["recovery_target_time"] = timestamp(*point.time);
  } else if (point.lsn) {
    settings["recovery_target_lsn"] = lsn_text(*point.lsn);
    // The state at an LSN is what was written before it; a record that begins there comes later.
    settings["recovery_target_inclusive"] = "off";
  }
  return settings;
}

}  // namespace

void write_end_marker(const Layout& awake) {
  AdminSession session(awake.socket_folder(), "postgres");
  session.query("SELECT pg_logical_emit_message(true, 'weir', 'end marker')");
  session.query("SELECT pg_switch_wal()");
}

Lsn restore(const Installation& installation, const Server::Place& place, const Base& base,
            const Layout& source, const PastPoint& point) {
  copy_sleeping(base.folder, place.data, installation.user);
  write_file(place.data / "recovery.signal", "");
  give_to(installation.user, place.data / "recovery.signal");
  // Made of uids and dots only, so it needs no quotes in a shell command; that runs in the data.
  const fs::path source_folder = source.folder.lexically_relative(place.data);
  Settings settings = replay_settings(source_folder, point);
  raise_to(settings, read_control_file(installation, source.data()).minimum_settings);
  Server server(installation, place);
  // PostgreSQL itself refuses to start when the WAL ends before the point is reached.
  server.start(settings);
  Lsn end = point.lsn.value_or(0);
  if (point.time) {
    AdminSession session(place.socket_folder, "postgres");
    end = parse_lsn(session.value("SELECT pg_last_wal_replay_lsn()")).value_or(0);
  }
  const bool is_complete = server.stop() && !fs::exists(place.data / "recovery.signal");
  if (!is_complete) throw Failure(kInternalError, "The replay did not come to its end.");
  return end;
}

}  // namespace emulator
