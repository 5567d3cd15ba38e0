// The folder below which all Unix sockets lie; their paths must be short.
#pragma once

#include <filesystem>

#include "emulator/postgres/installation.h"

namespace emulator {

/// A private folder in `data_folder`, or in /tmp when the kernel's limit for socket paths (107
/// bytes) leaves no room for that; a link in `data_folder` remembers the latter.
std::filesystem::path make_socket_root(const std::filesystem::path& data_folder,
                                       const SystemUser& user);

/// Throws a Failure unless the system user can enter `folder`.
void check_reachable(const Installation& installation, const std::filesystem::path& folder);

}  // namespace emulator
