// The PostgreSQL programs of this machine and the account that they run under.
#pragma once

#include <filesystem>
#include <string>

#include "emulator/postgres/process.h"

namespace emulator {

struct Installation {
  std::filesystem::path bin;
  SystemUser user;

  std::string program(const char* name) const { return (bin / name).string(); }
};

/// The folder that WEIR_POSTGRES_BIN names, the newest /usr/lib/postgresql/*/bin, or the folder in
/// PATH that has `initdb`. Throws a Failure when there is none, or none of version 15 or later.
std::filesystem::path find_postgres_bin();
/// `bin` itself when it has the programs; throws a Failure that names the one that is missing.
std::filesystem::path checked_postgres_bin(const std::filesystem::path& bin);

}  // namespace emulator
