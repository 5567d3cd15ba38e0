// A branch's past: base copies of its data directory, archived WAL, and when it was born.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "emulator/postgres/control_file.h"
#include "emulator/postgres/layout.h"
#include "emulator/postgres/lsn.h"

namespace emulator {

using Moment = std::chrono::sys_time<std::chrono::microseconds>;

Moment now();

/// Where a branch's own history begins.
struct Birth {
  Lsn lsn = 0;
  Moment asked;  ///< its creation began
  Moment done;   ///< its data was complete
};

/// A copy of the data directory as it was at `time`, between two runs of the server.
struct Base {
  std::filesystem::path folder;
  Moment time;
  Lsn lsn = 0;
};

class History {
 public:
  History(const Installation& installation, Layout layout)
      : installation_(installation), layout_(std::move(layout)) {}

  static void record_birth(const std::filesystem::path& file, const Birth& birth);
  Birth birth() const;

  /// To be called right before each start: copies the data directory before the first one, and
  /// again when replaying all WAL since the last copy would take long.
  void take_base_if_due() const;
  bool has_base() const { return !bases().empty(); }
  std::optional<Base> newest_base_until(Moment time) const;
  std::optional<Base> newest_base_until(Lsn lsn) const;

  void record_stop() const;
  void forget_stop() const;
  /// When the server was last stopped in good order; nothing while it runs or after a crash.
  std::optional<Moment> last_stop() const;

  /// Drops what only points before `oldest` need.
  void forget_before(Moment oldest) const;
  /// Answers whether a standby that needs `segment` next can still follow from the archive.
  bool reaches_back_to(const std::string& segment) const;

 private:
  std::vector<Base> bases() const;  // oldest first
  void take_base(Moment time, Lsn lsn) const;

  const Installation& installation_;
  Layout layout_;
};

}  // namespace emulator
