// One branch: its cluster, who keeps it awake, and how other branches are made from it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "emulator/computes.h"
#include "emulator/postgres/history.h"
#include "emulator/postgres/restore.h"
#include "emulator/postgres/server.h"

namespace emulator {

class Standby;

/// Used by one thread at a time. Functions throw a Failure.
class Branch {
 public:
  Branch(const Installation& installation, Layout layout);
  ~Branch();

  bool exists() const;
  Birth birth() const { return history_.birth(); }

  /// Each makes the branch unless it exists, complete or not at all.
  void create_from_template(const Layout& template_cluster);
  void create_from(Branch& parent, const BranchPoint& point);
  /// Stops everything and gives the folder that is left to be removed.
  std::filesystem::path destroy();

  /// Starts the cluster with `settings` unless it runs, and keeps it awake for `endpoint`.
  void hold(const std::string& endpoint, const Settings& settings);
  /// Stops the cluster when nobody else holds it.
  void release(const std::string& endpoint);
  /// Starts the cluster unless it runs, for work of our own.
  void wake_for_ourselves();
  bool is_awake() { return server_.is_running(); }
  Lifeline lifeline() const { return server_.lifeline(); }
  bool is_held() const { return !holders_.empty(); }
  void fall_asleep();
  /// Stops the cluster and its standbys.
  void stop_all();
  void check(const Settings& settings) const;

  /// Makes or finds the standby of a read-only endpoint.
  Standby& standby(const std::string& endpoint);
  void destroy_standby(const std::string& endpoint);
  /// Copies the present state to `to` and returns its position.
  Lsn copy_head(const std::filesystem::path& to);
  /// A position that a standby must reach to show all that is committed now.
  Lsn head();

  const Layout& layout() const { return layout_; }
  const History& history() const { return history_; }

 private:
  void start(const Settings& settings);
  Settings remembered_settings() const;
  /// The point to restore to; nothing when it is the present state.
  std::optional<PastPoint> past_point(const BranchPoint& point);
  std::optional<PastPoint> past_time(Moment time) const;
  std::optional<PastPoint> past_lsn(Lsn lsn);
  Lsn restore_past(const PastPoint& point, const Layout& child);

  const Installation& installation_;
  Layout layout_;
  History history_;
  std::set<std::string> holders_;
  Settings started_with_;
  std::map<std::string, std::unique_ptr<Standby>> standbys_;
  Server server_;
};

}  // namespace emulator
