// The hot standby behind a read-only endpoint.
#pragma once

#include <filesystem>

#include "emulator/postgres/server.h"

namespace emulator {

class Branch;
struct Layout;

/// Follows its branch by streaming while that is awake and from its archive while it sleeps; being
/// in recovery, PostgreSQL itself refuses every write.
class Standby {
 public:
  Standby(const Installation& installation, Layout layout, Branch& branch);
  ~Standby();

  /// Copies the branch unless that was done before.
  void create();
  /// Starts it unless it runs; returns when it shows what was committed before the call.
  void hold(const Settings& settings);
  void release() { server_->stop(); }
  void destroy();

  Lifeline lifeline() const { return server_->lifeline(); }
  const std::filesystem::path& socket_folder() const { return server_->place().socket_folder; }

 private:
  bool can_follow() const;
  Settings complete(const Settings& settings) const;
  void catch_up() const;

  const Installation& installation_;
  std::unique_ptr<Layout> layout_;
  Branch& branch_;
  std::unique_ptr<Server> server_;
};

}  // namespace emulator
