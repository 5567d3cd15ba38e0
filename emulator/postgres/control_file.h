// What a data directory says about itself while its server is down.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "emulator/postgres/installation.h"
#include "emulator/postgres/lsn.h"

namespace emulator {

struct ControlFile {
  bool was_stopped_cleanly = false;
  Lsn checkpoint = 0;
  std::string redo_segment;  ///< oldest WAL file that a start from here reads
  /// Settings that a standby or a restore must have at least as large, by name.
  std::map<std::string, std::string> minimum_settings;
};

/// Reads the control file of `data` with pg_controldata.
ControlFile read_control_file(const Installation& installation, const std::filesystem::path& data);

}  // namespace emulator
