// Copies of a cluster's present state, asleep or awake.
#pragma once

#include <filesystem>

#include "emulator/postgres/layout.h"
#include "emulator/postgres/lsn.h"
#include "emulator/postgres/process.h"

namespace emulator {

/// Copies a data directory that no server works on.
void copy_sleeping(const std::filesystem::path& data, const std::filesystem::path& to,
                   const SystemUser& user);

/// Copies the data directory of the awake cluster `source` with all WAL that makes it consistent,
/// and returns the position of the copy.
Lsn copy_awake(const Layout& source, const std::filesystem::path& to, const SystemUser& user);

}  // namespace emulator
