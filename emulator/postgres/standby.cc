#include "emulator/postgres/standby.h"

#include <chrono>
#include <thread>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/branch.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kCatchUpLimit{5};

std::string connection_to(const Layout& primary) {
  std::string host;
  for (const char c : primary.socket_folder().string()) {
    if (c == '\'' || c == '\\') host += '\\';
    host += c;
  }
  return "host='" + host + "' port=5432 user=" + kInternalUser + " connect_timeout=5";
}

}  // namespace

Standby::Standby(const Installation& installation, Layout layout, Branch& branch)
    : installation_(installation),
      layout_(std::make_unique<Layout>(std::move(layout))),
      branch_(branch),
      server_(std::make_unique<Server>(installation,
                                       Server::Place{.data = layout_->data(),
                                                     .socket_folder = layout_->socket_folder(),
                                                     .log = layout_->log()})) {}

Standby::~Standby() = default;

void Standby::create() {
  if (fs::exists(layout_->data())) return;
  const fs::path unfinished = partial(layout_->folder);
  remove_tree(unfinished);
  make_private_folder(unfinished, installation_.user);
  branch_.copy_head(unfinished / "data");
  write_file(unfinished / "data/standby.signal", "");
  give_to(installation_.user, unfinished / "data/standby.signal");
  fs::rename(unfinished, layout_->folder);
}

void Standby::hold(const Settings& settings) {
  if (server_->is_running()) return;
  if (fs::exists(layout_->data()) && !can_follow()) remove_folder(layout_->folder);
  create();
  server_->start(complete(settings), Server::Until::kReadable);
  catch_up();
}

void Standby::destroy() {
  server_->stop();
  remove_folder(layout_->folder);
  remove_tree(layout_->socket_folder());
}

bool Standby::can_follow() const {
  const ControlFile control = read_control_file(installation_, layout_->data());
  return branch_.history().reaches_back_to(control.redo_segment);
}

Settings Standby::complete(const Settings& settings) const {
  Settings all = lean_settings();
  for (const auto& [name, value] : settings) all[name] = value;
  const Layout& primary = branch_.layout();
  raise_to(all, read_control_file(installation_, layout_->data()).minimum_settings);
  raise_to(all, read_control_file(installation_, primary.data()).minimum_settings);
  all["archive_mode"] = "off";
  all["hot_standby"] = "on";
  all["wal_level"] = "replica";
  all["wal_recycle"] = "off";
  all["wal_retrieve_retry_interval"] = "500ms";
  all["primary_conninfo"] = connection_to(primary);
  // Runs in the data directory of the standby, which lies below that of its branch.
  all["restore_command"] = "cp ../../../archive/%f %p 2>/dev/null";
  return all;
}

void Standby::catch_up() const {
  const Lsn wanted = branch_.head();
  const auto deadline = std::chrono::steady_clock::now() + kCatchUpLimit;
  AdminSession session(socket_folder(), "postgres");
  while (std::chrono::steady_clock::now() < deadline) {
    const auto rows = session.query("SELECT pg_last_wal_replay_lsn()");
    if (parse_lsn(rows.at(0).at(0).value_or("")).value_or(0) >= wanted) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace emulator
